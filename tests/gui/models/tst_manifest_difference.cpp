// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <functional>

#include "gui/models/manifest_difference.h"
#include "gui/models/package_models.h"

using namespace ifrit;
using domain::Manifest;
using gui::models::ManifestChange;
using gui::models::manifestDifference;
using Change = std::function<void(Manifest&)>;
Q_DECLARE_METATYPE(Change)

namespace {

domain::FileEntry file(const std::string& path) {
    domain::FileEntry out;
    out.path = path;
    out.sizeBytes = 100;
    out.sha256 = "aa11";
    out.mode = 0644;
    return out;
}

Manifest plain() {
    Manifest out;
    out.name = "logd";
    out.version = "4.1.3";
    out.description = "Ships logs.";
    out.machineTypes = {"LINUX", "ARM64"};
    out.start.command = {"bin/logd", "--port=1"};
    out.vars = {{"port", "9100"}};
    domain::Probe probe;
    probe.address = "127.0.0.1:1";
    out.probe = probe;
    out.limits.memoryBytes = 64ULL << 20;
    out.files = {file("bin/logd"), file("etc/logd.conf")};
    return out;
}

/// "changed limits.pids 1 -> 2".
QString textOf(const ManifestChange& change) {
    const char* const kinds[] = {"added", "removed", "changed"};
    QString out = QString::fromLatin1(kinds[static_cast<int>(change.kind)]) +
                  (change.isFile() ? QStringLiteral(" file ") : QStringLiteral(" ")) +
                  QString::fromStdString(change.what);
    if (!change.before.empty())
        out += QStringLiteral(" from ") + QString::fromStdString(change.before);
    if (!change.after.empty()) out += QStringLiteral(" to ") + QString::fromStdString(change.after);
    return out;
}

QStringList textsOf(const Manifest& before, const Manifest& after) {
    QStringList out;
    for (const ManifestChange& change : manifestDifference(before, after))
        out << textOf(change);
    return out;
}

}  // namespace

class TestManifestDifference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachFieldIsTold_data();
    void eachFieldIsTold();
    void whatIsGoneIsRemoved();
    void whatEveryPackageChangesIsNotTold();
    void filesByPathAndWhatOfThemDiffers();
    void fieldsKeepTheManifestsOrder();
    void theTableTellsBothSides();
};

void TestManifestDifference::eachFieldIsTold_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* expected, Change change) {
        QTest::newRow(expected) << std::move(change) << QString::fromUtf8(expected);
    };
    row("changed description from \"Ships logs.\" to \"New\"",
        [](Manifest& m) { m.description = "New"; });
    row("changed machine_types from [\"LINUX\", \"ARM64\"] to [\"LINUX\"]",
        [](Manifest& m) { m.machineTypes.pop_back(); });
    row("changed probation from \"10s\" to \"1m\"",
        [](Manifest& m) { m.probation = std::chrono::minutes(1); });
    row("added withdraws_below to 3", [](Manifest& m) { m.withdrawsBelow = 3; });
    row("changed vars.port from \"9100\" to \"9200\"",
        [](Manifest& m) { m.vars["port"] = "9200"; });
    row("changed start.command from [\"bin/logd\", \"--port=1\"] to [\"bin/logd\"]",
        [](Manifest& m) { m.start.command.pop_back(); });
    row("added start.user to \"logd\"", [](Manifest& m) { m.start.user = "logd"; });
    row("added start.environment.HOME to \"/\"",
        [](Manifest& m) { m.start.environment["HOME"] = "/"; });
    row("changed stop.signal from \"SIGTERM\" to \"SIGINT\"",
        [](Manifest& m) { m.stop.signal = "SIGINT"; });
    row("changed stop.grace from \"10s\" to \"1s\"",
        [](Manifest& m) { m.stop.grace = std::chrono::seconds(1); });
    row("changed probe.interval from \"10s\" to \"5s\"",
        [](Manifest& m) { m.probe->interval = std::chrono::seconds(5); });
    row("changed probe.timeout from \"3s\" to \"1s\"",
        [](Manifest& m) { m.probe->timeout = std::chrono::seconds(1); });
    row("changed probe.failures from 3 to 4", [](Manifest& m) { m.probe->failureThreshold = 4; });
    row("changed probe.tcp from \"127.0.0.1:1\" to \"127.0.0.1:2\"",
        [](Manifest& m) { m.probe->address = "127.0.0.1:2"; });
    row("changed limits.memory_bytes from 67108864 (64.0\u2009MiB) to 67108865 (64.0\u2009MiB)",
        [](Manifest& m) { ++m.limits.memoryBytes; });
    row("removed limits.memory_bytes from 67108864 (64.0\u2009MiB)",
        [](Manifest& m) { m.limits.memoryBytes = 0; });
    row("added limits.cpu_percent to 20", [](Manifest& m) { m.limits.cpuPercent = 20; });
    row("added limits.pids to 8", [](Manifest& m) { m.limits.pids = 8; });
    row("added limits.open_files to 9", [](Manifest& m) { m.limits.openFiles = 9; });
    row("added preflight.disk_bytes to 7", [](Manifest& m) { m.preflight.diskBytes = 7; });
    row("added preflight.ports to [\"9100\"]", [](Manifest& m) { m.preflight.ports = {"9100"}; });
    row("added preflight.min_kernel to \"5.10\"",
        [](Manifest& m) { m.preflight.minKernel = "5.10"; });
    row("added preflight.min_glibc to \"2.36\"",
        [](Manifest& m) { m.preflight.minGlibc = "2.36"; });
    row("added preflight.conflicts to [\"old\"]",
        [](Manifest& m) { m.preflight.conflicts = {"old"}; });
}

