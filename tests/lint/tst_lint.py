#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint rules themselves: each must find what it is for, and leave clean code alone."""
import contextlib
import io
import pathlib
import tempfile
import unittest

import check_documented
import check_form
import check_format
import check_includes
import check_translations
import joined
import lifetimes
import package_page

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
GPL = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


class Includes(unittest.TestCase):
    def check(self, name, include, count):
        text = SPDX + f'#include "{include}"\n'
        self.assertEqual(len(check_includes.problems_of(name, text)), count, (name, include))

    def test_rules(self):
        for name, include, count in [
                ("shared/base/a.h", "master/rpc/server.h", 1),
                ("shared/base/a.h", "shared/base/clock.h", 0),
                ("agent/link/a.cpp", "master/rpc/server.h", 1),
                ("agent/link/a.cpp", "QString", 1),
                ("agent/guard/main.cpp", "agent/link/sync.h", 1),
                ("agent/guard/main.cpp", "agent/platform/process.h", 0),
                ("agent/guard/main.cpp", "grpcpp/grpcpp.h", 1),
                ("agent/guard/main.cpp", "agent/platform/linux/linux_signaller.h", 0),
                ("agent/platform/posix/a.cpp", "agent/platform/linux/proc_stat.h", 1),
                ("agent/platform/macos/a.cpp", "agent/platform/posix/unique_fd.h", 0),
                ("agent/platform/macos/a.cpp", "agent/platform/linux/pidfd.h", 1),
                ("agent/install/a.cpp", "agent/platform/windows/session_job.h", 1),
                ("gui/models/a.h", "QWidget", 1),
                ("gui/pages/a.h", "QWidget", 0),
                ("gui/presenters/a.h", "ifrit/v1/fleet.pb.h", 1),
                ("gui/rpc/a.cpp", "ifrit/v1/fleet.pb.h", 0),
                ("master/services/a.cpp", "QSqlQuery", 1),
                ("master/storage/sql/a.cpp", "QSqlQuery", 0),
                ("master/services/a.cpp", "hiredis/hiredis.h", 1),
                ("master/rpc/a.cpp", "prometheus/counter.h", 1),
                ("master/ops/a.cpp", "microhttpd.h", 0),
                ("tests/master/a.cpp", "QSqlQuery", 0)]:
            self.check(name, include, count)


def licence(name):
    return GPL if check_form.COPYLEFT.match(name) else SPDX


class Form(unittest.TestCase):
    def problems(self, name, text):
        return check_form.problems_of(name, text)

    def test_spdx(self):
        self.assertTrue(self.problems("shared/base/a.h", "#pragma once\n"))
        self.assertFalse(self.problems("shared/base/a.h", SPDX + "#pragma once\n"))

    def test_licence_of_a_folder(self):
        for name, text, count in [
                ("gui/models/a.h", GPL, 0), ("gui/models/a.h", SPDX, 1), ("gui/ctl/a.h", SPDX, 0),
                ("gui/ctl/a.h", GPL, 1), ("tests/gui/a.h", GPL, 0), ("tests/gui/a.h", SPDX, 0)]:
            self.assertEqual(len(self.problems(name, text)), count, name + text)

    def test_spdx_of_other_files(self):
        good = "# SPDX-License-Identifier: Apache-2.0\n"
        for text, count in [("#!/bin/sh\n" + good, 0), (good, 0), ("u name\n", 1),
                            ("# SPDX - License - Identifier : Apache - 2.0\n", 1)]:
            self.assertEqual(len(check_form.licence_problems("installer/a", text)), count, text)

    def test_names(self):
        self.assertTrue(self.problems("shared/util/a.h", SPDX))
        self.assertTrue(self.problems("shared/base/helpers.h", SPDX))

    def test_sizes(self):
        for name, lines, count in [
                ("gui/pages/map/map_page.cpp", 400, 0), ("gui/pages/map/map_page.cpp", 401, 1),
                ("gui/app/main_window.cpp", 401, 1), ("gui/app/main.cpp", 401, 0),
                ("shared/base/a.h", 500, 0), ("shared/base/a.h", 501, 1)]:
            self.assertEqual(len(self.problems(name, licence(name) + "\n" * (lines - 1))), count, name)

    def test_sleep(self):
        call = "    std::this_thread::sleep_for(1s);\n"
        self.assertTrue(self.problems("tests/agent/tst_a.cpp", SPDX + call))
        self.assertFalse(self.problems("agent/link/a.cpp", SPDX + call))

    def test_wall_clock_waits(self):
        call = "    m_mutex.AwaitWithTimeout(absl::Condition(&m_stopping), absl::Seconds(5));\n"
        self.assertTrue(self.problems("agent/link/a.cpp", SPDX + call))
        self.assertFalse(self.problems("tests/agent/tst_a.cpp", SPDX + call))

    def test_wall_clock_reads(self):
        call = "    context.set_deadline(std::chrono::system_clock::now() + timeout);\n"
        self.assertTrue(self.problems("shared/rpc/channel.cpp", SPDX + call))
        self.assertFalse(self.problems("shared/base/clock.cpp", SPDX + call))
        self.assertFalse(self.problems("tests/agent/tst_a.cpp", SPDX + call))

    def test_function_length(self):
        for lines, count in [(70, 0), (90, 1)]:
            body = "    work();\n" * lines
            free = SPDX + "void run(int a) {\n" + body + "}\n"
            member = SPDX + "class A {\n    void run() {\n" + body.replace("    ", "        ") \
                + "    }\n};\n"
            long_signature = SPDX + "void run(int a,\n         int b) {\n" + body + "}\n"
            for text in (free, member, long_signature):
                self.assertEqual(len(self.problems("agent/link/a.cpp", text)), count, text[:80])

    def test_unfinished(self):
        self.assertTrue(self.problems("agent/link/a.cpp", SPDX + "// TO" + "DO: later\n"))


