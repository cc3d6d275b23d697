# SPDX-License-Identifier: Apache-2.0
"""The files that the lint tests read: what git knows, or, outside a checkout, the source folders."""
import pathlib
import subprocess

SOURCE_FOLDERS = ("agent", "gui", "master", "shared", "tests")
# With what builds, installs and drives the programs.
ALL_FOLDERS = (*SOURCE_FOLDERS, ".ci", "cmake", "installer", "tools")


def source_files(root, suffixes=(".h", ".cpp"), folders=SOURCE_FOLDERS):
    """Paths relative to `root`, sorted, of the project's files with these ends in these folders."""
    root = pathlib.Path(root)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for folder in folders
                 for path in (root / folder).rglob("*") if path.is_file()]
    return sorted(name for name in names
                  if name.endswith(suffixes) and name.split("/")[0] in folders
                  and (root / name).is_file())


def report(problems, what):
    """Prints the problems and gives the exit code."""
    for problem in problems:
        print(problem)
    print(f"{what}: {len(problems)} problem(s)")
    return 1 if problems else 0
