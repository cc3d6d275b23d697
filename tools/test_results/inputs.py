# SPDX-License-Identifier: Apache-2.0
"""What the result of a test depends on, as one hash: the program that is run and how, the packages of
the system, and, of those that need them, the other programs of the build and the source tree."""
import hashlib
import json
import os
import pathlib
import subprocess

# What a program has in it that uses tests/support/built_programs.h, or is given the source tree
# (tests/CMakeLists.txt).
RUNS_PROGRAMS = b"5ifrit5tests5built"
READS_SOURCES = b"ifrit_reads_sources"
ENVIRONMENT = ("LANG", "LC_", "TZ", "PATH", "QT_", "QTEST_", "IFRIT_", "ASAN_", "TSAN_", "UBSAN_")
PACKAGES = pathlib.Path("/var/lib/dpkg/status")


class CannotTell(Exception):
    """Then everything is run."""


def digest_of(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Files:
    """Hashes of files, kept in `store` for as long as size, times and number of a file stay."""

    def __init__(self, store):
        self._store = store
        try:
            self._known = json.loads(store.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}
        self._used = {}

    def of(self, path, marks=()):
        """[sha256, which of `marks` are in it]"""
        about = path.stat()
        stamp = [about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino]
        looked = sorted(mark.decode() for mark in marks)
        known = self._used.get(str(path)) or self._known.get(str(path))
        if not known or known[:2] != [stamp, looked]:
            content = path.read_bytes()
            found = [mark for mark in looked if mark.encode() in content]
            known = [stamp, looked, hashlib.sha256(content).hexdigest(), found]
        self._used[str(path)] = known
        return known[2:]

    def save(self):
        self._store.write_text(json.dumps({**self._known, **self._used}), encoding="utf-8")


class Inputs:
    """Of the tests of one build; throws CannotTell where there is no repository around it."""

    def __init__(self, build, source, tests, files):
        self._build = build
        self._files = files
        programs = {self._program_of(test) for test in tests} - {None}
        # What tests run beside the programs of the build: what is no test itself.
        helpers = {entry for entry in (build / "tests").glob("*")
                   if entry.is_file() and not entry.is_symlink() and os.access(entry, os.X_OK)
                   and entry not in programs}
        self._marks = {RUNS_PROGRAMS, READS_SOURCES, *(entry.name.encode() for entry in helpers)}
        ours = {entry for entry in (build / "bin").glob("*") if entry.is_file()}
        self._of_programs = digest_of(*(f"{entry.relative_to(build)} {files.of(entry)[0]}"
                                        for entry in sorted(ours | helpers)))
        self._of_sources = self._sources(source)
        self._of_system = digest_of(os.uname().release,
                                    files.of(PACKAGES)[0] if PACKAGES.is_file() else "",
                                    *(f"{name}={value}" for name, value in sorted(os.environ.items())
                                      if name.startswith(ENVIRONMENT)))

    @staticmethod
    def _program_of(test):
        """None: it is no program, but a script or what is not there yet."""
        program = pathlib.Path(test["command"][0]).resolve() if test.get("command") else None
        if program is None or not program.is_file():
            return None
        with program.open("rb") as file:
            return program if file.read(4) == b"\x7fELF" else None

    def _sources(self, source):
        listed = subprocess.run(["git", "-C", source, "ls-files", "-z", "-co", "--exclude-standard"],
                                capture_output=True, check=False)
        if listed.returncode != 0:
            raise CannotTell(f"{source} is no git repository")
        names = sorted(set(listed.stdout.decode().split("\0")) - {""})
        entries = [(name, source / name) for name in names]
        return digest_of(*(f"{name} {self._files.of(entry)[0]}"
                           for name, entry in entries if entry.is_file()))

    def key(self, test):
        """Of one test as `ctest --show-only=json-v1` names it; None: its program is not there."""
        if not test.get("command"):
            return None
        program = self._program_of(test)
        how = json.dumps([test["command"], sorted(
            (str(it["name"]), json.dumps(it["value"])) for it in test.get("properties", []))])
        parts = [how, self._of_system]
        if program is None or self._build not in program.parents:  # a script
            return digest_of(*parts, self._of_programs, self._of_sources)
        content, found = self._files.of(program, self._marks)
        reads = READS_SOURCES.decode()
        parts.append(content)
        parts.append(self._of_sources if reads in found else "")
        parts.append(self._of_programs if set(found) - {reads} else "")
        return digest_of(*parts)
