// SPDX-License-Identifier: Apache-2.0
// The clock is set by hours while ifrit-agent or a master waits: no wait of the whole program, its
// libraries' included, is by that clock. Nobody can set the clock of a test alone, so the kernel
// kills who would wait by it.
#include <QTest>

#include "shared/base/atomic_file.h"
#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {

class WallClockTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster m_master{m_packages.directory()};
    FaultMachine m_machine{m_directory.path() / "m1", "m1", m_master.port()};

private Q_SLOTS:
    void anInstallAndItsProbation() {
        m_packages.probeFailures = kPatientProbe;
        m_packages.trustOn(m_machine.layout().root());
        m_master.enrol("m1", m_machine.layout().root());
        m_master.want("m1", installOf(m_packages.make("1", "hang")));
        const auto agent = m_machine.start({built("tests/steady_waits_only")});
        const bool isDone = waitUntil([&] { return agent->poll() || m_machine.isSettled("1"); });
        QVERIFY(isDone);
        QVERIFY2(!agent->poll(), "it waited by the wall clock");
        QCOMPARE(agent->end(), 0);
    }
    void aMasterFromItsStartToItsEnd() {
        const std::string master = built("bin/ifrit-master");
        const std::string directory = m_directory.path() / "master";
        const std::string config = m_directory.path() / "first.toml";
        const std::string log = m_directory.path() / "master.log";
        std::ofstream(config) << "listen = \"127.0.0.1:0\"\n";
        ChildProcess init({master, "init", "--dir", directory, "--cluster", "c1", "--address",
                           "127.0.0.1:1", "--config", config},
                          log);
        QCOMPARE(init.wait(), 0);
        ChildProcess serving(
            {built("tests/steady_waits_only"), master, "serve", "--dir", directory}, log);
        const auto isServed = [&] {
            return base::readFile(log, 1 << 20)->find("serving cluster") != std::string::npos;
        };
        QVERIFY(waitUntil([&] { return serving.poll() || isServed(); }));
        QVERIFY2(!serving.poll(), "it waited by the wall clock");
        QCOMPARE(serving.end(), 0);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::WallClockTest;
QTEST_GUILESS_MAIN(WallClockTest)
#include "tst_wall_clock.moc"
