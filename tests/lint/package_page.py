# SPDX-License-Identifier: Apache-2.0
"""What docs/package-format.md says of manifests against what their parser knows, both ways: keys and
tables, signals, variables, limits and reasons."""
import re

PAGE = "docs/package-format.md"
PARSER = "shared/package/manifest_toml.cpp"
CHECKS = "shared/package/check_manifest.cpp"
VARIABLES = "shared/package/variables.cpp"
LIMITS = "shared/package/limits.h"
# Limits that packages share with others, and their words on the page.
SHARED_LIMITS = {
    "shared/domain/names.h": {
        "kMaxNameBytes": "`name`, a machine type, a variable's name",
        "kMaxVersionBytes": "`version`",
        "kMaxReasonBytes": "`description`",
        "kMaxPathBytes": "a path"},
    "shared/base/duration.h": {"kMostDuration": "any time"},
}

FUNCTION = re.compile(r"^[\w:<>&* ]+ (\w+)\(([^{]*?)\) \{\n(.*?)^\}", re.M | re.S)
STEP = re.compile(r"TomlSection (?P<made>\w+)\(\*?\w+, (?P<parent>\w+), (?P<name>\"\w*\"|\w+)[^;]*;"
                  r"|\b(?P<of>\w+)\.(?P<how>read|section|sections)\((?P<key>\"\w+\"|\w+)"
                  r"|\b(?P<call>read[A-Z]\w*)\((?P<given>[^;]*)\)")
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.M | re.S)
TABLE = re.compile(r"^\[+([\w.]+)\]+")
KEY = re.compile(r"^(?:# )?(\w+) = ")
CONSTANT = re.compile(r"inline constexpr [\w:]+ (k\w+)(?: = |\{)(.*?)\}?;(?:\s*///< (.*))?$",
                      re.M)
AMOUNT = re.compile(r"\bat (?:most|least) (\d[\d,]*(?:ms|s|m|h| [KMG]iB| bytes| days)?)\b")
LITERAL_BOUND = re.compile(r"\.read\(\"(\w+)\", [\w.]+, [^;]*?\b[1-9][\d']*\b[^;]*?\);")


def manifest_keys(text, first="parse"):
    """({tables}, {keys}) by their paths, as the reading functions name them from `first` on."""
    functions = {name: ([one.split()[-1].lstrip("*&") for one in takes.split(",") if one.strip()],
                        body) for name, takes, body in FUNCTION.findall(text)}
    tables, keys = set(), set()

    def follow(name, known):
        for step in STEP.finditer(functions[name][1]):
            words = {group: known.get(word, word.strip('"')) for group, word in
                     step.groupdict().items() if word is not None and group in ("name", "key")}
            if step["made"]:
                known[step["made"]] = known.get(step["parent"], "") + \
                    (words["name"] + "." if words["name"] else "")
            elif step["of"] in known:
                (keys if step["how"] == "read" else tables).add(known[step["of"]] + words["key"])
            elif step["call"] in functions:
                takes = functions[step["call"]][0]
                given = [one.strip(' )"') for one in step["given"].split(",")]
                follow(step["call"],
                       {take: known.get(one, one) for take, one in zip(takes, given)})

    follow(first, {})
    return tables, keys


def hooks_of(page):
    rows = re.search(r"^\| hook \|.*\n\|[-|]+\n((?:\|.*\n)+)", page, re.M)
    return re.findall(r"^\| `(\w+)` \|", rows.group(1), re.M) if rows else []


def described_keys(page, tables, keys):
    """What the TOML of the page shows; of the hooks one is shown, and all have a row."""
    found = set()
    for block in BLOCK.findall(page):
        table = ""
        for line in block.split("\n"):
            if header := TABLE.match(line):
                table = header.group(1)
                parts = table.split(".")
                found.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
            elif (key := KEY.match(line)) and table not in keys:  # those of a map are the author's
                found.add(f"{table}.{key.group(1)}" if table else key.group(1))
    shown = {name.split(".", 2)[2] for name in found if name.count(".") > 1
             and name.startswith("hooks.")}
    for hook in hooks_of(page):
        found.add(f"hooks.{hook}")
        found.update(f"hooks.{hook}.{key}" for key in shown)
    tops = "|".join(sorted(table for table in tables if "." not in table))
    found.update(re.findall(rf"`((?:{tops})\.[\w.]+)`", page) if tops else ())
    return found


