#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a manual page from its frame and from what the program itself says, so that options and
keys on the page are those that the program takes.

    make_page.py FRAME OUTPUT --version V --program P      @HELP@ becomes P --help, of each command too
    make_page.py FRAME OUTPUT --version V --sample FILE    @SAMPLE@ becomes the annotated file
                              [--several FILE]             and @SEVERAL@ another one
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def quoted(text):
    """Text as roff takes it literally."""
    lines = []
    for line in text.expandtabs().splitlines():
        line = line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
        line = line.replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
        lines.append("\\&" + line if line.startswith(".") else line)
    return "\n".join(lines)


def verbatim(text):
    return f".nf\n{quoted(text.strip(chr(10)))}\n.fi"


def ask(program, words):
    environment = {"PATH": os.environ.get("PATH", ""), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C",
                   "COLUMNS": "90", "HOME": tempfile.gettempdir()}
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, timeout=60,
                          env=environment, check=False)
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"make_page: {program} {' '.join(words)} --help: {done.stderr}")
    return done.stdout


def commands_of(text):
    """Names below the heading "Subcommands:" of a help text."""
    found = re.search(r"^\s*(?:Subcommands|Commands|Nouns|Verbs):?\s*$(.*?)(?=^\S|\Z)", text,
                      re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return re.findall(r"^  ([a-z][a-z-]*)\b", found.group(1), re.MULTILINE) if found else []


def help_of(program):
    name = os.path.basename(program)
    out = []

    def add(words):
        text = ask(program, words)
        if words:
            out.append(f".SS {quoted(' '.join([name, *words]))}")
        out.append(verbatim(text))
        for command in commands_of(text):
            add([*words, command])

    add([])
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("frame")
    parser.add_argument("output")
    parser.add_argument("--version", required=True)
    parser.add_argument("--program")
    parser.add_argument("--sample")
    parser.add_argument("--several")
    options = parser.parse_args()
    with open(options.frame, encoding="utf-8") as frame:
        page = frame.read()
    page = page.replace("@VERSION@", options.version)
    if options.program and "@HELP@" in page:
        page = page.replace("@HELP@", help_of(options.program))
    if options.sample:
        with open(options.sample, encoding="utf-8") as sample:
            page = page.replace("@SAMPLE@", verbatim(sample.read()))
    if options.several:
        with open(options.several, encoding="utf-8") as several:
            page = page.replace("@SEVERAL@", verbatim(several.read()))
    with open(options.output, "w", encoding="utf-8") as output:
        output.write(page)


if __name__ == "__main__":
    main()
