# SPDX-License-Identifier: Apache-2.0
"""What ctest noted down of a run (Testing/Temporary/LastTest.log)."""
import re

BEGIN = re.compile(r"^\d+/\d+ Testing: (.+)$")
ROW = "fault row: "


def results(path):
    """{name: (passed, the rows of faults that it printed)}"""
    out = {}
    name, rows, over = None, [], False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if begun := BEGIN.match(line):
            name, rows, over = begun.group(1), [], False
            out[name] = (False, rows)
        elif name is None:
            continue
        elif line == "<end of output>":
            over = True
        elif over and line == "Test Passed.":
            out[name] = (True, rows)
        elif not over and line.startswith(ROW):
            rows.append(line[len(ROW):])
    return out