def problems_with_keys(parser, page):
    tables, keys = manifest_keys(parser)
    described = described_keys(page, tables, keys)
    known = tables | keys
    return [f"{PAGE}: {name}, which {PARSER} reads, is not described"
            for name in sorted(known - described)] + \
           [f"{PAGE}: {name}, which {PARSER} does not read" for name in sorted(described - known)]


def both_ways(what, known, written):
    return [f"{PAGE}: {what} {name} is not described" for name in sorted(known - written)] + \
           [f"{PAGE}: {what} {name}, which is none" for name in sorted(written - known)]


def problems_with_signals(checks, page):
    block = re.search(r"\bkSignals\[\] = \{(.*?)\};", checks, re.S)
    known = set(re.findall(r'"(SIG\w+)"', block.group(1) if block else ""))
    line = re.search(r"^signal = .*$", page, re.M)
    return both_ways("signal", known, set(re.findall(r"\bSIG\w+", line.group() if line else "")))


def problems_with_variables(variables, page):
    block = re.search(r"for \(const char\* name :\s*\{(.*?)\}\)", variables, re.S)
    known = set(re.findall(r'"([\w.]+)"', block.group(1) if block else ""))
    if '"vars."' in variables:
        known.add("vars.NAME")
    section = re.search(r"^### Variables\n(.*?)(?=^##)", page, re.M | re.S)
    written = re.findall(r"\$\{([\w.]+)\}", section.group(1) if section else "")
    return both_ways("variable", known, set(written))


def amount(name, value):
    """How a limit is written for people: of this name, with this value in C++."""
    if re.fullmatch(r"0[0-7]+", value):
        return value
    product = 1
    for factor in re.sub(r"std::int64_t\{1\}|1ULL", "1", value.replace("'", "")).split("*"):
        base, _, shift = factor.partition("<<")
        product *= int(base.strip().rstrip("UL")) << int(shift or 0)
    if name.startswith("kMost"):
        return f"{product // 24} days"
    if name.startswith("kMin"):
        return f"{product}ms"
    if name.endswith("Bytes"):
        for size, unit in ((1 << 50, "PiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if product % size == 0:
                return f"{product // size} {unit}"
        return f"{product} bytes"
    return f"{product:,}"


def limits_of(texts):
    """{(words, amount)} of every limit; names without words, and such as are gone, as problems."""
    found, problems = set(), []
    for name, value, words in CONSTANT.findall(texts[LIMITS]):
        if words:
            found.add((words, amount(name, value)))
        else:
            problems.append(f"{LIMITS}: {name} has no words behind it (///<), and {PAGE} needs them")
    for path, wanted in SHARED_LIMITS.items():
        values = {name: value for name, value, _ in CONSTANT.findall(texts[path])}
        for name, words in wanted.items():
            if name in values:
                found.add((words, amount(name, values[name])))
            else:
                problems.append(f"package_page.py: {name}, which {path} does not have")
    return found, problems


def problems_with_limits(texts, page):
    known, problems = limits_of(texts)
    rows = re.search(r"^\| limit of \|.*\n\|[-|]+\n((?:\|.*\n)+)", page, re.M)
    written = {tuple(cell.strip() for cell in row.split("|")[1:3])
               for row in (rows.group(1).splitlines() if rows else ())}
    problems += both_ways("limit", {": ".join(one) for one in known},
                          {": ".join(one) for one in written})
    amounts = {value.removesuffix(" bytes") for _, value in known}
    problems += [f"{PAGE}: 'at most' or 'at least' {one}, which is no limit's amount"
                 for one in AMOUNT.findall(page) if one.removesuffix(" bytes") not in amounts]
    return problems + [f"{PARSER}: the limit of {key} is a bare number; name it in {LIMITS}"
                       for key in LITERAL_BOUND.findall(texts[PARSER])]


def problems_with_reasons(package, everything, page):
    said = set(re.findall(r'"(PACKAGE_[A-Z_]+)"', package))
    written = set(re.findall(r"`(PACKAGE_[A-Z_]+)`", page))
    return [f"{PAGE}: reason {name} is not described" for name in sorted(said - written)] + \
           [f"{PAGE}: reason {name}, which nobody says" for name in sorted(written)
            if f'"{name}"' not in everything]


def problems_with_page(texts, page):
    package = "\n".join(text for name, text in texts.items() if name.startswith("shared/package/"))
    return (problems_with_keys(texts[PARSER], page) +
            problems_with_signals(texts[CHECKS], page) +
            problems_with_variables(texts[VARIABLES], page) +
            problems_with_limits(texts, page) +
            problems_with_reasons(package, "\n".join(texts.values()), page))
