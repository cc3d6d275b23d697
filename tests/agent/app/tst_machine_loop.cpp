// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <QTemporaryDir>

#include <QDir>
#include <QTest>
#include <sstream>

#include "agent/reconcile/plan.h"
#include "shared/base/call_details.h"
#include "tests/agent/app/loop_machine.h"

namespace ifrit::tests {

using std::chrono::hours;
using std::chrono::milliseconds;

class MachineLoopTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<LoopMachine> m_machine;

    static domain::DesiredEntry purge() {
        domain::DesiredEntry entry;
        entry.agent = "exporter";
        entry.action = domain::DesiredAction::UninstallPurge;
        entry.releaseId = "R";
        return entry;
    }
    void turn(int times) {
        for (int i = 0; i < times; ++i)
            m_machine->turn();
    }

    /// As many times as it was asked within `time`.
    int askedWithin(milliseconds time) {
        const int before = m_machine->master->permitsAsked;
        for (milliseconds passed{0}; passed < time; passed += milliseconds(1'000)) {
            m_machine->clock.advance(milliseconds(1'000));
            turn(1);
        }
        return m_machine->master->permitsAsked - before;
    }

private Q_SLOTS:
    /// Else the machine is left alone for as long as the clock was set back by.
    void aClockThatIsSetBackMakesNoPauseLong_data() {
        QTest::addColumn<qint64>("left");
        QTest::addColumn<qint64>("pause");
        QTest::newRow("due") << qint64(0) << qint64(0);
        QTest::newRow("set forward") << qint64(-3'600'000) << qint64(0);
        QTest::newRow("soon") << qint64(250) << qint64(250);
        QTest::newRow("idle") << qint64(10'000) << qint64(10'000);
        QTest::newRow("set back by an hour") << qint64(3'610'000) << qint64(10'000);
    }
    void aClockThatIsSetBackMakesNoPauseLong() {
        QFETCH(qint64, left);
        const base::WallTime now = m_machine->clock.now();
        const milliseconds pause = agent::app::pauseUntil(now + milliseconds(left), now);
        QTEST(qint64(pause.count()), "pause");
    }

    void init() {
        m_machine.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        const std::string base = m_directory->path().toStdString();
        m_machine = std::make_unique<LoopMachine>(base + "/root", base + "/packages");
    }

    /// EBUSY of a data directory that something is mounted on lasts for as long as that.
    void anUninstallThatFailsIsTriedAgainAfterItsPause() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.directories.removal = base::makeError(absl::StatusCode::kUnavailable, "SYSTEM",
                                                      "data", "Device or resource busy");
        machine.want(purge());
        turn(30);
        QVERIFY(machine.record().step.has_value());
        const int tries = machine.directories.removals;
        QVERIFY2(tries >= 1 && tries <= 2, std::to_string(tries).c_str());
        QCOMPARE(machine.record().attempts->count, 1U);

        machine.clock.advance(milliseconds(2'000));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 2U);

        machine.directories.removal = absl::OkStatus();
        machine.clock.advance(milliseconds(4'000));
        turn(3);
        QVERIFY(machine.record() == agent::journal::AgentRecord());
        QVERIFY(!machine.versions.hasData("exporter"));
    }

    /// The wait itself may be what somebody sets the clock in.
    void aClockThatIsSetBackDoesNotKeepTheMachineFromTryingAgain() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.directories.removal = base::makeError(absl::StatusCode::kUnavailable, "SYSTEM",
                                                      "data", "Device or resource busy");
        machine.want(purge());
        turn(5);
        QCOMPARE(machine.record().attempts->count, 1U);
        machine.clock.setWallClock(-hours(24 * 60));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 1U);
        machine.clock.advance(milliseconds(2'000));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 2U);
    }

    void aPermitThatNobodyGivesIsAskedForEverMoreRarely() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.master->permitError =
            base::makeError(absl::StatusCode::kUnavailable, "NOT_LEADER", "", "ask another");
        machine.want(purge());
        turn(5);
        QCOMPARE(machine.record().lastError->reason, std::string("PERMIT_UNAVAILABLE"));
        const auto written = machine.record();
        // 2, 4, 8, 16, 32 and then 60 s each.
        const int first = askedWithin(std::chrono::seconds(63));
        QVERIFY2(first >= 4 && first <= 6, std::to_string(first).c_str());
        const int later = askedWithin(std::chrono::minutes(5));
        QVERIFY2(later >= 4 && later <= 6, std::to_string(later).c_str());
        QVERIFY(machine.record() == written);  // the same again is not written again
        QCOMPARE(machine.record().attempts->count, 0U);

        machine.master->permitError = absl::OkStatus();
        machine.clock.advance(std::chrono::seconds(60));
        turn(4);
        QVERIFY(machine.record() == agent::journal::AgentRecord());
    }

    void theTimeOfABusyMasterIsKept() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.master->permitError = base::withCallDetails(
            base::makeError(absl::StatusCode::kUnavailable, "OVERLOADED", "", "later"),
            {"", std::chrono::seconds(40), 0, 0});
        machine.want(purge());
        turn(5);
        QCOMPARE(int(machine.master->permitsAsked), 1);
        QCOMPARE(askedWithin(std::chrono::seconds(40)), 0);
        QCOMPARE(askedWithin(std::chrono::seconds(3)), 1);
    }

    void whatOpensForAllIsNotAskedForByAllAtOnce() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.master->permit = [](const agent::link::PermitRequest&) {
            return agent::link::PermitReply{
                false, {}, "FROZEN", "opens later", std::chrono::seconds(100)};
        };
        machine.want(purge());
        turn(5);
        QCOMPARE(askedWithin(std::chrono::seconds(100)), 0);
        QCOMPARE(askedWithin(std::chrono::seconds(24)), 0);
        QCOMPARE(askedWithin(std::chrono::seconds(10)), 1);
    }

    /// For days maybe: the log is read by people, and a file has an end.
    void aPermitThatIsRefusedForLongIsLoggedNowAndThen() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        std::string reason = "RELEASE_HALTED";
        machine.master->permit = [&reason](const agent::link::PermitRequest&) {
            return agent::link::PermitReply{false, {}, reason, "wait", std::chrono::seconds(1)};
        };
        std::ostringstream log;
        const auto before = spdlog::default_logger();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
        const auto lines = [&log] {
            const std::string text = log.str();
            log.str("");
            int count = 0;
            for (std::size_t at = 0; (at = text.find("PERMIT_REFUSED", at)) != std::string::npos;
                 ++at)
                ++count;
            return count;
        };
        machine.want(purge());
        const int asked = askedWithin(std::chrono::minutes(2));
        const int told = lines();
        reason = "RELEASE_PAUSED";
        while (askedWithin(std::chrono::seconds(1)) == 0) {
        }
        turn(2);
        const int toldOfAnother = lines();
        spdlog::set_default_logger(before);
        QVERIFY2(asked >= 20, std::to_string(asked).c_str());
        // The last answer may not have been looked at yet.
        QVERIFY2(told == 3 + asked / 20 || told == 3 + (asked - 1) / 20,
                 std::to_string(told).c_str());
        QVERIFY(toldOfAnother >= 1);
    }

    /// The wait of an uninstall, when an installation is wanted instead.
    void aWaitHoldsUpNothingElse() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.master->permitError = absl::UnavailableError("away");
        machine.want(purge());
        askedWithin(std::chrono::minutes(3));
        domain::DesiredEntry install = purge();
        install.action = domain::DesiredAction::Install;
        install.version = "1";
        install.manifestDigest = std::string(64, '1');
        machine.want(install);
        turn(2);
        QCOMPARE(machine.record().lastError->step, std::string("fetch manifest"));
        QCOMPARE(machine.record().attempts->count, 1U);
    }

    void eventsWaitForADiskThatTakesThem() {
        LoopMachine& machine = *m_machine;
        const auto state = [&] { return machine.machine->journal->state(); };
        const auto happens = [&](int count) {
            for (int i = 0; i < count; ++i)
                machine.board.addEvent({"repaired", "exporter", "1", std::to_string(i), {}});
        };
        turn(1);
        // Written beside the journal, and then renamed.
        const QString beside = QString::fromStdString(machine.machine->layout.journal() + ".tmp");
        QVERIFY(QDir().mkdir(beside));
        happens(3);
        turn(2);
        QVERIFY(state().events.empty());
        happens(70);  // of which the board holds 64
        turn(1);
        QVERIFY(QDir().rmdir(beside));
        turn(1);
        QCOMPARE(state().events.size(), std::size_t{67});
        QCOMPARE(state().events.front().event.message, std::string("0"));
        QCOMPARE(state().events.back().event.message, std::string("69"));
        QCOMPARE(state().droppedEvents, std::uint64_t{6});
        turn(2);
        QCOMPARE(state().events.size(), std::size_t{67});
        QCOMPARE(state().droppedEvents, std::uint64_t{6});
    }

    /// It goes out before anybody has looked at what runs.
    void theFirstReportAfterARestartNamesNoFailure() {
        LoopMachine& machine = *m_machine;
        domain::DesiredEntry entry = purge();
        entry.action = domain::DesiredAction::Install;
        entry.version = "1";
        entry.manifestDigest = std::string(64, '1');
        machine.want(entry);
        machine.setRecord([&](agent::journal::AgentRecord& record) {
            record.current = agent::journal::InstalledVersion{"1", entry.manifestDigest};
            record.releaseId = "R";
        });
        const auto state = [&] { return machine.reports.current().agents.at(0).state; };
        turn(1);
        QVERIFY(state() == domain::MachineState::Watching);
        // Its manifest is not there.
        turn(1);
        QVERIFY(state() == domain::MachineState::Degraded);
        QCOMPARE(machine.reports.current().agents.at(0).lastError->step, std::string("start"));
        // Nobody means to start it any more.
        machine.setRecord([](agent::journal::AgentRecord& record) { record.current.reset(); });
        turn(2);
        const auto& error = machine.reports.current().agents.at(0).lastError;
        QVERIFY(!error || error->step != "start");
    }

    void aPermitEndsAlsoWhenTheClockIsSetBack() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.ensureData("exporter", "").ok());
        machine.want(purge());
        const auto asked = machine.execute(agent::reconcile::ActionKind::AskPermit);
        QVERIFY(asked.permit.has_value());
        machine.facts.permitGranted("exporter", *asked.permit);
        const auto next = [&] {
            return agent::reconcile::planAgent(machine.facts.gather().at(0), machine.clock.now())
                .actions.at(0)
                .kind;
        };
        QVERIFY(next() == agent::reconcile::ActionKind::Uninstall);
        machine.clock.advance(std::chrono::seconds(61));
        machine.clock.setWallClock(-hours(1));
        QVERIFY(next() == agent::reconcile::ActionKind::AskPermit);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::MachineLoopTest;
QTEST_GUILESS_MAIN(MachineLoopTest)
#include "tst_machine_loop.moc"
