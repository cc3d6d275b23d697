// SPDX-License-Identifier: Apache-2.0
// The manifest of an installed version that does not run is not there any more, or not the signed
// one.
#include <QTest>
#include <fstream>

#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

class LostManifestTest : public QObject, private InstallingMachine {
    Q_OBJECT

    agent::integrity::Installation m_installed;

    void turn(int times) {
        for (int i = 0; i < times; ++i)
            m_machine->turn();
    }
    std::string manifestPath() const {
        return m_machine->machine->layout.agents() + "/exporter/manifests/" +
               m_installed.version.digest + ".toml";
    }
    /// What the scanner says of it.
    void found(const std::string& problem) {
        const auto epoch = m_machine->board.epoch("exporter");
        QVERIFY(m_machine->board.scanned(m_installed, {{}, problem, {}}, epoch));
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        const TestPackage package = m_packages->make("1", "hang");
        m_machine->unpack(package);
        m_installed = {"exporter", {"1", package.digest}};
        m_machine->setRecord([&](agent::journal::AgentRecord& record) {
            record.current = m_installed.version;
            record.releaseId = "R";
        });
    }

    void itIsLookedForAndFetchedAtOnce_data() {
        QTest::addColumn<bool>("isDamaged");
        QTest::newRow("gone") << false;
        QTest::newRow("damaged") << true;
    }
    void itIsLookedForAndFetchedAtOnce() {
        QFETCH(const bool, isDamaged);
        if (isDamaged)
            std::ofstream(manifestPath()) << "junk";
        else
            QVERIFY(std::filesystem::remove(manifestPath()));
        turn(2);
        QVERIFY(m_machine->processes.notes.empty());
        QCOMPARE(m_machine->suspects, std::vector<std::string>{"exporter"});

        // The pause after the start that failed is not over.
        found("the manifest is not as signed");
        turn(2);
        QCOMPARE(m_machine->processes.notes, std::vector<std::string>{"run 1"});
    }

    /// It is asked for again in its own time, and so is the start.
    void whatCannotBeFetchedIsNotAskedForAllTheTime() {
        QVERIFY(std::filesystem::remove(manifestPath()));
        m_machine->master->away = true;
        turn(2);
        found("the manifest is gone");
        turn(20);
        QCOMPARE(m_machine->suspects.size(), std::size_t{1});
        m_machine->clock.advance(std::chrono::seconds(3));
        turn(20);
        QCOMPARE(m_machine->suspects.size(), std::size_t{2});
        m_machine->master->away = false;
        m_machine->clock.advance(std::chrono::minutes(1));
        turn(2);
        QCOMPARE(m_machine->processes.notes, std::vector<std::string>{"run 1"});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::LostManifestTest;
QTEST_GUILESS_MAIN(LostManifestTest)
#include "tst_lost_manifest.moc"
