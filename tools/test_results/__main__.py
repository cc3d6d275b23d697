# SPDX-License-Identifier: Apache-2.0
"""python3 tools/test_results BUILD-FOLDER [--all] [--source F] [-j N] [--resource-spec-file F]
    [-- CTEST-ARGUMENT...]

Runs the tests of a build by ctest, but not those that have passed with the same inputs (inputs.py)
and are no lint; --all runs these too. Prints what tests of faults say that they tried
(tests/support/fault_row.h), of those that it did not run as they said it then. Exits as ctest does.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from test_results import log  # noqa: E402
from test_results.inputs import CannotTell, Files, Inputs  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# With any other argument than these all is run: it may say how often, or in which way.
CHOOSING = ("-R", "--tests-regex", "-E", "--exclude-regex", "-L", "--label-regex", "-LE", "--label-exclude")


def chooses(arguments):
    return len(arguments) % 2 == 0 and all(it in CHOOSING for it in arguments[::2])


def tests_of(build, arguments=()):
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", *arguments],
                            capture_output=True, check=True, text=True)
    return json.loads(listed.stdout)["tests"]


def is_lint(test):
    return any(it["name"] == "LABELS" and "lint" in it["value"] for it in test.get("properties", []))


class Kept:
    """Which tests passed, with which inputs, and what rows they printed: {name: {"key", "rows"}}."""

    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self._file = folder / "passed.json"
        try:
            self._passed = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._passed = {}

    def rows(self, name, key):
        """None: it did not pass with these inputs."""
        known = self._passed.get(name)
        return known["rows"] if known and key and known["key"] == key else None

    def take(self, results, keys):
        for name, (passed, rows) in results.items():
            self._passed.pop(name, None)
            if passed and keys.get(name):
                self._passed[name] = {"key": keys[name], "rows": rows}
        self._file.write_text(json.dumps(self._passed), encoding="utf-8")


def natural(text):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def keys_of(build, source, tests):
    files = Files(build / "test-results" / "files.json")
    inputs = Inputs(build, source, tests, files)
    keys = {test["name"]: inputs.key(test) for test in tests}
    files.save()
    return keys


def run(build, source, run_all, ctest, choice):
    kept = Kept(build / "test-results")
    keys, known = {}, {}
    try:
        every = tests_of(build)
        keys = keys_of(build, source, every)
        if not run_all and chooses(choice):
            chosen = {test["name"] for test in tests_of(build, choice)}
            asked = [(number, test) for number, test in enumerate(every, 1) if test["name"] in chosen]
            known = {test["name"]: kept.rows(test["name"], keys[test["name"]])
                     for _, test in asked if not is_lint(test)}
            known = {name: rows for name, rows in known.items() if rows is not None}
            if known:
                left = [str(number) for number, test in asked if test["name"] not in known]
                choice = ["-I", "0,0,0," + ",".join(left)] if left else None
                print(f"test: {len(known)} of {len(asked)} have passed with the same programs, files "
                      "and packages, and are not run again (--all runs them too)", flush=True)
    except CannotTell as reason:
        print(f"test: all are run: {reason}", flush=True)
    code = 0
    results = {}
    if choice is not None:
        noted = build / "Testing" / "Temporary" / "LastTest.log"
        noted.unlink(missing_ok=True)
        code = subprocess.run(["ctest", "--test-dir", build, "--output-on-failure", "--no-tests=error",
                               *ctest, *choice], check=False).returncode
        results = log.results(noted) if noted.is_file() else {}
        kept.take(results, keys)
    rows = [row for _, of in results.values() for row in of] + [row for of in known.values() for row in of]
    for row in sorted(rows, key=natural):
        print(row)
    return code


def main():
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(prog="test_results", description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, default=ROOT)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-j", dest="jobs", default="1")
    parser.add_argument("--resource-spec-file")
    asked = parser.parse_args(words[:split])
    ctest = ["-j", asked.jobs]
    if asked.resource_spec_file:
        ctest += ["--resource-spec-file", asked.resource_spec_file]
    return run(asked.build.resolve(), asked.source.resolve(), asked.all, ctest, words[split + 1:])


if __name__ == "__main__":
    sys.exit(main())
