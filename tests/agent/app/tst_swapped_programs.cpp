// SPDX-License-Identifier: Apache-2.0
// What somebody puts in the place of a package's hook or probe does not run, and is put right.
#include <QTest>

#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

using agent::reconcile::ActionKind;
using agent::supervise::Phase;

class SwappedProgramsTest : public QObject, private InstallingMachine {
    Q_OBJECT

    void install(const TestPackage& package) {
        m_machine->unpack(package);
        m_machine->want(LoopMachine::entryOf(package, "R"));
        QVERIFY(m_machine->execute(ActionKind::Switch).status.ok());
        QVERIFY(m_machine->execute(ActionKind::Commit).status.ok());
    }
    std::string program(const TestPackage& package) const {
        return m_machine->machine->layout.version("exporter", {"1", package.digest}) + "/bin/app";
    }
    static void swap(const std::string& path) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        std::ofstream(path, std::ios::trunc) << "something else";
    }

private Q_SLOTS:
    void init() { makeMachine(); }

    void aSwappedHookDoesNotRun() {
        const TestPackage package = m_packages->make(
            "1", "hang", "index = 1\n", "[hooks.post_stop]\ncommand = [\"bin/app\"]\n");
        install(package);
        std::vector<std::string> suspects;
        m_machine->hooks.setSuspect([&](const std::string& agent) { suspects.push_back(agent); });
        int ran = 0;
        m_machine->commands.meanwhile = [&ran] { ++ran; };
        QVERIFY(m_machine->installer.restartCurrent("exporter").ok());
        QCOMPARE(ran, 1);
        swap(program(package));
        QVERIFY(m_machine->installer.restartCurrent("exporter").ok());
        QCOMPARE(ran, 1);
        QCOMPARE(suspects, std::vector<std::string>{"exporter"});
        const auto told = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(told.kind, std::string("hook-failed"));
        QVERIFY2(told.message.find("is not the signed program") != std::string::npos,
                 told.message.c_str());
    }

    void aSwappedProbeIsSuspected() {
        m_packages->probe = "exec = [\"bin/app\", \"end\"]";
        const TestPackage package = m_packages->make("1", "hang", "index = 1\n");
        install(package);
        agent::supervise::Supervisor& supervisor = m_machine->machine->supervisor;
        auto spec = *m_machine->machine->specs.runSpec(package.manifest, {"1", package.digest});
        QVERIFY(!spec.probeSha256.empty());
        QCOMPARE(spec.probeSha256, spec.programSha256);
        spec.command = {MISBEHAVING_AGENT, "hang"};
        spec.programSha256.clear();
        swap(program(package));
        QVERIFY(supervisor.start(spec).ok());
        QVERIFY(waitUntil([&] {
            supervisor.step(std::chrono::milliseconds(10));
            m_machine->loop.pass();
            return !m_machine->suspects.empty();
        }));
        QCOMPARE(m_machine->suspects.front(), std::string("exporter"));
        supervisor.stop("exporter").IgnoreError();
        QVERIFY(waitUntil([&] {
            supervisor.step(std::chrono::milliseconds(10));
            return supervisor.snapshot("exporter")->phase == Phase::Stopped;
        }));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SwappedProgramsTest;
QTEST_GUILESS_MAIN(SwappedProgramsTest)
#include "tst_swapped_programs.moc"
