#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages as they were built: each program's commands and options are on its page, each
key of the configuration readers is on theirs, and groff has nothing to say about them.

    tst_man_pages.py SOURCE_DIR BUILD_DIR
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

SOURCE, BUILD = (pathlib.Path(argument) for argument in sys.argv[1:3])
PAGES = ["ifrit-agent.8", "ifrit-guard.8", "ifrit-master.8", "ifritctl.1", "agent.toml.5",
         "master.toml.5"]
COMMANDS = {
    "ifrit-agent.8": ["run", "enrol", "status", "explain", "doctor", "reset-bad", "stop-all"],
    "ifrit-master.8": ["init", "serve", "add-master", "join-token", "user add", "publisher-key add"],
    "ifritctl.1": ["machine list", "campaign create", "campaign advance", "machine explain", "release start", "release approve",
                   "cluster load", "cluster freeze", "cluster unfreeze", "package build",
                   "audit verify"],
}


def page(name):
    text = (BUILD / "man" / name).read_text(encoding="utf-8")
    return re.sub(r"\\[-e&]", lambda found: {"\\-": "-", "\\e": "\\", "\\&": ""}[found[0]], text)


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
            text = page(name)
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"]:
                self.assertIn(f".SH {section}", text, name)
            for mark in ["@HELP@", "@SAMPLE@", "@VERSION@"]:
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

    def test_commands_are_on_their_page(self):
        for name, commands in COMMANDS.items():
            program = name.rsplit(".", 1)[0]
            for command in commands:
                self.assertIn(f".SS {program} {command}\n", page(name), name)

    def test_options_are_on_their_page(self):
        for name, program in [("ifrit-agent.8", "ifrit-agent"), ("ifrit-guard.8", "ifrit-guard")]:
            told = subprocess.run([BUILD / "bin" / program, "--help"], capture_output=True,
                                  text=True, check=True).stdout
            options = set(re.findall(r"--[a-z][a-z-]+", told))
            self.assertGreater(len(options), 3)
            for option in options:
                self.assertIn(option, page(name), name)

    def test_keys_are_on_their_page(self):
        for name, reader, least in [("agent.toml.5", "agent/app/config_reader.cpp", 7),
                                    ("master.toml.5", "master/app/config.cpp", 7),
                                    ("master.toml.5", "master/app/rules_config.cpp", 6)]:
            keys = keys_read_by(reader)
            self.assertGreaterEqual(len(keys), least, reader)
            # Those of an inline table stand in its line.
            for key in keys - {"file", "machines", "percent", "window"}:
                self.assertRegex(page(name), rf"(?m)^(?:# ?)?\[?{key}\b", f"{key} on {name}")
            for key in keys & {"machines", "percent", "window"}:
                self.assertRegex(page(name), rf"(?m)\b{key} = ", f"{key} on {name}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
