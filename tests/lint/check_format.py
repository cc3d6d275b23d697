#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format has nothing to change.

With a third argument, a file that remembers what was well formatted, only what changed since is
looked at.
"""
import hashlib
import pathlib
import subprocess
import sys

from tree import report, source_files


def digests(root, names, version):
    """Of what the verdict on each file hangs on, by name."""
    rules = hashlib.sha256(version.encode())
    rules.update((pathlib.Path(root) / ".clang-format").read_bytes())
    out = {}
    for name in names:
        one = rules.copy()
        one.update((pathlib.Path(root) / name).read_bytes())
        out[name] = one.hexdigest()
    return out


def main(root, clang_format, memory=None):
    version = subprocess.run([clang_format, "--version"], capture_output=True, text=True,
                             check=True).stdout
    if "version 14." not in version:
        print(f"format is defined by clang-format 14; this is {version.strip()}")
        return 1
    now = digests(root, source_files(root), version)
    kept = pathlib.Path(memory) if memory else None
    known = set(kept.read_text().split()) if kept and kept.is_file() else set()
    names = [name for name in now if now[name] not in known]
    problems = []
    for start in range(0, len(names), 100):
        out = subprocess.run([clang_format, "--dry-run", "--ferror-limit=1",
                              *names[start:start + 100]],
                             cwd=root, capture_output=True, text=True, check=False)
        problems += [line for line in out.stderr.splitlines() if "warning:" in line]
    if kept and not problems:
        kept.write_text("\n".join(sorted(now.values())) + "\n")
    return report(problems, "format")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