class Lifetimes(unittest.TestCase):
    HEADER = "    std::shared_ptr<const Snapshot> current() const { return m_snapshot.get(); }\n"

    def problems(self, line, header=HEADER):
        return lifetimes.problems_of({"master/compose/a.h": header, "master/rpc/a.cpp": line})

    def test_references_into_what_nobody_holds(self):
        for line, count in [
                ("    for (const auto& [k, f] : m_parts.published.current()->fragments()) {\n", 1),
                ("    for (const auto& row : *published.current()) {\n", 1),
                ("    for (const auto& row :\n         published.current(a(b))->rows())\n", 1),
                ("    const auto& rows = current()->rows();\n", 1),
                ("    const Snapshot& it = *m_published.current();\n", 1),
                ("    const auto snapshot = m_published.current();\n"
                 "    for (const auto& row : snapshot->rows()) {\n", 0),
                ("    const auto rows = current()->rows();\n", 0),
                ("    const auto& held = m_published.current();\n", 0),
                ("    for (int i = 0; i < current()->count(); ++i) {\n", 0)]:
            self.assertEqual(len(self.problems(line)), count, line)

    def test_a_name_of_what_lasts_is_left_alone(self):
        line = "    for (const auto& row : m_table.current()->rows()) {\n"
        self.assertFalse(self.problems(line, "    Table* current() const;\n"))


