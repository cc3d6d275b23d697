// SPDX-License-Identifier: Apache-2.0
// What carries an agent's marker and is not the agent's: of other users, and of other machines.
#include <QTest>

#include "agent/supervise/program_launch.h"
#include "tests/agent/supervise/supervised_machine.h"

namespace ifrit::tests {

using namespace agent::supervise;
using agent::platform::ProcessId;
using agent::platform::ProcessOrigin;
using agent::platform::Signal;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

class ForeignCarriersTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    static constexpr std::uint32_t kRoot = 0;
    static constexpr std::uint32_t kAgents = 99;
    static constexpr std::uint32_t kNobody = 65534;

    /// In a session of its own.
    ProcessId addCarrier(const ProcessOrigin& origin) {
        const ProcessId carrier = m_machine->addForeign(1h);
        m_machine->latest().session = carrier.pid;
        m_machine->strays.push_back(carrier);
        m_machine->origins[carrier.pid] = origin;
        return carrier;
    }
    bool isKilled(const ProcessId& process) const {
        const auto& all = m_machine->signals;
        return std::count(all.begin(), all.end(), std::make_pair(process, Signal::Kill)) > 0;
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        const ProcessId ourselves = m_machine->addForeign(1h);
        m_machine->own = ourselves.pid;
        m_machine->origins[ourselves.pid] = {kRoot, false, false, {}};
    }

    void programsAreStartedWithTheMachine() {
        QVERIFY(m_supervisor->start(spec()).ok());
        QCOMPARE(m_machine->latest().spec.environment.at(kMachineMarker), std::string("m-1"));
    }

    /// Anybody can write an environment, and start it again as often as it is killed.
    void anotherUsersIsKilledAndNotWaitedFor() {
        m_machine->straysLinger = true;
        const ProcessId carrier = addCarrier({kNobody, false, false, "m-1"});
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(now().phase == Phase::Running);
        QVERIFY(isKilled(carrier));
        QCOMPARE(kinds(), (Kinds{"stray-killed", "started"}));
        for (int i = 0; i < 100; ++i)
            addCarrier({kNobody, false, false, "m-1"});
        QVERIFY(m_supervisor->stop("log").ok());
        m_machine->end(now().process, {});
        step();
        advance(100ms);  // its group is looked at once more
        QVERIFY(now().phase == Phase::Stopped);
        // And it fills no journal.
        QCOMPARE(kinds(), Kinds{"stopped"});
    }

    void ofTheAgentsUserIsItsOwn() {
        RunSpec owned = spec();
        owned.user = "metrics";
        m_machine->straysLinger = true;
        QVERIFY(m_supervisor->start(owned).ok());
        QVERIFY(now().phase == Phase::Running);
        addCarrier({kAgents, false, false, "m-1"});
        QVERIFY(m_supervisor->stop("log").ok());
        m_machine->end(now().process, {});
        step();
        advance(100ms);
        QVERIFY(now().phase == Phase::Stopping);
        m_machine->straysLinger = false;
        advance(1min);
        advance(1min);
        QVERIFY(now().phase == Phase::Stopped);
    }

    /// As long as nobody knows which user that is.
    void beforeItsUserIsKnownAllMayBe() {
        RunSpec owned = spec();
        owned.user = "metrics";
        m_machine->straysLinger = true;
        addCarrier({kNobody, false, false, "m-1"});
        QVERIFY(m_supervisor->stopStrays(owned).ok());
        QVERIFY(now().phase == Phase::Stopping);
    }

    /// It gave up its rights after it was started by us; its session nobody else can join.
    void inTheSessionOfItsProcessItIsItsOwn() {
        m_groups.error = absl::UnavailableError("this system has no groups");
        QVERIFY(m_supervisor->start(spec()).ok());
        const ProcessId worker = addCarrier({kNobody, false, false, "m-1"});
        m_machine->process(worker).session = now().process.pid;
        m_machine->straysLinger = true;
        QVERIFY(m_supervisor->stop("log").ok());
        m_machine->end(now().process, {});
        step();
        advance(100ms);
        QVERIFY(now().phase == Phase::Stopping);
    }

    void anAdoptedProcessTellsWhoseItIs() {
        const ProcessId process = m_machine->addForeign(1h);
        m_machine->origins[process.pid] = {kAgents, false, false, "m-1"};
        QVERIFY(m_supervisor->adopt(spec(), process).ok());
        addCarrier({kAgents, false, false, "m-1"});
        m_machine->straysLinger = true;
        QVERIFY(m_supervisor->stop("log").ok());
        m_machine->end(process, {});
        step();
        advance(100ms);
        QVERIFY(now().phase == Phase::Stopping);
    }

    void anotherMachinesIsLeftAlone_data() {
        QTest::addColumn<bool>("seesOtherProcesses");
        QTest::addColumn<bool>("seesOtherFiles");
        QTest::addColumn<QString>("machine");
        QTest::newRow("in a container") << true << true << QStringLiteral("m-2");
        QTest::newRow("in one that sees the host's processes")
            << false << true << QStringLiteral("m-2");
        QTest::newRow("in a container, of an older ifrit-agent") << true << true << QString();
    }
    void anotherMachinesIsLeftAlone() {
        QFETCH(const bool, seesOtherProcesses);
        QFETCH(const bool, seesOtherFiles);
        QFETCH(const QString, machine);
        ProcessOrigin origin{kRoot, seesOtherProcesses, seesOtherFiles, {}};
        if (!machine.isEmpty()) origin.variable = machine.toStdString();
        const ProcessId carrier = addCarrier(origin);
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(now().phase == Phase::Running);
        QVERIFY(m_supervisor->stop("log").ok());
        m_machine->end(now().process, {});
        step();
        advance(100ms);  // its group is looked at once more
        QVERIFY(now().phase == Phase::Stopped);
        QVERIFY(!isKilled(carrier));
        QCOMPARE(kinds(), (Kinds{"started", "stopped"}));
    }

    /// The machine has another one now; and an older ifrit-agent may run in a unit of its own.
    void ofAFormerUuidItIsEnded_data() {
        QTest::addColumn<bool>("saysIt");
        QTest::newRow("it says a former uuid") << true;
        QTest::newRow("of an older ifrit-agent, in another unit") << false;
    }
    void ofAFormerUuidItIsEnded() {
        QFETCH(const bool, saysIt);
        ProcessOrigin origin{kRoot, false, !saysIt, {}};
        if (saysIt) origin.variable = "m-0";
        const ProcessId carrier = addCarrier(origin);
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(isKilled(carrier));
    }

    /// What an agent of ours starts in a container of its own is the agent's.
    void inAContainerOfTheAgentsItIsEnded() {
        const ProcessId carrier = addCarrier({kRoot, true, true, "m-1"});
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(isKilled(carrier));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ForeignCarriersTest;
QTEST_GUILESS_MAIN(ForeignCarriersTest)
#include "tst_foreign_carriers.moc"
