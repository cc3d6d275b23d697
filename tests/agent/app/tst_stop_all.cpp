// SPDX-License-Identifier: Apache-2.0
// What `ifrit-agent stop-all`, and an ifrit-agent that ends with its agents, make of real
// processes.
#include <sys/wait.h>

#include <QProcess>
#include <QTest>

#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/local_machine.h"
#include "tests/support/built_programs.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {

using agent::app::LocalMachine;
using std::chrono::milliseconds;
using std::chrono::seconds;

class StopAllTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    const crypto::SigningKey m_key = *crypto::SigningKey::generate();

    std::string root() const { return m_directory->path().toStdString(); }
    std::string output(const std::string& agent) const { return root() + "/log/" + agent; }

    /// Runs `behaviour` as an agent whose manifest is on the disk, and waits for its first word.
    agent::platform::ProcessId run(LocalMachine& machine, const std::string& agent,
                                   const std::string& behaviour, milliseconds grace) {
        domain::Manifest manifest = manifestOf(agent, "1", "program");
        manifest.archiveSha256 = std::string(64, 'a');
        manifest.archiveSizeBytes = 1;
        manifest.start.command = {MISBEHAVING_AGENT, behaviour};
        manifest.stop.grace = grace;
        const auto sealed = *package::signManifest(manifest, m_key);
        if (!machine.manifests.save(agent, sealed).ok()) throw std::runtime_error("no manifest");
        const agent::journal::InstalledVersion version{"1", package::manifestDigest(sealed)};
        machine.journal->updateAgent(agent, [&](auto& record) { record.current = version; })
            .IgnoreError();
        auto spec = *machine.specs.runSpec(manifest, version);
        spec.environment["STOP_ALL_TEST"] = root();
        spec.workingDirectory.clear();
        spec.output.path = output(agent);
        if (!machine.supervisor.start(spec).ok()) throw std::runtime_error("no start");
        if (awaitWord(output(agent), "ready").empty()) throw std::runtime_error("not ready");
        return machine.supervisor.snapshot(agent)->process;
    }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void cleanup() {
        const auto system = agent::platform::makePlatform();
        const auto all = system->processes->withEnvironment("STOP_ALL_TEST", root());
        for (const auto& left : *all)
            system->signaller->signal(left, agent::platform::Signal::Kill).IgnoreError();
        while (::waitpid(-1, nullptr, 0) > 0) {
        }
    }

    /// Guard has 30 s for all of them together.
    void noneWaitsForTheEndOfAnother() {
        constexpr int kAgents = 5;
        const auto machine = openLocalMachine(root());
        machine->startSupervising();
        std::vector<agent::platform::ProcessId> processes;
        for (int i = 0; i < kAgents; ++i)
            processes.push_back(
                run(*machine, fmt::format("stubborn-{}", i), "ignore-term", seconds(3)));
        QElapsedTimer passed;
        passed.start();
        QVERIFY(machine->stopAll().ok());
        const qint64 took = passed.elapsed();
        QVERIFY2(took >= 3'000 && took < 9'000, qPrintable(QString::number(took)));
        for (const auto& process : processes)
            QVERIFY(!machine->platform.processes->isAlive(process));
    }

    void whereNoIfritAgentIsNothingIsMade_data() {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("stop-all") << QStringList{QStringLiteral("stop-all")};
        QTest::newRow("reset-bad")
            << QStringList{QStringLiteral("reset-bad"), QStringLiteral("all")};
    }
    void whereNoIfritAgentIsNothingIsMade() {
        QFETCH(QStringList, command);
        const QString config = m_directory->filePath(QStringLiteral("agent.toml"));
        const QString wrong = m_directory->filePath(QStringLiteral("wrong"));
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QStringLiteral("root = \"%1\"\nmasters = [\"m:1\"]\nuuid = \"m1\"\n")
                       .arg(wrong)
                       .toUtf8());
        file.close();
        QProcess program;
        program.start(QString::fromStdString(built("bin/ifrit-agent")),
                      QStringList{QStringLiteral("--config"), config} + command);
        QVERIFY(program.waitForFinished(20'000));
        const QByteArray said = program.readAllStandardError();
        QCOMPARE(program.exitCode(), 1);
        QVERIFY2(said.contains("has no ifrit-agent; is it the root of agent.toml?"), said);
        QVERIFY(!QFile::exists(wrong));
    }

    /// As `ifrit-agent stop-all` beside agents of an ifrit-agent that is gone.
    void whoseManifestIsLostIsEndedLikeTheOthers() {
        agent::platform::ProcessId lost;
        agent::platform::ProcessId other;
        {
            const auto before = openLocalMachine(root());
            before->startSupervising();
            lost = run(*before, "a-lost", "hang", seconds(10));
            other = run(*before, "b-other", "hang", seconds(10));
        }
        const auto machine = openLocalMachine(root());
        QVERIFY(machine->platform.processes->isAlive(lost));
        QVERIFY(machine->platform.processes->isAlive(other));
        for (const std::string& digest : machine->manifests.readableDigests("a-lost"))
            machine->manifests.remove("a-lost", digest);
        const absl::Status stopped = machine->stopAll();
        QVERIFY2(stopped.ok(), base::messageOf(stopped).c_str());
        QVERIFY(!machine->platform.processes->isAlive(lost));
        QVERIFY(!machine->platform.processes->isAlive(other));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::StopAllTest;
QTEST_GUILESS_MAIN(StopAllTest)
#include "tst_stop_all.moc"