class Format(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.memory = self.root / "well-formatted"
        (self.root / ".clang-format").write_text("BasedOnStyle: Google\n")
        (self.root / "agent").mkdir()
        self.write("int a;\n")
        # Says that what has two spaces is not well formatted, and tells of what it looked at.
        self.program = self.root / "clang-format"
        self.program.write_text("""#!/bin/sh
[ "$1" != --version ] || { echo "clang-format version 14.0.6"; exit; }
for file; do
    case $file in -*) continue ;; esac
    echo "$file" >> looked
    ! grep -q '  ' "$file" || echo "$file:1:1: warning: code should be formatted" >&2
done
""")
        self.program.chmod(0o700)

    def write(self, text):
        (self.root / "agent/a.cpp").write_text(text)

    def check(self):
        """The exit code, and how many files were looked at."""
        looked = self.root / "looked"
        looked.write_text("")
        with contextlib.redirect_stdout(io.StringIO()):
            code = check_format.main(str(self.root), str(self.program), str(self.memory))
        return code, len(looked.read_text().split())

    def test_what_was_well_formatted_is_not_looked_at_again(self):
        self.assertEqual(self.check(), (0, 1))
        self.assertEqual(self.check(), (0, 0))
        self.write("int  b;\n")
        self.assertEqual(self.check(), (1, 1))
        self.assertEqual(self.check(), (1, 1))
        self.write("int a;\n")
        self.assertEqual(self.check(), (0, 0))

    def test_other_rules_are_asked_again(self):
        self.assertEqual(self.check(), (0, 1))
        (self.root / ".clang-format").write_text("BasedOnStyle: LLVM\n")
        self.assertEqual(self.check(), (0, 1))


class Joined(unittest.TestCase):
    def test_types_of_one_name(self):
        one = "class A : public QObject {\n    struct Inside {};\n};\n"
        for other, count in [
                ("class A {};", 1), ("struct A final : B {};", 1), ("enum class A { B };", 1),
                ("class B {};", 0), ("namespace {\nclass A {};\n}  // namespace", 0),
                ("class A;\n", 0), ("struct Inside {};", 0), ("// class A {\n", 0),
                ('#define X class A {\n', 0)]:
            texts = {"tests/a/tst_a.cpp": one, "tests/b/tst_b.cpp": other}
            self.assertEqual(len(joined.problems_of(texts)), count, other)
        self.assertFalse(joined.problems_of({"tests/a/tst_a.cpp": one, "tests/b/fake.cpp": one}))


class Translations(unittest.TestCase):
    def ts(self, source, translation, context="a::B", numerus=""):
        return (f'<TS><context><name>{context}</name><message{numerus}><source>{source}</source>'
                f'{translation}</message></context></TS>')

    def problems(self, source, translation, language="zh_CN", fresh="", **more):
        text = self.ts(source, translation, **more)
        return check_translations.problems_of("a.ts", language, text, fresh or text)

    def test_one_message(self):
        for source, translation, count in [
                ("%1 of %2", "<translation>%2 之 %1</translation>", 0),
                ("%1 of %2", "<translation>%1 之 %1</translation>", 1),
                ("%1 of %2", "<translation>若干</translation>", 1),
                ("State", '<translation type="unfinished"></translation>', 1),
                ("State", '<translation type="unfinished">状态</translation>', 1),
                ("State", '<translation type="vanished">状态</translation>', 1),
                ("State", "<translation></translation>", 1),
                ("State", "", 1),
                (" · more", "<translation>· 更多</translation>", 1),
                (" · more", "<translation> · 更多</translation>", 0),
                ("&amp;Open", "<translation>打开</translation>", 1),
                ("Stop, now.", "<translation>停止,现在。</translation>", 1),
                ("Stop, now.", "<translation>停止，现在。</translation>", 0)]:
            self.assertEqual(len(self.problems(source, translation)), count, (source, translation))

    def test_plurals(self):
        one = "<translation><numerusform>%n 台</numerusform></translation>"
        two = ("<translation><numerusform>%n machine</numerusform>"
               "<numerusform>%n machines</numerusform></translation>")
        for forms, language, count in [(one, "zh_CN", 0), (two, "en", 0), (two, "zh_CN", 1),
                                       (one, "en", 1)]:
            found = self.problems("%n machine(s)", forms, language, numerus=' numerus="yes"')
            self.assertEqual(len(found), count, (forms, language))

    def test_against_the_sources(self):
        done = "<translation>状态</translation>"
        self.assertFalse(self.problems("State", done, fresh=self.ts("State", "")))
        # One that is new, and one that is gone.
        self.assertEqual(len(self.problems("State", done, fresh=self.ts("Status", ""))), 2)
        self.assertTrue(self.problems("State", done, context="B"))

    def test_said_twice(self):
        one = self.ts("State", "<translation>状态</translation>")
        twice = one.replace("</TS>", one.removeprefix("<TS>"))
        found = check_translations.problems_of("a.ts", "zh_CN", twice, one)
        self.assertEqual(found, ["a.ts: a::B: 'State': 2 times"])

    def test_glossary(self):
        table = "| English | Chinese | note |\n|---|---|---|\n| full | 全量 / 完全 | |\n"
        glossary = check_translations.glossary_of(table)
        for word, count in [("全量", 0), ("完全", 0), ("满", 1)]:
            text = self.ts("Full", f"<translation>{word}</translation>")
            self.assertEqual(
                len(check_translations.problems_with_glossary("a.ts", text, glossary)), count, word)

    def test_own_words(self):
        text = self.ts("the stage after %1 opens in %2 s", "", context="a::OwnWords")
        for source, count in [('"the stage after {} opens"', 0), ('"the stage behind {}"', 1)]:
            self.assertEqual(
                len(check_translations.problems_with_own_words(text, source)), count, source)


class Documented(unittest.TestCase):
    def test_events_are_found(self):
        for text, found in [
                ('event("started", "process 1");', {"started"}),
                ('addEvent({"not-reported", name, "", why, now});', {"not-reported"}),
                ('finish(agent,\n event(upgrade ? "upgraded" : "installed", agent));',
                 {"upgraded", "installed"}),
                ('notes.push_back(\n    {"stray-killed", text});', {"stray-killed"}),
                ('kind = "identity-moved";', {"identity-moved"}),
                ('event(note->kind, "a message");', set()),
                ('spdlog::info("stopped");', set())]:
            self.assertEqual(check_documented.events_made(text), found, text)

    def test_events_both_ways(self):
        page = "| event | means |\n|---|---|\n| `crashed` | it ended |\n"
        words = 'kEvents[] = {QT_TRANSLATE_NOOP("a::OwnWords", "crashed")};'
        for source, count in [('event("crashed", why);', 0), ('event("ended", why);', 4)]:
            found = check_documented.problems_with_events({"a.cpp": source}, page, words)
            self.assertEqual(len(found), count, found)

    def test_states_both_ways(self):
        names = ('kMachineState[] = {{A::B, "healthy"}};\nkReleaseState[] = {{A::C, "done"}};\n'
                 'kIntegrity[] = {};\nkOutcome[] = {};')
        for rows, count in [("| `healthy` | |\n| `done` | |\n", 0), ("| `healthy`, `ill` | |\n", 2)]:
            page = "| state | means |\n|---|---|\n" + rows
            self.assertEqual(len(check_documented.problems_with_states(names, page)), count, rows)

    def reasons(self, source, advised, row, unseen=()):
        page = f"| reason | what happened |\n|---|---|\n| {row} | text |\n"
        sources = {check_documented.ADVICE: f'{{"{advised}", "do"}},', "agent/a.cpp": source}
        return check_documented.problems_with_reasons(sources, page, source, {"nobody": unseen})

    def test_reasons_both_ways(self):
        said = 'makeError("NO_CA", "")'
        self.assertFalse(self.reasons(said, "NO_CA", "`NO_CA`"))
        self.assertEqual(len(self.reasons(said, "NO_CA", "none")), 1)
        # Of the one neither row nor advice, and of the other nobody to say it.
        self.assertEqual(len(self.reasons(said, "NO_KEY", "`NO_KEY`")), 3)
        # One that nobody is shown must be there, and stand in no table.
        self.assertEqual(len(self.reasons(said, "NO_CA", "`NO_CA`", ("NO_CA",))), 1)
        self.assertEqual(len(self.reasons(said, "NO_CA", "`NO_CA`", ("GONE_BY",))), 1)

    def test_short_names(self):
        row = "`TOKEN_USED`, `_EXPIRED`"
        self.assertEqual(list(check_documented.names_in(row)), ["TOKEN_USED", "TOKEN_EXPIRED"])


class PackagePage(unittest.TestCase):
    PARSER = """
void readMode(TomlSection& in, std::uint32_t& mode) {
    in.read("mode", text, Presence::Required);
}

Hook readHook(TomlSection& hooks, const char* name, Hook& out) {
    const toml::table* table = hooks.section(name);
    TomlSection in(*table, hooks, name);
    in.read("command", out.command);
}

void readTop(TomlSection& root, Manifest& manifest) {
    root.read("vars", manifest.vars);
    if (const toml::table* table = root.section("hooks")) {
        TomlSection in(*table, root, "hooks");
        keep(readHook(in, "before", manifest.before));
        keep(readHook(in, "after", manifest.after));
    }
    if (const toml::array* files = root.sections("files")) {
        TomlSection in(*file, root, "files");
        readMode(in, manifest.mode);
    }
}

absl::StatusOr<Manifest> parse(std::string_view toml, Kind kind) {
    TomlSection root(document, source, "", rules);
    if (kind == Kind::Signed) readTop(root, manifest);
}
"""
    PAGE = """```toml
[vars]      # whatever the author likes
port = "1"
[hooks.before]
command = []
[[files]]
mode = "0644"
```

| hook | runs |
|---|---|
| `before` | |
| `after` | |
"""

    def test_keys_are_followed_through_functions(self):
        self.assertEqual(package_page.manifest_keys(self.PARSER), (
            {"hooks", "hooks.before", "hooks.after", "files"},
            {"vars", "hooks.before.command", "hooks.after.command", "files.mode"}))

    def test_keys_both_ways(self):
        for old, new, found in [
                ("", "", []),
                ('mode = "0644"\n', "", ["files.mode, which shared"]),
                ('mode = "0644"\n', 'mode = "0644"\n# owner = "me"\n', ["files.owner, which"]),
                ("| `after` | |\n", "", ["hooks.after,", "hooks.after.command,"]),
                ("| `after` | |\n", "| `after` | `hooks.long` |\n", ["hooks.long,"])]:
            problems = package_page.problems_with_keys(self.PARSER, self.PAGE.replace(old, new))
            self.assertEqual(len(problems), len(found), problems)
            for problem, words in zip(problems, found):
                self.assertIn(words, problem)

    def test_signals_and_variables_both_ways(self):
        checks = 'kSignals[] = {"SIGTERM", "SIGHUP"};'
        for line, count in [("SIGTERM, SIGHUP", 0), ("SIGTERM", 1), ("SIGTERM, SIGKILL", 2)]:
            page = f'signal = "SIGTERM"   # {line}\n'
            self.assertEqual(len(package_page.problems_with_signals(checks, page)), count, line)
        known = 'for (const char* name :\n {"root", "machine.uuid"}) {} known["vars." + name]'
        for written, count in [("${root} ${machine.uuid} ${vars.NAME}", 0), ("${root}", 2),
                               ("${root} ${machine.uuid} ${vars.NAME} ${machine.cpu}", 1)]:
            page = f"${{other}}\n### Variables\n{written}\n## Next\n${{another}}\n"
            self.assertEqual(len(package_page.problems_with_variables(known, page)), count, written)

    def test_amounts(self):
        for name, value, written in [
                ("kMaxManifestBytes", "1024 * 1024", "1 MiB"), ("kMaxBytes", "2ULL << 30", "2 GiB"),
                ("kMaxBytes", "std::int64_t{1} << 50", "1 PiB"), ("kMaxNameBytes", "64", "64 bytes"),
                ("kMaxFiles", "20'000", "20,000"), ("kMaxMode", "0755", "0755"),
                ("kMinTime", "100", "100ms"), ("kMostDuration", "30 * 24", "30 days")]:
            self.assertEqual(package_page.amount(name, value), written)

    def limits(self, constants, rows, parser="", prose=""):
        shared = {path: "".join(f"inline constexpr int {name} = 64;\n" for name in names)
                  for path, names in package_page.SHARED_LIMITS.items()}
        rows += "".join(f"| {words} | {package_page.amount(name, '64')} |\n"
                        for names in package_page.SHARED_LIMITS.values()
                        for name, words in names.items())
        return package_page.problems_with_limits(
            {package_page.LIMITS: constants, package_page.PARSER: parser, **shared},
            f"| limit of | at most |\n|---|---|\n{rows}\nat most 64, at most its own\n{prose}")

    def test_limits_both_ways(self):
        files = "inline constexpr std::size_t kMaxFiles = 20'000;  ///< files\n"
        for constants, rows, count in [
                (files, "| files | 20,000 |\n", 0),
                (files, "", 1),
                (files, "| files | 2,000 |\n", 2),
                (files.replace("  ///< files", ""), "", 1),
                ("", "| files | 20,000 |\n", 1),
                (files, "| files | 20,000 |\n| links | 20,000 |\n", 1)]:
            problems = self.limits(constants, rows)
            self.assertEqual(len(problems), count, problems)
        self.assertEqual(len(self.limits("", "", "", "at most 5 KiB, at least 64 bytes")), 1)

    def test_a_limit_has_a_name(self):
        for line, count in [('in.read("pids", limits.pids, 0, kMaxCount);', 0),
                            ('in.read("pids", limits.pids, 0, 1\'000);', 1)]:
            self.assertEqual(len(self.limits("", "", line)), count, line)

    def test_reasons_both_ways(self):
        for package, page, count in [
                ('"PACKAGE_DIGEST"', "`PACKAGE_DIGEST`", 0), ('"PACKAGE_DIGEST"', "", 1),
                ("", "`PACKAGE_GONE`", 1)]:
            found = package_page.problems_with_reasons(package, package, page)
            self.assertEqual(len(found), count, found)


if __name__ == "__main__":
    unittest.main(verbosity=2)
