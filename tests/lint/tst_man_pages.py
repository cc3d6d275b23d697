#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages as they were built: each program's commands and options are on its page, each
key of the configuration readers is on theirs, and groff has nothing to say about them.

    tst_man_pages.py SOURCE_DIR BUILD_DIR
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = (pathlib.Path(argument) for argument in sys.argv[1:3])
# Each program's page, and the commands that it must at least have: those that are read from its
# --help could be none.
PROGRAMS = {
    "ifrit-agent.8": ["run", "enrol", "status", "explain", "doctor", "reset-bad", "stop-all"],
    "ifrit-guard.8": [],
    "ifrit-master.8": ["init", "serve", "add-master", "migrate", "backup", "restore", "ring",
                       "revoke-machine", "join-token", "user add", "publisher-key add"],
    "ifritctl.1": ["machine list", "campaign create", "release start", "cluster freeze",
                   "package build", "audit verify"],
    "ifrit-desktop.1": [],
}
PAGES = [*PROGRAMS, "agent.toml.5", "master.toml.5"]
KEYS = [  # page, reader, least number of keys
    ("agent.toml.5", "agent/app/config_reader.cpp", 7),
    ("master.toml.5", "master/app/config.cpp", 7),
    ("master.toml.5", "master/app/rules_config.cpp", 6),
    ("master.toml.5", "master/app/stores_config.cpp", 15),
    ("master.toml.5", "master/app/grants_config.cpp", 5),
]
SAMPLES = ["master-one.toml", "master-several.toml"]


def page(name):
    text = (BUILD / "man" / name).read_text(encoding="utf-8")
    return re.sub(r"\\[-e&]", lambda found: {"\\-": "-", "\\e": "\\", "\\&": ""}[found[0]], text)


def commands_of(told):
    """As make_page.py finds them, with eyes of our own: two columns in, below a heading."""
    out, below = [], False
    for line in told.splitlines():
        if re.match(r"^\S", line):
            below = bool(re.match(r"(?i)^(sub)?commands:?\s*$|^(nouns|verbs):?\s*$", line))
        elif below and (found := re.match(r"^  ([a-z][a-z-]*)(\s|$)", line)):
            out.append(found[1])
    return out


