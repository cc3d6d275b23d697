# SPDX-License-Identifier: Apache-2.0
"""Types of tests that are linked into one program (cmake/IfritTests.cmake): two of one name outside
an unnamed namespace would be taken for each other by the linker, which says nothing."""
import re

ASIDE = re.compile(r"""^[ \t]*\#[^\n]*|//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""",
                   re.DOTALL | re.MULTILINE)
TYPE = re.compile(r"\b(?:enum\s+(?:class|struct)|class|struct|enum)\s+(\w+)[^;{()]*\{")


def outside_of_braces(text):
    depth, kept = 0, []
    for letter in ASIDE.sub(" ", text):
        if letter == "}":
            depth -= 1
            letter = ";"
        if depth == 0:
            kept.append(letter)
        if letter == "{":
            depth += 1
    return "".join(kept)


def problems_of(texts):
    """`texts`: of all sources, by name."""
    first, found = {}, []
    for name, text in texts.items():
        if not re.match(r"tests/(.*/)?tst_\w+\.cpp$", name):
            continue
        for kind in TYPE.findall(outside_of_braces(text)):
            if first.setdefault(kind, name) != name:
                found.append(f"{name}: {first[kind]} has a {kind} too; put it into an unnamed "
                             "namespace, or call it something else")
    return found
