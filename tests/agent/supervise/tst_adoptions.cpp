// SPDX-License-Identifier: Apache-2.0
// What an ifrit-agent that begins makes of what runs already.
#include <QTest>

#include "agent/install/supervised_processes.h"
#include "tests/agent/supervise/supervised_machine.h"

namespace ifrit::tests {

using namespace agent::supervise;
using agent::install::SupervisedProcesses;
using agent::platform::ProcessId;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

class AdoptionsTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    agent::journal::RunningProcess former() {
        agent::journal::RunningProcess process;
        process.process = m_machine->addForeign(1h);
        process.version = {"1", "aa"};
        return process;
    }

private Q_SLOTS:
    void init() { makeMachine(); }

    void nothingRunsBeforeWhatRunsAlready() {
        SupervisedProcesses processes(*m_supervisor);
        int prepared = 0;
        const auto prepare = [&prepared] {
            ++prepared;
            return absl::OkStatus();
        };
        const auto running = former();
        QVERIFY(processes.run(spec(), running, prepare).ok());
        QVERIFY(processes.run(spec(), running, prepare).ok());
        QCOMPARE(kinds(), Kinds{"adopted"});
        QCOMPARE(prepared, 0);
    }

    void somethingMayRunBeforeAStart() {
        SupervisedProcesses processes(*m_supervisor);
        const auto refuse = [] { return absl::InternalError("not now"); };
        auto gone = former();
        m_machine->end(gone.process, {agent::platform::ExitStatus::Kind::Exited, 0});
        QCOMPARE(processes.run(spec(), gone, refuse), absl::InternalError("not now"));
        QVERIFY(!m_supervisor->snapshot("log"));
        QVERIFY(processes.run(spec(), gone, [] { return absl::OkStatus(); }).ok());
        QCOMPARE(kinds(), Kinds{"started"});
        // Not before what the supervisor starts by itself.
        crash();
        advance(1s);
        QCOMPARE(kinds(), (Kinds{"crashed", "started"}));
    }

    void anEndLongAfterAYoungAdoptionIsACrash_data() {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QString>("kind");
        // It may never have been let begin by the ifrit-agent that ended.
        QTest::newRow("at once") << 1 << "stopped";
        QTest::newRow("it ran") << 60 << "crashed";
    }
    void anEndLongAfterAYoungAdoptionIsACrash() {
        QFETCH(const int, seconds);
        QFETCH(const QString, kind);
        const ProcessId young = m_machine->addForeign(20ms);
        QVERIFY(m_supervisor->adopt(spec(), young).ok());
        advance(std::chrono::seconds(seconds));
        kinds();
        m_machine->end(young, {});
        step();
        QCOMPARE(kinds().at(0), kind.toStdString());
    }

    /// A short failure of the name service, as of LDAP.
    void itIsWatchedAndStoppedWithoutItsAccount() {
        m_machine->userError = absl::UnavailableError("no answer");
        RunSpec owned = spec();
        owned.user = "metrics";
        SupervisedProcesses processes(*m_supervisor, 0s);
        const auto running = former();
        const absl::Status adopted = processes.run(owned, running, nullptr);
        QVERIFY2(adopted.ok(), adopted.ToString().c_str());
        QVERIFY(now().process == running.process);
        QCOMPARE(m_machine->userLookUps, 0);
        QVERIFY(m_supervisor->stop("log").ok());
        step();
        advance(1s);  // what its group held is gone as well
        QCOMPARE(kinds(), (Kinds{"adopted", "stopped"}));
        QVERIFY(now().phase == Phase::Stopped);
    }

    void onlyItsExecProbeWaitsForIt() {
        m_machine->userError = absl::UnavailableError("no answer");
        RunSpec owned = spec();
        owned.user = "metrics";
        owned.probe = domain::Probe();
        owned.probe->kind = domain::Probe::Kind::Exec;
        owned.probe->command = {"/opt/check"};
        owned.probe->interval = 10s;
        QVERIFY(m_supervisor->adopt(owned, former().process).ok());
        advance(1s);
        QCOMPARE(m_probes->sent.size(), std::size_t{1});
        // It may take seconds, and is left to the probe's own thread.
        QCOMPARE(m_machine->userLookUps, 0);
        const auto find = m_probes->sent[0].first.findAccount;
        QCOMPARE(find().status(), m_machine->userError);
        m_probes->sent[0].second(ProbeResult::notAsked("no answer"));
        m_probes->sent.clear();
        step();
        QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
        QVERIFY2(now().healthMessage.find("not asked: no answer") != std::string::npos,
                 now().healthMessage.c_str());
        m_machine->userError = absl::OkStatus();
        advance(28s);
        QVERIFY(!find().ok());
        QCOMPARE(m_machine->userLookUps, 1);
        advance(2s);
        QCOMPARE(m_probes->sent.size(), std::size_t{1});
        QCOMPARE(m_probes->sent[0].first.findAccount()->name, std::string("metrics"));
        advance(40s);
        QVERIFY(find().ok());
        QCOMPARE(m_machine->userLookUps, 2);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::AdoptionsTest;
QTEST_GUILESS_MAIN(AdoptionsTest)
#include "tst_adoptions.moc"
