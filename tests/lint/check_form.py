#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The form that is asked of every file: SPDX line, sizes, names, no sleeping tests."""
import pathlib
import re
import sys

import joined
import lifetimes
from tree import ALL_FOLDERS, report, source_files

MAX_FUNCTION_LINES = 80
MAX_FILE_LINES = 500
# A page, and the window around them, hold no logic: one that grows has taken some over.
MAX_PAGE_LINES = 400
PAGE = re.compile(r"^gui/(pages/|app/main_window\.)")
MAX_INCLUDES = 30
# What links Qt's widgets, and what is made for it; tests are of either kind.
COPYLEFT = re.compile(r"^gui/(app|models|pages|presenters|widgets)/")
BANNED_STEMS = re.compile(r"^(core|util|utils|common|helper|helpers|misc)$")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|qWait|qSleep|nanosleep)\s*\(|\bsleep\(\d")
# They end by the wall clock, and last as long as it is set back (shared/base/steady_cond_var.h).
WALL_WAIT = re.compile(r"\b(Await|LockWhen|Wait|WaitForNotification)With(Timeout|Deadline)\(")
# What is stored and shown is of base::Clock; what is waited for, of a clock that nobody sets.
WALL_NOW = re.compile(r"\bsystem_clock::now\(")
MAY_READ_WALL = re.compile(r"^(shared/base/clock\.cpp|agent/platform/)")
# Files in other languages that have comments.
OTHER_ENDS = (".cmake", ".conf", ".proto", ".py", ".sample", ".service", ".sh", ".socket", ".sql",
              ".sysusers", ".tmpfiles", ".yml", "CMakeLists.txt")
# A place that opens a function body in clang-formatted code: ends in '{', is no scope or type.
SCOPE = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|public|private|protected)\b")


def functions(text):
    """(first line, number of lines) of each brace block that looks like a function.

    Relies on clang-format: the closing brace stands alone at the indentation of the line that
    the body belongs to, which is 0 for free functions and 4 for those inside a class.
    """
    lines = text.split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if start is None:
            opens = line.rstrip().endswith("{") and not SCOPE.match(line)
            if opens and re.search(r"\)[^;=]*\{$", line.rstrip()):
                start = number
                closings = ("}",) if not line.startswith("    ") or wrapped(lines, number) \
                    else ("    }",)
        elif line.rstrip() in closings:
            yield start, number - start + 1
            start = None


def wrapped(lines, number):
    """The '{' of line `number` ends a signature that began unindented on a line above."""
    for above in range(number - 2, max(number - 40, -1), -1):
        line = lines[above]
        if not line.strip() or line.rstrip().endswith((";", "}", "{", ":")):
            return False
        if not line.startswith(" "):
            return True
    return False


def problems_of(name, text):
    found = []
    first = text.split("\n", 1)[0]
    spdx = re.match(r"// SPDX-License-Identifier: (Apache-2\.0|GPL-3\.0-or-later)$", first)
    if not spdx:
        found.append(f"{name}: first line is no SPDX line")
    elif not name.startswith("tests/"):
        licence = "GPL-3.0-or-later" if COPYLEFT.match(name) else "Apache-2.0"
        if spdx.group(1) != licence:
            found.append(f"{name}: is {spdx.group(1)}, its folder {licence}")
    stem = pathlib.PurePath(name).stem
    for part in [*pathlib.PurePath(name).parts[:-1], stem]:
        if BANNED_STEMS.match(part):
            found.append(f"{name}: '{part}' says nothing; name what it knows")
    count = text.count("\n")
    most = MAX_PAGE_LINES if PAGE.match(name) else MAX_FILE_LINES
    if count > most:
        found.append(f"{name}: {count} lines, at most {most}")
    includes = len(re.findall(r"^#include", text, re.M))
    if includes > MAX_INCLUDES:
        found.append(f"{name}: {includes} includes, at most {MAX_INCLUDES}")
    if name.startswith("tests/"):
        for number, line in enumerate(text.split("\n"), 1):
            if SLEEP.search(line) and "reason:" not in line:
                found.append(f"{name}:{number}: sleeps; poll a condition or drive a clock")
    else:
        for number, line in enumerate(text.split("\n"), 1):
            if WALL_WAIT.search(line):
                found.append(f"{name}:{number}: waits by the wall clock; take SteadyCondVar")
            if WALL_NOW.search(line) and not MAY_READ_WALL.match(name):
                found.append(f"{name}:{number}: reads the wall clock; take base::Clock, or "
                             "rpc::deadlineIn() for a call")
        for start, length in functions(text):
            if length > MAX_FUNCTION_LINES:
                found.append(f"{name}:{start}: function of {length} lines, at most "
                             f"{MAX_FUNCTION_LINES}")
    if re.search(r"\b(TODO|FIXME|XXX)\b", text):
        found.append(f"{name}: has a mark of unfinished work")
    return found


def licence_problems(name, text):
    """Of files in another language, whose first line may have to be another."""
    for line in text.split("\n")[:3]:
        if re.search(r"SPDX-License-Identifier: (Apache-2\.0|GPL-3\.0-or-later)( |$)", line):
            return []
    return [f"{name}: no SPDX line among its first three"]


def main(root):
    problems = []
    for name in source_files(root, OTHER_ENDS, ALL_FOLDERS):
        problems += licence_problems(name, (pathlib.Path(root) / name).read_text(errors="replace"))
    texts = {name: (pathlib.Path(root) / name).read_text(errors="replace")
             for name in source_files(root)}
    for name, text in texts.items():
        problems += problems_of(name, text)
    problems += lifetimes.problems_of(texts)
    problems += joined.problems_of(texts)
    return report(problems, "form")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
