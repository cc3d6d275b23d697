// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/reconcile/plan.h"
#include "agent/reconcile/reasons.h"
#include "shared/domain/enum_names.h"
#include "tests/agent/reconcile/reconcile_facts.h"

namespace reconcile = ifrit::agent::reconcile;
using namespace reconcile::test;  // NOLINT: one test file
using ifrit::agent::journal::Operation;
using ifrit::agent::supervise::Health;
using ifrit::agent::supervise::Phase;
using ifrit::domain::DesiredAction;
using reconcile::PackageProgress;
using std::chrono::milliseconds;
using std::chrono::seconds;

Q_DECLARE_METATYPE(reconcile::AgentFacts)

namespace {

/// "healthy: -" or "downloading: download, unpack, ...".
std::string shown(const reconcile::AgentPlan& plan) {
    std::string out(ifrit::domain::nameOf(plan.state));
    out += ":";
    if (plan.actions.empty()) return out + " -";
    for (const auto& action : plan.actions) {
        out += ' ';
        out += reconcile::nameOf(action.kind);
        out += ',';
    }
    out.pop_back();
    return out;
}

FactsBuilder facts() {
    return {};
}

constexpr char kRest[] = "ask permit, switch, watch, commit";

void row(const char* name, const reconcile::AgentFacts& situation, const std::string& expected) {
    QTest::newRow(name) << situation << QString::fromStdString(expected);
}

}  // namespace

class PlanTest : public QObject {
    Q_OBJECT

