#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format has nothing to change."""
import subprocess
import sys

from tree import report, source_files


def main(root, clang_format):
    version = subprocess.run([clang_format, "--version"], capture_output=True, text=True, check=True)
    if "version 14." not in version.stdout:
        print(f"format is defined by clang-format 14; this is {version.stdout.strip()}")
        return 1
    problems = []
    names = source_files(root)
    for start in range(0, len(names), 100):
        out = subprocess.run([clang_format, "--dry-run", "--ferror-limit=1",
                              *names[start:start + 100]],
                             cwd=root, capture_output=True, text=True, check=False)
        problems += [line for line in out.stderr.splitlines() if "warning:" in line]
    return report(problems, "format")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
