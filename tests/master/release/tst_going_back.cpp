// SPDX-License-Identifier: Apache-2.0
// Who is taken back, and who only joined: windows and turns hold for the second.
#include <QTest>

#include "master/release/going_back.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;

Q_DECLARE_METATYPE(ReleaseState)

namespace {

base::WallTime hour(int count) {
    return base::WallTime(std::chrono::hours(count));
}

/// Release `number` of logd on LINUX, started at that hour; it moved machines to "new N".
Model head(int number, ReleaseState state) {
    Model out;
    out.release.id = "r" + std::to_string(number);
    out.release.number = static_cast<std::uint64_t>(number);
    out.release.state = state;
    out.release.spec.agent = "logd";
    out.release.spec.machineTypes = {"LINUX"};
    if (state == ReleaseState::Draft) return out;
    out.release.started = out.stamp = hour(number);
    out.targets["LINUX"] = {{}, std::to_string(number), "new " + std::to_string(number)};
    return out;
}

/// Joined long ago.
Asker asker(const std::string& runs) {
    return {"m0", "LINUX", runs, hour(0)};
}

void addMachine(Model& model, const std::string& uuid, bool opened) {
    MachineProgress& machine = model.machines[uuid];
    machine.uuid = uuid;
    machine.opened = opened;
}

Heads headsOf(const std::vector<Model>& models) {
    Heads out;
    for (const Model& model : models)
        out[model.release.id] = std::make_shared<const Model>(model);
    return out;
}

bool goesBack(const Asker& asker, const Model& of, const std::vector<Model>& others = {}) {
    Heads heads = headsOf(others);
    heads[of.release.id] = std::make_shared<const Model>(of);
    return master::release::goesBack(asker, of, takenBackSince(of, asker.machineType, heads));
}

}  // namespace

class TestGoingBack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takenBackAreThoseThatStartedSince() {
        Model other = head(4, ReleaseState::RolledBack);
        other.release.spec.agent = "metrics";
        Model elsewhere = head(5, ReleaseState::RolledBack);
        elsewhere.release.spec.machineTypes = {"ARM64"};
        // Made after 6 and started before it.
        Model late = head(2, ReleaseState::Aborted);
        late.release.number = 9;
        const Heads heads =
            headsOf({head(1, ReleaseState::RolledBack), late, head(3, ReleaseState::RollingBack),
                     other, elsewhere, head(6, ReleaseState::Done), head(7, ReleaseState::Draft),
                     head(8, ReleaseState::RolledBack)});
        const auto idsOf = [&heads](const Model& of) {
            std::vector<std::string> out;
            for (const Model* one : takenBackSince(of, "LINUX", heads))
                out.push_back(one->release.id);
            return out;
        };
        QCOMPARE(idsOf(head(3, ReleaseState::RollingBack)), (std::vector<std::string>{"r3", "r8"}));
        QCOMPARE(idsOf(head(6, ReleaseState::Done)), std::vector<std::string>{"r8"});
    }

    void whoRunsItLeaves_data() {
        QTest::addColumn<ReleaseState>("state");
        QTest::addColumn<bool>("leaves");
        QTest::newRow("rolling back") << ReleaseState::RollingBack << true;
        QTest::newRow("rolled back") << ReleaseState::RolledBack << true;
        QTest::newRow("aborted") << ReleaseState::Aborted << true;
        QTest::newRow("done") << ReleaseState::Done << false;
        QTest::newRow("running") << ReleaseState::Running << false;
    }
    void whoRunsItLeaves() {
        QFETCH(const ReleaseState, state);
        QFETCH(const bool, leaves);
        const Model settled = head(1, ReleaseState::Done);
        QCOMPARE(goesBack(asker("new 2"), settled, {head(2, state)}), leaves);
        QCOMPARE(goesBack(asker("new 2"), head(2, state)), leaves);
        // Who has nothing, or something else, came late, whatever became of the release.
        QVERIFY(!goesBack(asker(""), settled, {head(2, state)}));
        QVERIFY(!goesBack(asker("older"), settled, {head(2, state)}));
        QVERIFY(!goesBack(asker(""), head(2, state)));
    }

    void whileItRollsBackItsMachinesAreKnown() {
        Model rolling = head(2, ReleaseState::RollingBack);
        addMachine(rolling, "m0", true);
        addMachine(rolling, "m1", false);
        QVERIFY(goesBack(asker("older"), rolling));
        QVERIFY(goesBack(asker("older"), head(1, ReleaseState::Done), {rolling}));
        Asker untouched = asker("older");
        untouched.uuid = "m1";
        QVERIFY(!goesBack(untouched, rolling));
        untouched.uuid = "m2";
        QVERIFY(!goesBack(untouched, rolling));
    }

    // Its report names no version then.
    void whoIsDownLeaves_data() {
        QTest::addColumn<bool>("isDown");
        QTest::addColumn<QString>("knownBad");
        QTest::addColumn<bool>("leaves");
        QTest::newRow("crash-looping") << true << QString() << true;
        QTest::newRow("it failed there and left nothing")
            << false << QStringLiteral("new 2") << true;
        QTest::newRow("another failed there") << false << QStringLiteral("new 9") << false;
        QTest::newRow("it has none") << false << QString() << false;
    }
    void whoIsDownLeaves() {
        QFETCH(const bool, isDown);
        QFETCH(const QString, knownBad);
        QFETCH(const bool, leaves);
        Asker broken = asker("");
        broken.firstSeen = hour(3);
        broken.isDown = isDown;
        if (!knownBad.isEmpty()) broken.knownBad = {knownBad.toStdString()};
        const Model settled = head(1, ReleaseState::Done);
        QCOMPARE(goesBack(broken, settled, {head(2, ReleaseState::RolledBack)}), leaves);
        QCOMPARE(goesBack(broken, head(2, ReleaseState::RollingBack)), leaves);
        QVERIFY(!goesBack(broken, head(2, ReleaseState::Done)));
        // What took the agent away broke nobody's.
        Model uninstalls = head(2, ReleaseState::RolledBack);
        uninstalls.targets["LINUX"] = {domain::DesiredAction::Uninstall, {}, {}};
        QVERIFY(!goesBack(broken, uninstalls));
        // It runs something else, whatever failed there.
        broken.runningDigest = "older";
        QVERIFY(!goesBack(broken, settled, {head(2, ReleaseState::RolledBack)}));
    }

    // It takes the agent away, so whoever is new looks like one that it was taken from.
    void whoJoinedAfterAnUninstallIsToldApart() {
        Model uninstalls = head(2, ReleaseState::RolledBack);
        uninstalls.targets["LINUX"] = {domain::DesiredAction::Uninstall, {}, {}};
        QVERIFY(goesBack(asker(""), uninstalls));
        Asker joined = asker("");
        joined.firstSeen = hour(3);
        QVERIFY(!goesBack(joined, uninstalls));
    }

    void entriesForOneMachineAndUninstallsAreOfItsOwn() {
        Asker pinned = asker("");
        pinned.isNamed = true;
        QVERIFY(goesBack(pinned, head(2, ReleaseState::Aborted)));
        QVERIFY(!goesBack(pinned, head(2, ReleaseState::Done)));
        Asker leaving = asker("older");
        leaving.uninstalls = true;
        QVERIFY(goesBack(leaving, head(2, ReleaseState::RolledBack)));
        QVERIFY(!goesBack(leaving, head(2, ReleaseState::Done)));
    }
};

QTEST_GUILESS_MAIN(TestGoingBack)
#include "tst_going_back.moc"
