// SPDX-License-Identifier: Apache-2.0
// What the fault tests say of a machine is neither of two moments nor too kind.
#include <QTest>

#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

class FaultMachineTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster m_master{m_packages.directory()};
    FaultMachine m_machine{m_directory.path() / "m1", "m1", m_master.port()};
    std::unique_ptr<ChildProcess> m_agent;

private Q_SLOTS:
    void initTestCase() {
        m_packages.probeFailures = kPatientProbe;
        m_packages.trustOn(m_machine.layout().root());
        m_master.enrol("m1", m_machine.layout().root());
        m_master.want("m1", installOf(m_packages.make("1", "hang")));
    }
    void init() {
        m_agent = m_machine.start();
        QVERIFY(waitUntil([&] { return m_machine.isSettled("1"); }));
    }
    void cleanup() { m_agent.reset(); }

    void aProcessThatHasJustEndedIsStartedAgain() {
        m_agent->end();
        m_machine.killManaged();
        m_agent = m_machine.start();
        QCOMPARE(m_machine.inconsistency(), std::string());
    }
    void aProcessThatNobodyStartsAgainIsMissed() {
        m_agent->end();
        m_machine.killManaged();
        QCOMPARE(m_machine.inconsistency(), std::string("0 processes run"));
    }
    void aSecondProcessIsSeen() {
        const std::string program =
            m_machine.layout().version("exporter", *m_machine.record().current) + "/bin/app";
        const ChildProcess second({program, "hang"}, m_machine.logFile());
        QVERIFY(waitUntil([&] { return m_machine.managed().size() == 2; }));
        QCOMPARE(m_machine.inconsistency(), std::string("2 processes run"));
    }
    void aProgramOfAnotherPlaceIsSeen() {
        const fs::path other = fs::path(m_machine.layout().versions("exporter")) / "other";
        m_agent->end();
        fs::create_directory(other);
        fs::copy_file(MISBEHAVING_AGENT, other / "app");
        m_machine.killManaged();
        const ChildProcess wrong({(other / "app").string(), "hang"}, m_machine.logFile());
        QVERIFY(waitUntil([&] { return m_machine.managed().size() == 1; }));
        QCOMPARE(m_machine.inconsistency(),
                 std::string("another version runs than the journal says"));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::FaultMachineTest;
QTEST_GUILESS_MAIN(FaultMachineTest)
#include "tst_fault_machine.moc"
