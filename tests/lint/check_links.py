#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what the built programs need at run time, so that the boundaries are those of the linker."""
import pathlib
import subprocess
import sys

from tree import report

# Program: libraries that must not be among the ones it needs.
FORBIDDEN = {
    "ifrit-agent": ("libQt6", "libcurl"),
    "ifrit-fetch": ("libQt6", "libgrpc", "libarchive"),
    "ifrit-master": ("libQt6Gui", "libQt6Widgets"),
    "ifritctl": ("libQt6Gui", "libQt6Widgets", "libQt6Sql"),
    "ifrit-desktop": ("libQt6Sql",),
}
STATIC = ("ifrit-guard",)


def needed(program):
    out = subprocess.run(["readelf", "-d", str(program)], capture_output=True, text=True, check=True)
    return [line.split("[")[1].split("]")[0] for line in out.stdout.splitlines()
            if "(NEEDED)" in line]


def main(folder):
    folder = pathlib.Path(folder)
    problems = []
    seen = 0
    for name, forbidden in FORBIDDEN.items():
        if not (folder / name).exists():
            continue
        seen += 1
        problems += [f"{name}: links {library}" for library in needed(folder / name)
                     if library.startswith(forbidden)]
    for name in STATIC:
        if (folder / name).exists():
            seen += 1
            if needed(folder / name):
                problems.append(f"{name}: needs shared libraries {needed(folder / name)}")
    if seen < 3:
        problems.append(f"{folder}: only {seen} programs are built; build all first")
    return report(problems, "links")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