    static void steadyRows() {
        row("nobody names it, nothing there", facts(), "unmanaged: -");
        row("nobody names it, it runs", facts().has("1", kDigest1).runs(kDigest1), "unmanaged: -");
        row("nobody names it, it does not run", facts().has("1", kDigest1), "unmanaged: start");
        row("runs what this release brought",
            facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1), "healthy: -");
        row("runs what another release brought",
            facts().wants("1", kDigest1, "R2").has("1", kDigest1).runs(kDigest1), "already: -");
        auto unseen = facts().wants("1", kDigest1).has("1", kDigest1);
        row("right version, not looked at yet", unseen, "watching: start");
        unseen.raw().localError =
            ifrit::domain::AgentError{"START_FAILED", "no", "start", 1, kNow - seconds(1)};
        row("right version, and it could not be started", unseen, "degraded: start");
        row("right version, stopped",
            facts()
                .wants("1", kDigest1)
                .has("1", kDigest1)
                .runs(kDigest1, Health::Unknown, Phase::Stopped),
            "degraded: start");
        row("journal and supervisor differ",
            facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest2), "degraded: start");
        row("unhealthy",
            facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1, Health::Unhealthy),
            "degraded: -");
        row("no verdict yet",
            facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1, Health::Unknown),
            "watching: -");
        row("backing off",
            facts()
                .wants("1", kDigest1)
                .has("1", kDigest1)
                .runs(kDigest1, Health::Unhealthy, Phase::BackingOff),
            "degraded: -");
        auto looping = facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1);
        looping.raw().process->crashLooping = true;
        row("a crash loop is never healthy", looping, "degraded: -");
        auto bare = facts().wants("1", kDigest1).has("1", kDigest1);
        bare.raw().dataOnDisk = false;
        row("without its data directory it runs on", FactsBuilder(bare).runs(kDigest1),
            "healthy: -");
        bare.runs(kDigest1, Health::Unhealthy, Phase::BackingOff);
        row("without its data directory it is started by us", bare, "degraded: start");
        bare.raw().process->crashLooping = true;
        row("and so in a crash loop", bare, "degraded: start");
        row(
            "and where nobody names it",
            [&] {
                auto unnamed = bare;
                unnamed.raw().desired.reset();
                return unnamed;
            }(),
            "unmanaged: start");
    }

    static void installRows() {
        row("first install from nothing", facts().wants("2", kDigest2),
            std::string("scheduled: fetch manifest, preflight, download, unpack, ") + kRest);
        row("manifest there", facts().wants("2", kDigest2).package(PackageProgress::Manifest),
            std::string("scheduled: preflight, download, unpack, ") + kRest);
        row("preflight passed",
            facts().wants("2", kDigest2).package(PackageProgress::Manifest, true),
            std::string("downloading: download, unpack, ") + kRest);
        row("archive there", facts().wants("2", kDigest2).package(PackageProgress::Archive, true),
            std::string("verifying: unpack, ") + kRest);
        row("no permit, no switch",
            facts().wants("2", kDigest2).package(PackageProgress::Unpacked, true),
            std::string("waiting_permit: ") + kRest);
        row("permit",
            facts()
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .permit(kDigest2, seconds(5)),
            "installing: switch, watch, commit");
        row("permit over",
            facts()
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .permit(kDigest2, milliseconds(0)),
            std::string("waiting_permit: ") + kRest);
        auto setBack = facts()
                           .wants("2", kDigest2)
                           .package(PackageProgress::Unpacked, true)
                           .permit(kDigest2, seconds(60));
        setBack.raw().steadyNow += seconds(61);
        row("permit over, whatever the wall clock says", setBack,
            std::string("waiting_permit: ") + kRest);
        row("permit for another version",
            facts()
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .permit(kDigest1, seconds(5)),
            std::string("waiting_permit: ") + kRest);
        row("permit of another release",
            facts()
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .permit(kDigest2, seconds(5), "R0"),
            std::string("waiting_permit: ") + kRest);
        row("upgrade keeps the old one running", facts().wants("2", kDigest2).has("1", kDigest1),
            std::string("scheduled: start, fetch manifest, preflight, download, unpack, ") + kRest);
        row("rollback to what is on disk downloads nothing",
            facts()
                .wants("1", kDigest1)
                .has("2", kDigest2)
                .runs(kDigest2)
                .package(PackageProgress::Unpacked),
            std::string("scheduled: preflight, ") + kRest);
    }

    static void failureRows() {
        row("known bad, old one runs",
            facts().wants("2", kDigest2).has("1", kDigest1).runs(kDigest1).knownBad(kDigest2),
            "reverted: -");
        row("known bad, old one must be started",
            facts().wants("2", kDigest2).has("1", kDigest1).knownBad(kDigest2), "reverted: start");
        row("known bad, there was no old one", facts().wants("2", kDigest2).knownBad(kDigest2),
            "failed: -");
        row("known bad is about one digest only", facts().wants("2", kDigest2).knownBad(kDigest1),
            std::string("scheduled: fetch manifest, preflight, download, unpack, ") + kRest);
        row("known bad, but it is what runs",
            facts().wants("2", kDigest2).has("2", kDigest2).runs(kDigest2).knownBad(kDigest2),
            "healthy: -");
        row("back-off",
            facts().wants("2", kDigest2).failed(kDigest2, reconcile::kDownloadFailed, seconds(1)),
            "downloading: wait");
        row("back-off, final reason",
            facts().wants("2", kDigest2).failed(kDigest2, reconcile::kPreflightDisk, seconds(1)),
            "failed: wait");
        row("back-off over",
            facts().wants("2", kDigest2).failed(kDigest2, reconcile::kDownloadFailed, seconds(0)),
            std::string("scheduled: fetch manifest, preflight, download, unpack, ") + kRest);
        row("back-off of another version",
            facts().wants("2", kDigest2).failed(kDigest1, reconcile::kDownloadFailed, seconds(9)),
            std::string("scheduled: fetch manifest, preflight, download, unpack, ") + kRest);
        row("permit refused",
            facts()
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .failed(kDigest2, reconcile::kPermitRefused, seconds(1)),
            "waiting_permit: wait");
    }

    static FactsBuilder watching(Health health) {
        return facts()
            .wants("2", kDigest2)
            .has("2", kDigest2)
            .runs(kDigest2, health)
            .step(reconcile::kWatching, kDigest2);
    }

    static void stepRows() {
        const auto begun = [](std::string_view position) {
            return facts()
                .wants("2", kDigest2)
                .has("1", kDigest1)
                .runs(kDigest1)
                .step(position, kDigest2);
        };
        row("cut short with a permit", begun(reconcile::kPermitted), "installing: recover");
        row("cut short in the switch", begun(reconcile::kSwitching), "installing: recover");
        row("cut short in the start", begun(reconcile::kStarting), "installing: recover");
        row("cut short in the revert", begun(reconcile::kReverting), "installing: recover");
        row("a begun step needs no desired state",
            facts().has("1", kDigest1).step(reconcile::kReverting, kDigest2),
            "installing: recover");
        row("a begun uninstall is finished without a permit",
            facts().has("1", kDigest1).step(reconcile::kRemoving, "", Operation::Uninstall),
            "installing: uninstall");
        const auto removing = [](const std::string& failedDigest) {
            return facts()
                .has("1", kDigest1)
                .step(reconcile::kRemoving, "", Operation::Uninstall)
                .failed(failedDigest, reconcile::kStopFailed, seconds(2));
        };
        row("a begun uninstall that failed waits", removing(""), "failed: wait");
        row("and is not delayed by what an install waited for", removing(kDigest2),
            "installing: uninstall");
        auto again = facts().wants("2", kDigest2).has("2", kDigest2).runs(kDigest2);
        again.raw().record.unproved = kDigest2;
        row("what lost its probation and is wanted again has yet to pass it",
            again.package(PackageProgress::Unpacked, true),
            std::string("waiting_permit: ") + kRest);
        row("probation passed", watching(Health::Healthy), "watching: commit");
        row("probation failed", watching(Health::Unhealthy), "watching: revert");
        row("probation runs", watching(Health::Unknown), "watching: watch, commit");
        row("probation over because something else is wanted",
            watching(Health::Unknown).wants("3", std::string(64, '3')),
            "watching: give up probation");
        auto lost = watching(Health::Healthy);
        lost.raw().manifestLost = true;
        row("a manifest that was lost in probation", lost, "watching: revert");
        lost.raw().process.reset();
        row("a manifest that was lost before our restart", lost, "watching: revert");
        auto unnamed = watching(Health::Unknown);
        unnamed.raw().desired.reset();
        row("probation goes on when nobody names the agent any more", unnamed,
            "watching: watch, commit");
        row("a passed probation counts also when something else is wanted",
            watching(Health::Healthy).wants("3", std::string(64, '3')), "watching: commit");
        auto failing = watching(Health::Unhealthy).wants("1", kDigest1);
        row("a failed probation is reverted also then", failing, "watching: revert");
        auto restarted = watching(Health::Unknown);
        restarted.raw().process.reset();
        row("probation after a restart of ours", restarted, "watching: start");
    }

    static void damagedRows() {
        row("damaged while it runs as wanted",
            facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1).damaged(),
            "healthy: repair");
        row("what is damaged is not started before it is repaired",
            facts().wants("1", kDigest1).has("1", kDigest1).damaged(), "watching: repair, start");
        row("nobody names it", facts().has("1", kDigest1).runs(kDigest1).damaged(),
            "unmanaged: repair");
        row("before a download",
            facts().wants("2", kDigest2).has("1", kDigest1).runs(kDigest1).damaged(),
            "scheduled: repair, fetch manifest, preflight, download, unpack, ask permit, switch, "
            "watch, commit");
        const auto begun = facts().wants("2", kDigest2).has("1", kDigest1).damaged();
        row("never in a step", FactsBuilder(begun).step(reconcile::kSwitching, kDigest2),
            "installing: recover");
        row("never in a probation",
            FactsBuilder(begun).has("2", kDigest2).step(reconcile::kWatching, kDigest2),
            "watching: start");
    }

    /// The machine's address is another than that which its agent was started with.
    static FactsBuilder moved(FactsBuilder facts) {
        facts.raw().addressUsed = "10.0.0.7";
        facts.raw().addressNow = "10.0.0.8";
        return facts;
    }

    static void movedRows() {
        const auto steady = facts().wants("1", kDigest1).has("1", kDigest1);
        row("another address", moved(FactsBuilder(steady).runs(kDigest1)), "healthy: restart");
        row("another address, and damaged", moved(FactsBuilder(steady).runs(kDigest1).damaged()),
            "healthy: repair, restart");
        row("another address, and nothing runs", moved(steady), "watching: start");
        row("another address in a probation that it fails for that",
            moved(watching(Health::Unhealthy)), "watching: restart");
        auto stuck = moved(watching(Health::Unknown));
        stuck.raw().unjudgedEnds = kSteadyNow;
        row("another address in a probation, and it cannot be restarted", stuck,
            "watching: revert");
        auto assumed = moved(FactsBuilder(steady).runs(kDigest1));
        assumed.raw().addressNow.clear();
        row("no address is known yet", assumed, "healthy: -");
    }

    static void uninstallRows() {
        const auto keep = DesiredAction::Uninstall;
        const auto purge = DesiredAction::UninstallPurge;
        row("nothing to remove", facts().wantsRemoved(keep), "healthy: -");
        row("uninstall needs a permit",
            facts().has("1", kDigest1).runs(kDigest1).wantsRemoved(keep),
            "waiting_permit: ask permit, uninstall");
        row("uninstall with one",
            facts().has("1", kDigest1).runs(kDigest1).wantsRemoved(keep).permit("", seconds(5)),
            "installing: uninstall");
        auto data = facts().wantsRemoved(keep);
        data.raw().dataOnDisk = true;
        row("keep leaves data alone", data, "healthy: -");
        row("purge does not", data.wantsRemoved(purge), "waiting_permit: ask permit, uninstall");
        auto half = facts().wantsRemoved(keep);
        half.raw().versionsOnDisk = true;
        row("versions that were only unpacked go too", half,
            "waiting_permit: ask permit, uninstall");
        row("failed uninstall backs off",
            facts()
                .has("1", kDigest1)
                .runs(kDigest1)
                .wantsRemoved(keep)
                .failed("", reconcile::kPermitRefused, seconds(1)),
            "waiting_permit: wait");
    }

