#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads every #include and holds it against the dependency rules of ARCHITECTURE.md."""
import pathlib
import re
import sys

from tree import report, source_files

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
TIERS = ("agent", "gui", "master")

# (what is included, folders that may, why). A folder ends with '/'.
ONLY_IN = [
    (re.compile(r"\.pb\.h$"),
     r"^(shared/(rpc|codec)/|(agent|gui|master)/(.*/)?(rpc|codec|link)/)",
     "generated types stay in rpc/ and codec/"),
    (re.compile(r"^(Q(Widget|Dialog|MainWindow|Action|Layout|[HV]BoxLayout|GridLayout|PushButton|"
                r"Label|LineEdit|TableView|TreeView|ComboBox|StackedWidget|Menu|ToolBar|Splitter|"
                r"Application|StyleFactory|ScrollArea|TabWidget|TabBar|Frame|CheckBox|SpinBox|"
                r"PlainTextEdit|HeaderView|StyledItemDelegate|Completer|ButtonGroup)$|QtWidgets)"),
     r"^gui/(pages|widgets|app)/", "Qt Widgets live in gui/{pages,widgets,app}"),
    (re.compile(r"^(QSql|QtSql)"), r"^master/storage/sql/", "QtSql lives in master/storage/sql"),
    (re.compile(r"^hiredis/"), r"^master/cache/", "hiredis lives in master/cache"),
    (re.compile(r"^(prometheus/|microhttpd)"), r"^master/ops/",
     "prometheus-cpp and libmicrohttpd live in master/ops"),
    (re.compile(r"^re2/"), r"^shared/filter/", "RE2 lives in shared/filter"),
    (re.compile(r"^CLI/"), r"^(gui/ctl|gui/app|master/app|agent/(app|guard)|shared/commandline)/",
     "command lines are parsed at the programs' edge"),
    (re.compile(r"^agent/platform/linux/"), r"^agent/(platform/linux/|guard/main\.cpp$)",
     "what Linux alone has stays behind the interfaces of agent/platform"),
    (re.compile(r"^agent/platform/macos/"), r"^agent/platform/macos/",
     "what macOS alone has stays behind the interfaces of agent/platform"),
    (re.compile(r"^agent/platform/windows/"), r"^agent/(platform|guard)/windows/",
     "what Windows alone has stays behind the interfaces of agent/platform"),
]


def edges(name, text):
    return [include for _, include in INCLUDE.findall(text)]


def problems_of(name, text):
    """Broken rules of one file, as sentences. `name` is relative to the root."""
    found = []
    tier = name.split("/")[0]
    if tier == "tests":
        return found
    for include in edges(name, text):
        target = include.split("/")[0]
        if tier == "shared" and target in TIERS:
            found.append(f"{name}: shared/ includes {include}; it knows no tier")
        if tier in TIERS and target in TIERS and target != tier:
            found.append(f"{name}: {tier}/ includes {include}; tiers meet only in shared/")
        if tier == "agent" and re.match(r"Q[A-Z]|Qt", include):
            found.append(f"{name}: the agent links no Qt ({include})")
        if name.startswith("agent/guard/") and target == "agent" and not re.match(
                r"agent/(guard|platform)/", include):
            found.append(f"{name}: guard knows base and platform only ({include})")
        if name.startswith("agent/guard/") and re.match(r"(grpc|openssl|google|spdlog)", include):
            found.append(f"{name}: guard links nothing but base and platform ({include})")
        for pattern, allowed, why in ONLY_IN:
            if pattern.search(include) and not re.match(allowed, name):
                found.append(f"{name}: includes {include}; {why}")
    return found


def main(root):
    problems = []
    for name in source_files(root):
        problems += problems_of(name, (pathlib.Path(root) / name).read_text(errors="replace"))
    return report(problems, "includes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
