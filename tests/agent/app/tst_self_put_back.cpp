// SPDX-License-Identifier: Apache-2.0
// What a version of ifrit-agent that guard put back leaves on the disk.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/selfupgrade/self_upgrade.h"
#include "shared/domain/names.h"
#include "tests/agent/app/loop_machine.h"

using namespace ifrit;
using namespace ifrit::agent;
using journal::InstalledVersion;

class SelfPutBackTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_machine.reset(); }
    void aVersionThatWasPutBackLeavesTheDisk();
    void aVersionThatMayBeTriedAgainStays();
    void theVersionToFallBackToStays();

private:
    const std::string m_self{domain::kSelfAgent};
    const InstalledVersion m_good{"1", std::string(64, '1')};
    const InstalledVersion m_bad{"2", std::string(64, '2')};

    void place(const InstalledVersion& version) {
        const auto& layout = m_machine->layout;
        std::filesystem::create_directories(layout.version(m_self, version) + "/bin");
        std::filesystem::create_directories(layout.manifests(m_self));
        std::ofstream(manifest(version)) << "name";
    }
    std::string manifest(const InstalledVersion& version) const {
        return m_machine->layout.manifests(m_self) + '/' + version.digest + ".toml";
    }
    bool isOnTheDisk(const InstalledVersion& version) const {
        const bool unpacked = m_machine->versions.isUnpacked(m_self, version);
        if (unpacked != std::filesystem::exists(manifest(version))) qFatal("half of it is there");
        return unpacked;
    }
    void putBack(const std::string& reason) {
        guard::Slots slots(m_machine->layout.root(), *m_machine->platform.directories);
        const guard::Trial trial{"b", "a", m_bad.digest, m_bad.version, std::chrono::seconds(60)};
        QVERIFY(slots.fill("b", "somewhere").ok() && slots.beginTrial(trial).ok());
        QVERIFY(slots
                    .putBack(trial, {m_bad.digest, m_bad.version, reason, "it failed",
                                     m_machine->clock.now()})
                    .ok());
    }
    /// As the version that runs after guard has put the other one back; returns how often archives
    /// were looked through.
    int settle() {
        guard::Slots slots(m_machine->layout.root(), *m_machine->platform.directories);
        const selfupgrade::ProgramCheck check(*m_machine->platform.commands, "");
        int looked = 0;
        selfupgrade::SelfUpgrade self({m_machine->clock, *m_machine->journal, m_machine->manifests,
                                       m_machine->versions, *m_machine->platform.directories, slots,
                                       check, [] { return true; }, [] {}, [&] { ++looked; }},
                                      {m_good, "1", {}});
        const absl::Status settled = self.settle();
        if (!settled.ok()) qFatal("%s", base::messageOf(settled).c_str());
        return looked;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<app::LocalMachine> m_machine;
};

void SelfPutBackTest::init() {
    m_directory = std::make_unique<QTemporaryDir>();
    const std::string base = m_directory->path().toStdString();
    tests::PackageFactory(base + "/packages", MISBEHAVING_AGENT).trustOn(base + "/root");
    m_machine = tests::openLocalMachine(base + "/root");
    place(m_good);
    place(m_bad);
    QVERIFY(
        m_machine->journal
            ->updateAgent(m_self, [&](journal::AgentRecord& record) { record.current = m_good; })
            .ok());
}

void SelfPutBackTest::aVersionThatWasPutBackLeavesTheDisk() {
    putBack("HUNG");
    QCOMPARE(settle(), 1);
    QVERIFY(m_machine->journal->agent(m_self).isKnownBad(m_bad.digest));
    QVERIFY(!isOnTheDisk(m_bad));
    QVERIFY(isOnTheDisk(m_good));
    QCOMPARE(settle(), 0);
}

/// No master answered: that may be the master's fault, and all is there for the second trial.
void SelfPutBackTest::aVersionThatMayBeTriedAgainStays() {
    putBack("MASTER_NOT_REACHED");
    QCOMPARE(settle(), 0);
    QVERIFY(isOnTheDisk(m_bad));
}

void SelfPutBackTest::theVersionToFallBackToStays() {
    QVERIFY(
        m_machine->journal
            ->updateAgent(m_self, [&](journal::AgentRecord& record) { record.previous = m_bad; })
            .ok());
    putBack("HUNG");
    settle();
    QVERIFY(isOnTheDisk(m_bad));
}

QTEST_GUILESS_MAIN(SelfPutBackTest)
#include "tst_self_put_back.moc"