void TestManifestDifference::eachFieldIsTold() {
    QFETCH(Change, change);
    QFETCH(QString, expected);
    Manifest after = plain();
    change(after);
    QCOMPARE(textsOf(plain(), after), QStringList{expected});
}

void TestManifestDifference::whatIsGoneIsRemoved() {
    Manifest before = plain();
    before.hooks.preStart = domain::Hook{{"bin/check"}, std::chrono::seconds(30)};
    Manifest after = plain();
    after.probe.reset();
    const QStringList expected = {QStringLiteral("removed probe.tcp from \"127.0.0.1:1\""),
                                  QStringLiteral("removed probe.interval from \"10s\""),
                                  QStringLiteral("removed probe.timeout from \"3s\""),
                                  QStringLiteral("removed probe.failures from 3"),
                                  QStringLiteral("removed hooks.pre_start.command from "
                                                 "[\"bin/check\"]"),
                                  QStringLiteral("removed hooks.pre_start.timeout from \"30s\"")};
    QCOMPARE(textsOf(before, after), expected);
}

void TestManifestDifference::whatEveryPackageChangesIsNotTold() {
    Manifest after = plain();
    after.version = "4.2.0";
    after.index = 7;
    after.archiveSha256 = "bb";
    after.archiveSizeBytes = 1;
    after.unpackedSizeBytes = 2;
    QCOMPARE(textsOf(plain(), after), QStringList());
}

void TestManifestDifference::filesByPathAndWhatOfThemDiffers() {
    Manifest after = plain();
    after.files = {file("bin/logd"), file("etc/logd.conf"), file("share/new")};
    after.files[0].mode = 0755;
    Manifest before = plain();
    before.files.insert(before.files.begin() + 1, file("bin/old"));
    const auto changes = manifestDifference(before, after);
    QCOMPARE(textsOf(before, after), (QStringList{QStringLiteral("changed file bin/logd"),
                                                  QStringLiteral("removed file bin/old"),
                                                  QStringLiteral("added file share/new")}));
    QCOMPARE(changes[0].fileBefore->mode, 0644U);
    QCOMPARE(changes[0].fileAfter->mode, 0755U);
    const std::function<void(domain::FileEntry&)> kinds[] = {
        [](domain::FileEntry& entry) { entry.sha256 = "cc"; },
        [](domain::FileEntry& entry) { entry.sizeBytes = 101; },
        [](domain::FileEntry& entry) {
            entry.kind = domain::FileEntry::Kind::Symlink;
            entry.linkTarget = "logd-4";
        }};
    for (const auto& kind : kinds) {
        Manifest other = plain();
        kind(other.files[0]);
        QCOMPARE(textsOf(plain(), other), QStringList{QStringLiteral("changed file bin/logd")});
    }
}

void TestManifestDifference::fieldsKeepTheManifestsOrder() {
    Manifest before = plain();
    before.vars = {{"a", "1"}, {"b", "1"}, {"d", "1"}};
    Manifest after = plain();
    after.vars = {{"a", "2"}, {"c", "1"}, {"d", "2"}};
    after.limits.pids = 1;
    QCOMPARE(textsOf(before, after),
             (QStringList{QStringLiteral("changed vars.a from \"1\" to \"2\""),
                          QStringLiteral("added vars.c to \"1\""),
                          QStringLiteral("removed vars.b from \"1\""),
                          QStringLiteral("changed vars.d from \"1\" to \"2\""),
                          QStringLiteral("added limits.pids to 1")}));
}

void TestManifestDifference::theTableTellsBothSides() {
    Manifest after = plain();
    after.files[0].mode = 0755;
    after.files[1].kind = domain::FileEntry::Kind::Symlink;
    after.files[1].linkTarget = "logd.ini";
    after.limits.pids = 1;
    gui::models::ManifestChangeModel model;
    model.setRecords(manifestDifference(plain(), after));
    const auto text = [&model](int row, int column) {
        return model.index(row, column).data().toString();
    };
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(text(0, 0), QStringLiteral("added"));
    QCOMPARE(text(0, 1), QStringLiteral("limits.pids"));
    QCOMPARE(text(0, 2), QString());
    QCOMPARE(text(0, 3), QStringLiteral("1"));
    QCOMPARE(text(1, 0), QStringLiteral("file changed"));
    QVERIFY2(text(1, 2).contains(QStringLiteral("0644")), qPrintable(text(1, 2)));
    QVERIFY2(text(1, 3).contains(QStringLiteral("0755")), qPrintable(text(1, 3)));
    QCOMPARE(text(2, 3), QStringLiteral("→ logd.ini"));
}

QTEST_GUILESS_MAIN(TestManifestDifference)
#include "tst_manifest_difference.moc"
