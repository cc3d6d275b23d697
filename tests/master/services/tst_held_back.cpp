// SPDX-License-Identifier: Apache-2.0
#include "master/services/held_back.h"

#include <QTest>
#include <map>
#include <memory>

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::ReleaseState;

namespace {

const std::string kOld(64, '1');
const std::string kNew(64, '2');
constexpr std::uint64_t kServedEtag = 1;

/// 2026-11-25T10:00:00Z, a Wednesday.
base::WallTime now() {
    return base::fromUnixMillis(1'795'600'800'000);
}

/// A machine that runs logd 1 and should run 2, by release r1.
struct Waiting {
    Waiting() {
        entry.agent = "logd";
        entry.version = "2";
        entry.manifestDigest = kNew;
        entry.releaseId = "r1";
        entry.timestamp = now();
        report.agent = "logd";
        report.runningVersion = "1";
        report.runningDigest = kOld;
        report.desiredDigest = kNew;
        head.release.id = "r1";
        head.release.state = ReleaseState::Running;
    }
    std::vector<HeldBack> heldBack() const {
        StoredMachine stored;
        stored.facts.uuid = "m";
        stored.facts.machineType = "LINUX";
        if (!report.agent.empty()) stored.agents = {report};
        MachineView view;
        view.record = std::make_shared<const MachineRecord>(MachineRecord{HeldMachine(stored), 1});
        view.held = {heldGeneration, heldEtag};
        const auto headOf = [this](const std::string& id) -> release::Head {
            return id == "r1" ? std::make_shared<const release::Model>(head) : nullptr;
        };
        return heldBackOf(view, {7, kServedEtag, {entry}}, conditions, now(), headOf);
    }
    std::string reason() const {
        const auto all = heldBack();
        return all.empty() ? std::string("nothing") : all.front().agent + " " + all.front().reason;
    }

    domain::DesiredEntry entry;
    domain::AgentReport report;
    release::Model head;
    release::Conditions conditions;
    std::uint64_t heldGeneration = 7;
    std::uint64_t heldEtag = 2;
};

}  // namespace

class TestHeldBack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingHoldsBackWhoMaySwitch() {
        Waiting one;
        QCOMPARE(one.reason(), std::string("nothing"));
    }

    void whoRunsItIsNotHeldBack() {
        Waiting one;
        one.head.release.state = ReleaseState::Paused;
        QCOMPARE(one.reason(), std::string("logd RELEASE_PAUSED"));
        one.report.runningDigest = kNew;
        QCOMPARE(one.reason(), std::string("nothing"));
        one.entry.action = domain::DesiredAction::Uninstall;
        one.entry.manifestDigest.clear();
        QCOMPARE(one.reason(), std::string("logd RELEASE_PAUSED"));
        // As a machine says that it has uninstalled it.
        one.report.runningVersion.clear();
        one.report.runningDigest.clear();
        one.report.state = domain::MachineState::Healthy;
        QCOMPARE(one.reason(), std::string("nothing"));
        one.report = {};
        QCOMPARE(one.reason(), std::string("nothing"));
    }

    void theReleaseHolds() {
        Waiting one;
        one.head.release.state = ReleaseState::Halted;
        QCOMPARE(one.reason(), std::string("logd RELEASE_HALTED"));
        one.head.release.state = ReleaseState::Done;
        QCOMPARE(one.reason(), std::string("nothing"));
    }

    void theWindowsHold() {
        Waiting one;
        one.head.release.spec.windows.weekly = {
            domain::parseWeeklyWindow("Thu 09:00-17:00").value()};
        const auto all = one.heldBack();
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].reason, std::string("OUTSIDE_WINDOW"));
        QVERIFY2(all[0].message.find("2026-11-26 09:00 UTC") != std::string::npos,
                 all[0].message.c_str());
        QCOMPARE(all[0].opens, std::optional<base::WallTime>(now() + std::chrono::hours(23)));
    }

    void aFreezeHolds() {
        Waiting one;
        const domain::FreezeMark freeze{"f", "ada", "it burns", {}, {}, {}, {}};
        one.conditions.freeze = &freeze;
        QCOMPARE(one.reason(), std::string("logd CLUSTER_FROZEN"));
    }

    /// What only the leader counts: permits in flight, the cap, late joiners.
    void theMachinesOwnWordIsPassedOn() {
        Waiting one;
        one.report.lastError.emplace();
        one.report.lastError->reason = "PERMIT_REFUSED";
        one.report.lastError->message = "MAX_CHANGE_PER_WINDOW: 20 machines changed";
        const auto all = one.heldBack();
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].reason, std::string("PERMIT_REFUSED"));
        QCOMPARE(all[0].message, std::string("MAX_CHANGE_PER_WINDOW: 20 machines changed"));
        // Of another version it says nothing of this one.
        one.report.desiredDigest = kOld;
        QCOMPARE(one.reason(), std::string("nothing"));
        // What the master knows itself is newer.
        one.report.desiredDigest = kNew;
        one.head.release.state = ReleaseState::Paused;
        QCOMPARE(one.reason(), std::string("logd RELEASE_PAUSED"));
    }

    void aMachineThatIsAheadFollowsNothing() {
        Waiting one;
        one.heldGeneration = 12;
        one.head.release.state = ReleaseState::Paused;
        const auto all = one.heldBack();
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].agent, std::string());
        QCOMPARE(all[0].reason, std::string("GENERATION_BACKWARDS"));
        for (const char* number : {"12", "7"})
            QVERIFY2(all[0].message.find(number) != std::string::npos, all[0].message.c_str());
    }
    /// The newer generation changed nothing for it, or came from a master that was faster: it runs
    /// what is served, and what holds that back is something else.
    void aMachineThatHoldsWhatIsServedIsNotAhead() {
        Waiting one;
        one.heldGeneration = 12;
        one.heldEtag = kServedEtag;
        QCOMPARE(one.reason(), std::string("nothing"));
        one.head.release.state = ReleaseState::Paused;
        QCOMPARE(one.reason(), std::string("logd RELEASE_PAUSED"));
    }
};

QTEST_GUILESS_MAIN(TestHeldBack)
#include "tst_held_back.moc"
