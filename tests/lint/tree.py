# SPDX-License-Identifier: Apache-2.0
"""The files that the lint tests read: what git knows, or, outside a checkout, the source folders."""
import pathlib
import subprocess

SOURCE_FOLDERS = ("agent", "gui", "master", "shared", "tests")


def source_files(root, suffixes=(".h", ".cpp")):
    """Paths relative to `root`, sorted, of the C++ files of the project."""
    root = pathlib.Path(root)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for folder in SOURCE_FOLDERS
                 for path in (root / folder).rglob("*") if path.is_file()]
    return sorted(name for name in names
                  if name.endswith(suffixes) and name.split("/")[0] in SOURCE_FOLDERS
                  and (root / name).is_file())


def report(problems, what):
    """Prints the problems and gives the exit code."""
    for problem in problems:
        print(problem)
    print(f"{what}: {len(problems)} problem(s)")
    return 1 if problems else 0
