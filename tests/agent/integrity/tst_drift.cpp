// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>

#include "agent/integrity/drift.h"

namespace ifrit::tests {

using agent::integrity::Drift;
using agent::integrity::DriftKind;
using agent::integrity::FileKind;
using agent::integrity::ObservedFile;
using agent::integrity::ObservedTree;

namespace {

using Kind = domain::FileEntry::Kind;

constexpr agent::integrity::Owner kOwner{10, 20};
const std::string kApp(64, 'a');
const std::string kToml(64, 'b');

domain::Manifest manifest() {
    domain::Manifest made;
    made.files = {{"bin/app", Kind::Regular, 5, kApp, 0755, ""},
                  {"etc/conf.d/app.toml", Kind::Regular, 7, kToml, 0644, ""},
                  {"lib/now", Kind::Symlink, 0, "", 0, "../bin"},
                  {"lib/plugin.so.1", Kind::Regular, 5, kApp, 0644, ""},
                  {"licence", Kind::Regular, 5, kApp, 0644, ""}};
    made.start.command = {"bin/app", "--config=${root}/etc/conf.d", "--data=${data_dir}"};
    return made;
}

ObservedFile regular(std::uint64_t size, const std::string& sha256, std::uint32_t mode) {
    return {FileKind::Regular, size, mode, 10, 20, sha256, "", ""};
}

ObservedFile directory() {
    return {FileKind::Directory, 0, 0755, 10, 20, "", "", ""};
}

/// As it was installed.
ObservedTree intact() {
    return {{".", directory()},
            {"bin", directory()},
            {"etc", directory()},
            {"etc/conf.d", directory()},
            {"lib", directory()},
            {"bin/app", regular(5, kApp, 0755)},
            {"etc/conf.d/app.toml", regular(7, kToml, 0644)},
            {"lib/now", {FileKind::Symlink, 0, 0, 10, 20, "", "../bin", ""}},
            {"lib/plugin.so.1", regular(5, kApp, 0644)},
            {"licence", regular(5, kApp, 0644)}};
}

struct Case {
    const char* name;
    std::function<void(ObservedTree&)> change;
    std::vector<Drift> expected;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {"as installed", [](auto&) {}, {}},
        {"deleted",
         [](auto& tree) { tree.erase("bin/app"); },
         {{DriftKind::Missing, "bin/app", "missing"}}},
        {"other content, same size",
         [](auto& tree) { tree["bin/app"].sha256 = kToml; },
         {{DriftKind::Changed, "bin/app", "other content"}}},
        {"other size",
         [](auto& tree) { tree["bin/app"].sizeBytes = 6; },
         {{DriftKind::Changed, "bin/app", "6 bytes instead of 5"}}},
        {"never read",
         [](auto& tree) { tree["bin/app"].sha256.clear(); },
         {{DriftKind::Changed, "bin/app", "other content"}}},
        {"cannot be read",
         [](auto& tree) { tree["bin/app"].unreadable = "Input/output error"; },
         {{DriftKind::Changed, "bin/app", "cannot be read: Input/output error"}}},
        {"a link in its place",
         [](auto& tree) { tree["bin/app"].kind = FileKind::Symlink; },
         {{DriftKind::Changed, "bin/app", "a link instead of a regular file"}}},
        {"a fifo in its place",
         [](auto& tree) { tree["bin/app"].kind = FileKind::Other; },
         {{DriftKind::Changed, "bin/app",
           "neither file nor link nor directory instead of a regular file"}}},
        {"a file in place of a link",
         [](auto& tree) { tree["lib/now"] = regular(0, "", 0644); },
         {{DriftKind::Changed, "lib/now", "a regular file instead of a link"}}},
        {"a link elsewhere",
         [](auto& tree) { tree["lib/now"].linkTarget = "/tmp"; },
         {{DriftKind::Changed, "lib/now", "points to '/tmp' instead of '../bin'"}}},
        {"mode",
         [](auto& tree) { tree["licence"].mode = 0666; },
         {{DriftKind::Mode, "licence", "mode 0666 instead of 0644"}}},
        {"setuid",
         [](auto& tree) { tree["bin/app"].mode = 04755; },
         {{DriftKind::Mode, "bin/app", "mode 4755 instead of 0755"}}},
        {"owner",
         [](auto& tree) { tree["licence"].userId = 1000; },
         {{DriftKind::Owner, "licence", "owner 1000:20 instead of 10:20"}}},
        {"group",
         [](auto& tree) { tree["licence"].groupId = 7; },
         {{DriftKind::Owner, "licence", "owner 10:7 instead of 10:20"}}},
        {"owner of a link",
         [](auto& tree) { tree["lib/now"].userId = 1; },
         {{DriftKind::Owner, "lib/now", "owner 1:20 instead of 10:20"}}},
        {"content, owner and mode are one",
         [](auto& tree) { tree["licence"] = {FileKind::Regular, 5, 0600, 0, 0, "x", "", ""}; },
         {{DriftKind::Changed, "licence",
           "other content, owner 0:0 instead of 10:20, mode 0600 instead of 0644"}}},
        {"open directory",
         [](auto& tree) { tree["etc"].mode = 0777; },
         {{DriftKind::Mode, "etc", "mode 0777 instead of 0755"}}},
        {"the version's own directory",
         [](auto& tree) { tree["."].userId = 1; },
         {{DriftKind::Owner, ".", "owner 1:20 instead of 10:20"}}},
        {"a link in place of a directory",
         [](auto& tree) {
             tree["bin"] = {FileKind::Symlink, 0, 0, 10, 20, "", "/tmp", ""};
             tree.erase("bin/app");
         },
         {{DriftKind::Changed, "bin", "a link instead of a directory"},
          {DriftKind::Missing, "bin/app", "missing"}}},
        {"an added file",
         [](auto& tree) { tree["bin/evil"] = regular(1, "", 0755); },
         {{DriftKind::Added, "bin/evil", "a regular file"}}},
        {"an added link",
         [](auto& tree) { tree["bin/evil"].kind = FileKind::Symlink; },
         {{DriftKind::Added, "bin/evil", "a link"}}},
        {"an added empty directory is none", [](auto& tree) { tree["cache"] = directory(); }, {}},
        {"what an added directory holds",
         [](auto& tree) {
             tree["cache"] = directory();
             tree["cache/x"] = regular(1, "", 0644);
         },
         {{DriftKind::Added, "cache/x", "a regular file"}}},
        {"an added directory that nobody can look into",
         [](auto& tree) {
             tree["cache"] = directory();
             tree["cache"].unreadable = "too deep";
         },
         {{DriftKind::Added, "cache", "a directory"}}},
        {"everything is gone",
         [](auto& tree) { tree.clear(); },
         {{DriftKind::Missing, "bin/app", "missing"},
          {DriftKind::Missing, "etc/conf.d/app.toml", "missing"},
          {DriftKind::Missing, "lib/now", "missing"},
          {DriftKind::Missing, "lib/plugin.so.1", "missing"},
          {DriftKind::Missing, "licence", "missing"}}},
    };
    return kCases;
}

}  // namespace

class DriftTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsWhatDiffers_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(cases().size()); ++i)
            QTest::addRow("%s", cases()[static_cast<std::size_t>(i)].name) << i;
    }
    void findsWhatDiffers() {
        QFETCH(int, index);
        const Case& one = cases()[static_cast<std::size_t>(index)];
        ObservedTree tree = intact();
        one.change(tree);
        const std::vector<Drift> found = findDrift(manifest(), tree, kOwner);
        for (const Drift& drift : found)
            qInfo("%s: %s", drift.path.c_str(), drift.detail.c_str());
        QVERIFY(found == one.expected);
    }

    void summaryCountsAndNamesTheFirst() {
        using agent::integrity::summaryOf;
        QCOMPARE(summaryOf({}), std::string());
        QCOMPARE(summaryOf({{DriftKind::Added, "a", ""}}), std::string("1 added: a"));
        QCOMPARE(summaryOf({{DriftKind::Changed, "a", ""},
                            {DriftKind::Missing, "b", ""},
                            {DriftKind::Changed, "c", ""},
                            {DriftKind::Mode, "d", ""},
                            {DriftKind::Owner, "e", ""}}),
                 std::string("1 missing, 2 changed, 1 owner, 1 mode: a, b, c and 2 more"));
    }

    void touchesProgram_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* name, DriftKind kind, const char* path, bool expected) {
            QTest::newRow(name) << int(kind) << QString::fromUtf8(path) << expected;
        };
        row("the program", DriftKind::Changed, "bin/app", true);
        row("the program is gone", DriftKind::Missing, "bin/app", true);
        row("the program's mode", DriftKind::Mode, "bin/app", false);
        row("the program's owner", DriftKind::Owner, "bin/app", false);
        row("its configuration", DriftKind::Changed, "etc/conf.d/app.toml", true);
        row("something beside its configuration", DriftKind::Added, "etc/conf.d/x", true);
        row("a name that only begins alike", DriftKind::Added, "etc/conf.d2", false);
        row("a shared object", DriftKind::Changed, "lib/plugin.so.1", true);
        row("a text", DriftKind::Changed, "licence", false);
        row("an added file that nothing names", DriftKind::Added, "bin/x", false);
    }
    void touchesProgram() {
        QFETCH(int, kind);
        QFETCH(QString, path);
        QFETCH(bool, expected);
        const Drift drift{static_cast<DriftKind>(kind), path.toStdString(), ""};
        QCOMPARE(agent::integrity::touchesProgram(manifest(), {drift}), expected);
    }

    void aNamedRootIsEverything() {
        domain::Manifest made = manifest();
        made.start.command = {"/usr/bin/python3", "-m", "app"};
        const std::vector<Drift> drift{{DriftKind::Changed, "licence", ""}};
        QVERIFY(!agent::integrity::touchesProgram(made, drift));
        made.start.environment["PYTHONPATH"] = "/usr/lib:${root}/";
        QVERIFY(agent::integrity::touchesProgram(made, drift));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::DriftTest)
#include "tst_drift.moc"
