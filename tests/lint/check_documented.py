#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what a machine can say against what is written about it.

Every state, and every event that the agent tier makes, or a master in place of what it leaves out, stands in docs/operations.md, each event also
in the desktop's words, and nothing else does. Every reason stands in a table of docs/operations.md and has advice on the
machine itself, but for those below that nobody is shown; and none is described that nobody says. What
packages have to do with it is package_page.py's.
"""
import pathlib
import re
import sys

from package_page import PAGE as PACKAGE_PAGE, problems_with_page
from tree import report, source_files

# The first argument of what makes an event, maybe a choice of two; and kinds that are handed on.
EVENT = re.compile(r"\b(?:event|addEvent|keepEvent|report)\(\s*\{?([^,;{}]*),")
NOTE = re.compile(r"(?:\breturn|\bNote \w+|\bpush_back\(|\bkind =)\s*\{?\s*"
                  r'"([a-z]+-[a-z-]+|throttled)"')
WORD = re.compile(r'"([a-z]+(?:-[a-z]+)*)"')
REASON = re.compile(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|HUNG|UNREACHABLE)"')
OWN_EVENTS = re.compile(r"kEvents\[\] = \{(.*?)\};", re.S)
LOG_ALONE = re.compile(r"Only ifrit-agent's log has (.*?):", re.S)
# Of shared/domain/enum_names.cpp, and the head of the tables that describe its names.
NAMES = "shared/domain/enum_names.cpp"
STATES = {
    "| state | means |": ("kMachineState", "kReleaseState"),
    "| integrity | means |": ("kIntegrity",),
    "| outcome of a machine | means": ("kOutcome",),
}
ADVICE = "agent/app/advice.cpp"
PAGE = "docs/operations.md"
# What a master says in the place of what it does not keep.
BOUNDS = "master/services/report_bounds."

# What of shared/ judges packages and probes on a machine, and is handed on with its reason.
SHARED = ("shared/package/", "shared/domain/probe_address")
# Names of the environment are no reasons.
ENVIRONMENT = ("IFRIT_", "GRPC_", "WATCHDOG_", "NOTIFY_")
# Reasons that no status, event or check of a machine carries, and what a person meets instead.
UNSEEN = {
    "the message of DOWNLOAD_FAILED": ("MIRROR_ADDRESS", "MIRROR_FAILED"),
    "the message of PROBE_FAILED, or of the event unhealthy": ("HTTP_INVALID", "URL_INVALID"),
    "the message of the event start-failed, or of HOOK_FAILED": (
        "BAD_COMMAND", "PROGRAM_MISSING", "TRACING_REFUSED"),
    "the message of the event limits-watched": ("CGROUP_FILE", "NO_CGROUP"),
    "the message of the event integrity-watch-limited": ("WATCHES_EXHAUSTED",),
    "PACKAGE_MANIFEST, under which what is wrong in one is told": ("PATH_INVALID",),
    "doctor's checks of a name and a port, with advice of their own": (
        "ADDRESS_INVALID", "NAME_UNKNOWN"),
    "a sentence of ifrit-guard, in its log or where it is started": (
        "BAD_FLAG", "BAD_SLOT", "BAD_TRIAL", "GUARD_REFUSED", "NO_ROOM", "STATE_DAMAGED",
        "TOO_LONG"),
    "a sentence of ifrit-agent's log and doctor, which go on with agent.toml": ("LINK_SETTINGS",),
    "the state on the disk, which the tools read where no answer comes": (
        "LOCAL_AWAY",),
    "nothing: the other parts of ifrit-agent act on it": (
        "ALREADY_SUPERVISED", "LOCAL_PATH", "NOT_SUPERVISED", "PROCESS_GONE", "STILL_SUPERVISED"),
    "Windows' event log": ("NO_SUCH_SIGNAL", "SERVICE_STOPPING"),
}


def text_of(path):
    """Without comments that fill lines: they may name what is said elsewhere."""
    return re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)


def events_made(text):
    found = set(NOTE.findall(text))
    for first in EVENT.findall(text):
        found.update(WORD.findall(first))
    return found


def names_in(cell):
    """`A_B`, `_C` is short for A_B and A_C."""
    first = None
    for word in re.findall(r"`([^`]+)`", cell):
        if word.startswith("_") and first:
            word = first.split("_")[0] + word
        first = first or word
        yield word


def table_names(page, head, cells):
    """What the first cells of each row name, in all tables with this head."""
    found = set()
    lines = page.split("\n")
    for at, line in enumerate(lines):
        if not line.startswith(head):
            continue
        for row in lines[at + 2:]:
            if not row.startswith("|"):
                break
            for cell in row.split("|")[1:1 + cells]:
                found.update(names_in(cell))
    return found


def problems_with_states(names, page):
    problems = []
    for head, tables in STATES.items():
        known = set()
        for table in tables:
            block = re.search(rf"\b{table}\[\] = \{{(.*?)\}};", names, re.S)
            known.update(re.findall(r'"([a-z_-]+)"', block.group(1) if block else ""))
        written = table_names(page, head, 1)
        problems += [f"{PAGE}: {name} is not described below {head}"
                     for name in sorted(known - written)]
        problems += [f"{PAGE}: {name} below {head}, which is none"
                     for name in sorted(written - known)]
    return problems


def problems_with_events(sources, page, own_words):
    made = set().union(*map(events_made, sources.values()))
    written = table_names(page, "| event | means |", 1)
    for names in LOG_ALONE.findall(page):
        written.update(names_in(names))
    words = {word for block in OWN_EVENTS.findall(own_words) for word in WORD.findall(block)}
    problems = [f"{PAGE}: event {name} is not described" for name in sorted(made - written)]
    problems += [f"{PAGE}: event {name}, which nobody makes" for name in sorted(written - made)]
    problems += [f"own_words_events.cpp: event {name} is missing" for name in sorted(made - words)]
    problems += [f"own_words_events.cpp: event {name}, which nobody makes"
                 for name in sorted(words - made)]
    return problems


def problems_with_reasons(sources, page, everything, unseen):
    """`everything`: the text of whoever may say one, masters too."""
    advice = set(re.findall(r'\{"([A-Z_0-9]+)"', sources[ADVICE]))
    written = table_names(page, "| reason | what happened", 2)
    said = {}
    for name, text in sources.items():
        for reason in REASON.findall(text) if name != ADVICE else ():
            if not reason.startswith(ENVIRONMENT):
                said.setdefault(reason, name)
    hidden = {reason for reasons in unseen.values() for reason in reasons}
    problems = []
    for reason, name in sorted(said.items()):
        if reason in hidden:
            continue
        if reason not in written:
            problems.append(f"{name}: {reason} is not described in {PAGE}")
        if reason not in advice:
            problems.append(f"{name}: {reason} has no advice in {ADVICE}")
    problems += [f"check_documented.py: {reason}, which nobody says"
                 for reason in sorted(hidden - set(said))]
    problems += [f"check_documented.py: {reason} is described as well"
                 for reason in sorted(hidden & written)]
    described = {name for name in written if REASON.fullmatch(f'"{name}"')}
    problems += [f"{reason} is described or advised on, and nobody says it"
                 for reason in sorted((described | advice) - set(said))
                 if f'"{reason}"' not in everything]
    return problems


def main(root):
    root = pathlib.Path(root)
    texts = {name: text_of(root / name)
             for name in source_files(root, folders=("agent", "master", "shared"))}
    agent = {name: text for name, text in texts.items() if name.startswith("agent/")}
    telling = agent | {name: text for name, text in texts.items() if name.startswith(BOUNDS)}
    judging = {name: text for name, text in texts.items() if name.startswith(("agent/", *SHARED))}
    everything = "\n".join(text for name, text in texts.items() if name != ADVICE)
    page = (root / PAGE).read_text(encoding="utf-8")
    own_words = (root / "gui/models/own_words_events.cpp").read_text(encoding="utf-8")
    return report(problems_with_states(texts[NAMES], page) +
                  problems_with_events(telling, page, own_words) +
                  problems_with_reasons(judging, page, everything, UNSEEN) +
                  problems_with_page(texts, (root / PACKAGE_PAGE).read_text(encoding="utf-8")),
                  "documented")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
