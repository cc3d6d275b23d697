#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which sources of a library are compiled as one, so that what they include is read once for all.

join_sources.py SIZE SOURCE... prints a line "GROUP SOURCE" for each. No two of a group define the same
name in an unnamed namespace: those would meet.
"""
import pathlib
import re
import sys

COMMENT_OR_TEXT = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""",
                             re.DOTALL)
TYPE = re.compile(r"\b(?:struct|class|enum class|enum)\s+(\w+)[^()]*$")
ALIAS = re.compile(r"using\s+(\w+)\s*=")
FUNCTION = re.compile(r"(\w+)\s*\(")
VARIABLE = re.compile(r"\b(\w+)\s*(?:\[[^\]]*\]\s*)*$")


def unnamed(text):
    """What stands in unnamed namespaces, without what stands in braces there."""
    for begin in re.finditer(r"\bnamespace\s*\{", text):
        depth, kept = 1, []
        for letter in text[begin.end():]:
            if letter == "}":
                depth -= 1
                if depth == 0:
                    break
            if depth == 1:
                kept.append(";" if letter == "}" else letter)
            if letter == "{":
                depth += 1
        yield "".join(kept)


def name_of(declaration):
    """Functions too: of two files they may differ in what they take, and then be taken for each other."""
    words = declaration.replace("{", " ").strip()
    if not words or words.startswith(("namespace", "static_assert", "using namespace")):
        return None
    for kind in (TYPE, ALIAS):
        if found := kind.search(words):
            return found.group(1)
    if words.startswith("using"):
        return None
    head = words.split("=")[0]
    found = FUNCTION.search(head) or VARIABLE.search(head.strip())
    return found.group(1) if found else None


def names_in(source):
    text = COMMENT_OR_TEXT.sub("0", pathlib.Path(source).read_text(encoding="utf-8"))
    return {name for part in unnamed(text) for name in map(name_of, part.split(";")) if name}


def main(size, sources):
    groups = []  # each: its sources, and every name in them
    for source in sources:
        names = names_in(source)
        for members, taken in groups:
            if len(members) < size and not taken & names:
                break
        else:
            members, taken = [], set()
            groups.append((members, taken))
        members.append(source)
        taken |= names
    for number, (members, _) in enumerate(groups):
        for source in members:
            print(number, source)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
