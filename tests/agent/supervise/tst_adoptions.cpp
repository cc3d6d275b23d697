// SPDX-License-Identifier: Apache-2.0
// What an ifrit-agent that begins makes of what runs already.
#include <QTest>

#include "agent/install/supervised_processes.h"
#include "tests/agent/supervise/supervised_machine.h"

namespace ifrit::tests {

using namespace agent::supervise;
using agent::install::SupervisedProcesses;
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
};

}  // namespace ifrit::tests

using ifrit::tests::AdoptionsTest;
QTEST_GUILESS_MAIN(AdoptionsTest)
#include "tst_adoptions.moc"