def helps_of(program):
    """What --help says, by the words of each command; "" is the program."""
    out = {}

    def ask(words):
        told = subprocess.run([BUILD / "bin" / program, *words, "--help"], capture_output=True,
                              text=True, check=True,
                              env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout
        out[" ".join(words)] = told
        for command in commands_of(told):
            ask([*words, command])

    ask([])
    return out


def keys_read_by(path):
    """`section.read("level", ...)` and `readMillis(top, "drain_ms", ...)` of a strict reader."""
    text = (SOURCE / path).read_text(encoding="utf-8")
    return set(re.findall(r'(?:\.read|read[A-Z]\w*)\(\s*(?:\w+,\s*)?"([a-z_]+)"', text))


class ManPages(unittest.TestCase):
    def test_groff_takes_them(self):
        for path in sorted((BUILD / "man").iterdir()):
            self.assertNotIn("@", re.sub(r"\S+@\S+", "", path.read_text(encoding="utf-8")).split(
                ".SH NAME")[0], path)
            if not shutil.which("groff"):
                continue
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", path],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), path)

    def test_all_are_there(self):
        for name in PAGES:
            if name == "ifrit-desktop.1" and not (BUILD / "bin" / "ifrit-desktop").exists():
                continue  # a build without the desktop
            text = page(name)
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"]:
                self.assertIn(f".SH {section}", text, name)
            for mark in ["@HELP@", "@SAMPLE@", "@SEVERAL@", "@VERSION@"]:
                self.assertNotIn(mark, text, name)

    def test_pages_that_are_named_are_installed(self):
        script = (SOURCE / "installer" / "CMakeLists.txt").read_text(encoding="utf-8")
        listed = re.search(r"foreach\(page ([a-z ]+)\)", script)[1].split()
        for name in ["ifrit-master.8", "master.toml.5"]:
            text = page(name)
            self.assertNotRegex(text, r"\bdocs/", name)
            for named in re.findall(r"\b([a-z-]+)\.md\b", text):
                self.assertIn(named, listed, name)
                self.assertTrue((SOURCE / "docs" / f"{named}.md").exists(), named)

    def test_commands_and_options_are_on_their_page(self):
        for name, least in PROGRAMS.items():
            program = name.rsplit(".", 1)[0]
            if not (BUILD / "bin" / program).exists():
                continue  # a build without the desktop
            text = page(name)
            for command in least:
                self.assertIn(f".SS {program} {command}\n", text, name)
            helps = helps_of(program)
            self.assertGreaterEqual(len(helps), len(least) + 1, program)
            options = set()
            for command, told in helps.items():
                if command:
                    self.assertIn(f".SS {program} {command}\n", text, name)
                options |= set(re.findall(r"--[a-z][a-z-]+", told))
            self.assertGreater(len(options), 2, program)
            for option in options:
                self.assertIn(option, text, name)

    def test_keys_are_on_their_page(self):
        readers = {path for _, path, _ in KEYS}
        for path in [*(SOURCE / "agent" / "app").glob("*.cpp"),
                     *(SOURCE / "master" / "app").glob("*.cpp")]:
            name = str(path.relative_to(SOURCE))
            if "TomlSection " in path.read_text(encoding="utf-8"):
                self.assertIn(name, readers, "a reader of keys that no page is compared with")
        for name, reader, least in KEYS:
            keys = keys_read_by(reader)
            self.assertGreaterEqual(len(keys), least, reader)
            text = page(name)
            # Those of an inline table stand in its line.
            for key in keys - {"machines", "percent", "window"}:
                self.assertRegex(text, rf"(?m)^(?:# ?)?\[?{key}\b", f"{key} on {name}")
            for key in keys & {"machines", "percent", "window"}:
                self.assertRegex(text, rf"(?m)\b{key} = ", f"{key} on {name}")

    def test_samples_are_good_configurations(self):
        master = BUILD / "bin" / "ifrit-master"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("IFRIT_")}
        environment = {**ours, "IFRIT_STORE_PASSWORD": "one", "IFRIT_CACHE_PASSWORD": "two"}
        for sample in SAMPLES:
            text = (SOURCE / "installer" / sample).read_text(encoding="utf-8")
            self.assertIn(sample, (SOURCE / "installer" / "CMakeLists.txt").read_text())
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "master.toml").write_text(text, encoding="utf-8")
                for command in ["check-config", "print-config"]:
                    done = subprocess.run([master, command, "--dir", folder], env=environment,
                                          capture_output=True, text=True, check=False)
                    self.assertEqual((done.returncode, done.stderr), (0, ""), sample)
                if sample == "master-several.toml":
                    self.assertIn('kind = "mariadb"', done.stdout)
                    self.assertIn("sentinels = [", done.stdout)

    def test_the_sample_for_one_master_is_what_init_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "shop"
            subprocess.run([BUILD / "bin" / "ifrit-master", "init", "--dir", place, "--cluster",
                            "shop", "--address", "master.example:7443"], check=True,
                           capture_output=True)
            self.assertEqual((place / "master.toml").read_text(encoding="utf-8"),
                             (SOURCE / "installer" / SAMPLES[0]).read_text(encoding="utf-8"))

    def test_no_variable_of_ours_is_told_to_be_unknown(self):
        known = (SOURCE / "shared" / "config" / "environment.cpp").read_text(encoding="utf-8")
        read = set()
        for folder in ["agent", "gui", "master", "shared"]:
            for file in (SOURCE / folder).rglob("*.cpp"):
                read.update(re.findall(r'"(IFRIT_[A-Z_]+)"', file.read_text(encoding="utf-8")))
        self.assertGreater(len(read), 25)
        self.assertEqual({name for name in read if f'"{name}"' not in known}, set())

    def test_the_unit_lets_the_log_file_of_the_samples_be_written(self):
        unit = (SOURCE / "installer" / "systemd" / "ifrit-master.service").read_text(encoding="utf-8")
        room = [f"/var/{kind}/{name}/" for key, kind in (("State", "lib"), ("Logs", "log"))
                for name in re.findall(rf"(?m)^{key}Directory=(.+)$", unit)]
        files = [found for sample in SAMPLES for found in re.findall(
            r'(?m)^#? ?file = "([^"]+\.log)"',
            (SOURCE / "installer" / sample).read_text(encoding="utf-8"))]
        self.assertTrue(files)
        for file in files:
            self.assertTrue(any(file.startswith(place) for place in room), (file, room))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
