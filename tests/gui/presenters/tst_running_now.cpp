// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/running_now.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using gui::models::FleetStore;
using gui::presenters::RunningNow;
using tests::ScriptMachine;

namespace {

/// Machines of LINUX run 1.9, 1.10, 1.10 and none; one of ARM64 runs 1.10.
std::vector<ScriptMachine> mixed() {
    std::vector<ScriptMachine> out = tests::plainMachines(5);
    const char* const versions[] = {"1.9", "1.10", "1.10", "", "1.10"};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].type = i == 4 ? "ARM64" : "LINUX";
        out[i].agents.clear();
        tests::ScriptAgent other;
        other.name = "metrics";
        other.running = "7.0";
        out[i].agents.push_back(other);
        if (*versions[i] == '\0') continue;
        tests::ScriptAgent agent;
        agent.name = "logd";
        agent.running = versions[i];
        out[i].agents.push_back(agent);
    }
    return out;
}

}  // namespace

class TestRunningNow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsByTypeAndVersion() {
        tests::FleetScript script;
        FleetStore store;
        store.apply(script.snapshot(mixed()));
        RunningNow running;
        const RunningNow::ByType& all = running.of("logd", store);
        QCOMPARE(all.size(), std::size_t{2});
        const RunningNow::OfType linux{4, {{"1.10", 2}, {"1.9", 1}}};
        QVERIFY(all.at("LINUX") == linux);
        const RunningNow::OfType arm{1, {{"1.10", 1}}};
        QVERIFY(all.at("ARM64") == arm);
        QVERIFY(running.of("unheard-of", store).at("LINUX").versions.empty());
    }
    void whatIsRemovedIsNotCounted() {
        tests::FleetScript script;
        FleetStore store;
        store.apply(script.snapshot(mixed()));
        RunningNow running;
        QCOMPARE(running.of("logd", store).at("LINUX").machines, 4U);
        store.apply(script.delta({}, {mixed()[0].uuid}));
        running.forget();
        QCOMPARE(running.of("logd", store).at("LINUX").machines, 3U);
    }
    void saysWhatChanges_data() {
        QTest::addColumn<QStringList>("types");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("says");
        const QString linux = QStringLiteral("LINUX");
        const QString arm = QStringLiteral("ARM64");
        QTest::newRow("a newer one") << QStringList{linux} << QStringLiteral("1.11")
                                     << QStringLiteral(
                                            "LINUX: 1.10 on 2, 1.9 on 1, none on 1\n"
                                            "4 of 4 change");
        QTest::newRow("one that some run")
            << QStringList{arm, linux} << QStringLiteral("1.10")
            << QStringLiteral(
                   "ARM64: 1.10 on 1 · LINUX: 1.10 on 2, 1.9 on 1, none on 1\n2 of 5 change");
        QTest::newRow("none") << QStringList{linux} << QString()
                              << QStringLiteral(
                                     "LINUX: 1.10 on 2, 1.9 on 1, none on 1\n3 of 4 change");
        QTest::newRow("no machine of the type")
            << QStringList{QStringLiteral("WINDOWS")} << QStringLiteral("1.10") << QString();
    }
    void saysWhatChanges() {
        QFETCH(QStringList, types);
        QFETCH(QString, version);
        QFETCH(QString, says);
        tests::FleetScript script;
        FleetStore store;
        store.apply(script.snapshot(mixed()));
        RunningNow running;
        QCOMPARE(RunningNow::sentenceOf(running.of("logd", store), types, version), says);
    }
    void manyVersionsAreCountedTogether() {
        const RunningNow::ByType all = {
            {"LINUX", {10, {{"5", 1}, {"4", 2}, {"3", 3}, {"2", 2}, {"1", 2}}}}};
        QCOMPARE(RunningNow::sentenceOf(all, {QStringLiteral("LINUX")}, QStringLiteral("1")),
                 QStringLiteral("LINUX: 5 on 1, 4 on 2, 3 on 3, others on 4\n8 of 10 change"));
    }
};

QTEST_GUILESS_MAIN(TestRunningNow)
#include "tst_running_now.moc"
