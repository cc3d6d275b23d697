# SPDX-License-Identifier: Apache-2.0
"""References into what a call gave by value, and which ends with the statement: the range of a
for, whose body then walks what is freed, and a named reference. No compiler of ours warns of it
through a shared_ptr."""
import re

# What a function gives by value and the caller reaches through with -> or *.
OWNER = re.compile(r"(?:std::(?:shared_ptr|unique_ptr|optional)|absl::StatusOr)<[^;{}&]*?>\s+"
                   r"(?:\w+::)*(\w+)\(")
# The same name elsewhere, for what outlives the call.
LASTING = re.compile(r"[\w>]\s*[&*]\s*(\w+)\([^;{}]*\)(?: const)?(?: override)?\s*[;{]")
RANGE = re.compile(r"\bfor \((?:[^;{}]*?[^:]):([^:;{}][^;{}]*?)\)\s*(?:\{|\n)")
REFERENCE = re.compile(r"&&? \w+ =\s([^;{}]*);")
CALL = re.compile(r"\b(\w+)\((?:[^()]|\([^()]*\))*\)")


def owners(texts):
    """By top folder: names of functions that give an owner by value and are no other's name."""
    found, lasting = {}, {}
    for name, text in texts.items():
        folder = name.split("/")[0]
        found.setdefault(folder, set()).update(OWNER.findall(text))
        if name.endswith(".h"):
            lasting.setdefault(folder, set()).update(LASTING.findall(text))
    shared = found.get("shared", set())
    return {folder: (names | shared) - lasting.get(folder, set())
            for folder, names in found.items()}


def reaches_into(expression, names):
    for call in CALL.finditer(expression):
        if call.group(1) not in names:
            continue
        after = expression[call.end():].lstrip()
        if after.startswith(("->", ".value()")):
            return True
        if re.search(r"(^|[ (])\*[\w.>-]*$", expression[:call.start()].strip()):
            return True
    return False


def problems_of(texts):
    """`texts`: of all sources, by name."""
    by_folder = owners(texts)
    found = []
    for name, text in texts.items():
        names = by_folder.get(name.split("/")[0], set())
        for pattern in (RANGE, REFERENCE):
            for match in pattern.finditer(text):
                if reaches_into(match.group(1), names):
                    line = text[:match.start()].count("\n") + 1
                    found.append(f"{name}:{line}: refers into what a call gave by value and nobody "
                                 "holds; name it first")
    return found