private Q_SLOTS:
    void plans_data() {
        QTest::addColumn<reconcile::AgentFacts>("situation");
        QTest::addColumn<QString>("expected");
        steadyRows();
        installRows();
        failureRows();
        stepRows();
        damagedRows();
        movedRows();
        uninstallRows();
    }
    void plans() {
        QFETCH(reconcile::AgentFacts, situation);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(shown(reconcile::planAgent(situation, kNow))), expected);
    }

    void revertCarriesItsReason() {
        auto situation =
            facts().wants("2", kDigest2).has("2", kDigest2).step(reconcile::kWatching, kDigest2);
        situation.runs(kDigest2, Health::Unhealthy, Phase::BackingOff);
        situation.raw().process->lastExit = "exited with code 3";
        const auto plan = reconcile::planAgent(situation, kNow);
        QCOMPARE(plan.actions.at(0).reason, std::string(reconcile::kExitedAtStart));
        QCOMPARE(plan.actions.at(0).message, std::string("in probation exited with code 3"));
    }

    /// Nor does what went wrong before, with another version perhaps, pass for the reason.
    void whoCouldNotBeJudgedSaysWhatItsOwnStepFailedOf_data() {
        QTest::addColumn<int>("secondsAfterItBegan");
        QTest::addColumn<QString>("message");
        QTest::newRow("of this step") << 1 << QStringLiteral("could not be judged: no room");
        QTest::newRow("of before")
            << -1 << QStringLiteral("could not be judged: nothing is known of it");
    }
    void whoCouldNotBeJudgedSaysWhatItsOwnStepFailedOf() {
        QFETCH(const int, secondsAfterItBegan);
        QFETCH(const QString, message);
        for (const auto position : {reconcile::kWatching, reconcile::kStarting}) {
            auto situation =
                facts().wants("2", kDigest2).has("2", kDigest2).step(position, kDigest2);
            situation.raw().unjudgedEnds = kSteadyNow;
            situation.raw().record.step->started = kNow - seconds(600);
            situation.raw().record.lastError = ifrit::domain::AgentError{
                std::string(reconcile::kMachineExhausted), "no room", "start", 1,
                kNow - seconds(600) + seconds(secondsAfterItBegan)};
            const auto plan = reconcile::planAgent(situation, kNow);
            QCOMPARE(plan.actions.at(0).reason, std::string(reconcile::kNoVerdict));
            QCOMPARE(QString::fromStdString(plan.actions.at(0).message), message);
        }
    }

    void whatDoesNotRunSaysWhy() {
        auto looping = facts().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1);
        looping.raw().process->crashLooping = true;
        QCOMPARE(reconcile::planAgent(looping, kNow).step, std::string("crash loop"));
        looping.raw().process->lastExit = "exited with code 3; its last output: no configuration";
        QCOMPARE(reconcile::planAgent(looping, kNow).step,
                 std::string("crash loop: exited with code 3; its last output: no configuration"));

        auto down = facts().wants("1", kDigest1).has("1", kDigest1);
        down.raw().localError =
            ifrit::domain::AgentError{"NO_ADDRESS", "no address", "start", 2, kNow};
        QCOMPARE(reconcile::planAgent(down, kNow).step,
                 std::string("starting, after this failed: no address"));
        down.raw().localError->step = "commit";
        QCOMPARE(reconcile::planAgent(down, kNow).step, std::string("starting"));
    }

    void backOffNamesItsTime() {
        const auto plan = reconcile::planAgent(
            facts().wants("2", kDigest2).failed(kDigest2, reconcile::kDownloadFailed, seconds(7)),
            kNow);
        QVERIFY(plan.nextRetry == kNow + seconds(7));
        QVERIFY(plan.actions.at(0).until == kNow + seconds(7));
    }

    void machineKeepsTheOrder() {
        auto other = facts();
        other.raw().agent = "logger";
        const auto plans = reconcile::planMachine({facts(), other}, kNow);
        QCOMPARE(plans.size(), std::size_t(2));
        QCOMPARE(plans[1].agent, std::string("logger"));
    }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "tst_plan.moc"
