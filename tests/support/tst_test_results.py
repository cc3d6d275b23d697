# SPDX-License-Identifier: Apache-2.0
"""tools/test_results on builds that it makes itself: which tests are run again after which change."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RUNS_PROGRAMS = b"5ifrit5tests5built"
READS_SOURCES = b"ifrit_reads_sources"


class TestResults(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.build = self.folder / "build"
        (self.build / "tests").mkdir(parents=True)
        (self.build / "bin").mkdir()
        self.declared = []
        self.git("init", "-q")
        (self.folder / ".gitignore").write_text("/build/\n")
        (self.folder / "source.txt").write_text("a source")
        self.program(self.build / "bin" / "ifrit-master")
        self.add_program("plain")
        self.add_program("runs", RUNS_PROGRAMS)
        self.add_program("reads", READS_SOURCES)
        self.script("lint", "exit 0", label="lint")

    def git(self, *words):
        subprocess.run(["git", "-C", self.folder, *words], check=True)

    @staticmethod
    def program(path, more=b""):
        """/bin/true, and behind its end what is found in it."""
        path.write_bytes(pathlib.Path(shutil.which("true")).read_bytes() + more)
        path.chmod(0o755)

    def declare(self, name, command, label):
        self.declared.append(f'add_test({name} {command})\n'
                             f'set_tests_properties({name} PROPERTIES LABELS {label})\n')
        (self.build / "CTestTestfile.cmake").write_text("".join(self.declared))

    def add_program(self, name, more=b""):
        self.program(self.build / "tests" / name, more)
        self.declare(name, f'"{self.build}/tests/{name}"', "unit")

    def script(self, name, text, label="fault"):
        (self.folder / name).write_text(text)
        self.declare(name, f'/bin/sh "{self.folder}/{name}"', label)

    def run_it(self, *words, code=0):
        """What it printed, and the names of the tests that were run."""
        done = subprocess.run([sys.executable, ROOT / "tools" / "test_results", self.build, "--source",
                               self.folder, *words], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        lines = done.stdout.splitlines()
        return done.stdout, {line.split()[-1] for line in lines if line.strip().startswith("Start ")}

    def ran(self, *words, code=0):
        return self.run_it(*words, code=code)[1]

    def test_what_has_passed_is_not_run_again_but_lint(self):
        self.assertEqual(self.ran(), {"plain", "runs", "reads", "lint"})
        text, ran = self.run_it()
        self.assertEqual(ran, {"lint"})
        self.assertIn("3 of 4 have passed with the same", text)
        self.assertIn("100% tests passed, 0 tests failed out of 1", text)

    def test_all_are_run_when_asked_for(self):
        self.ran()
        self.assertEqual(self.ran("--all"), {"plain", "runs", "reads", "lint"})

    def test_a_changed_program_is_run_again(self):
        self.ran()
        self.program(self.build / "tests" / "plain", b"changed")
        self.assertEqual(self.ran(), {"plain", "lint"})

    def test_a_changed_program_of_the_product_is_run_again_by_who_runs_programs(self):
        self.ran()
        self.program(self.build / "bin" / "ifrit-master", b"changed")
        self.assertEqual(self.ran(), {"runs", "lint"})

    def test_who_names_a_helper_depends_on_programs(self):
        self.program(self.build / "tests" / "misbehaving_agent")
        self.add_program("driver", b"/tests/misbehaving_agent")
        self.ran()
        self.program(self.build / "tests" / "misbehaving_agent", b"changed")
        self.assertEqual(self.ran(), {"driver", "runs", "lint"})

    def test_a_changed_source_is_read_again_by_scripts_and_who_reads_sources(self):
        self.script("scenario", "exit 0")
        self.ran()
        (self.folder / "source.txt").write_text("another")
        self.assertEqual(self.ran(), {"scenario", "reads", "lint"})

    def test_a_new_source_counts(self):
        self.ran()
        (self.folder / "new.txt").write_text("new")
        self.assertEqual(self.ran(), {"reads", "lint"})

    def test_what_failed_is_run_until_it_passes(self):
        self.script("fails", f'test -e "{self.build}/mended"')
        self.assertIn("fails", self.ran(code=8))
        self.assertEqual(self.ran(code=8), {"fails", "lint"})
        (self.build / "mended").touch()
        self.assertEqual(self.ran(), {"fails", "lint"})
        self.assertEqual(self.ran(), {"lint"})

    def test_what_fails_later_is_forgotten(self):
        self.script("fails", f'test ! -e "{self.build}/broken"')
        self.ran()
        (self.build / "broken").touch()
        self.assertIn("fails", self.ran("--all", code=8))
        self.assertEqual(self.ran(code=8), {"fails", "lint"})

    def test_a_changed_environment_counts(self):
        self.ran()
        self.declared[0] = self.declared[0].replace("PROPERTIES", 'PROPERTIES ENVIRONMENT "A=b"')
        (self.build / "CTestTestfile.cmake").write_text("".join(self.declared))
        self.assertEqual(self.ran(), {"plain", "lint"})

    def test_rows_of_faults_are_told_again_in_their_order(self):
        self.script("first", "echo 'fault row: D10 ends: 3/3'")
        self.script("second", "echo 'fault row: D2 begins: 2/2'; echo 'no fault row: x'")
        for _ in range(2):
            text, _ = self.run_it()
            rows = [line for line in text.splitlines() if line.startswith("D")]
            self.assertEqual(rows, ["D2 begins: 2/2", "D10 ends: 3/3"])

    def test_a_choice_counts_for_both(self):
        self.assertEqual(self.ran("--", "-R", "^(plain|runs)$"), {"plain", "runs"})
        self.assertEqual(self.ran("--", "-L", "^unit$"), {"reads"})
        text, ran = self.run_it("--", "-L", "^unit$")
        self.assertEqual(ran, set())
        self.assertIn("3 of 3 have passed", text)

    def test_whoever_says_how_to_run_runs_all(self):
        self.ran()
        self.assertEqual(self.ran("--", "--timeout", "9"), {"plain", "runs", "reads", "lint"})

    def test_nothing_that_matches_is_an_error(self):
        self.run_it("--", "-R", "nothing", code=8)

    def test_without_a_repository_all_are_run(self):
        shutil.rmtree(self.folder / ".git")
        self.ran()
        text, ran = self.run_it()
        self.assertEqual(ran, {"plain", "runs", "reads", "lint"})
        self.assertIn("is no git repository", text)

    def test_a_broken_memory_is_none(self):
        self.ran()
        for file in (self.build / "test-results").iterdir():
            file.write_text("{")
        self.assertEqual(self.ran(), {"plain", "runs", "reads", "lint"})


if __name__ == "__main__":
    unittest.main()
