// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/install/journal_rebuild.h"
#include "agent/platform/platform.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {

namespace fs = std::filesystem;
using agent::install::Rebuilt;

class JournalRebuildTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<agent::install::Layout> m_layout;
    const agent::platform::Platform m_platform = *agent::platform::makePlatform();
    const crypto::SigningKey m_signer = crypto::SigningKey::generate().value();

    /// Version 1 of it is current.
    void makeAgent(const std::string& name) const {
        const agent::package::ManifestStore manifests(m_layout->agents());
        const auto manifest = signedManifest(name, "1", "program", m_signer);
        QVERIFY(manifests.save(name, manifest).ok());
        const std::string digest = manifests.digests(name)->front();
        fs::create_symlink(agent::install::Layout::currentTarget({"1", digest}),
                           m_layout->current(name));
    }
    /// The names it knows afterwards, into `known`.
    absl::StatusOr<Rebuilt> rebuild(std::set<std::string>& known) const {
        const agent::package::ManifestStore manifests(m_layout->agents());
        const agent::install::VersionDirectories versions(
            *m_platform.directories, *m_platform.users, manifests, *m_layout, nullptr);
        auto opened = agent::journal::Journal::open(m_layout->journal());
        if (!opened.ok()) return opened.status();
        auto rebuilt = agent::install::rebuildJournal(*opened->journal, *m_platform.directories,
                                                      versions, manifests);
        for (const auto& [name, record] : opened->journal->state().agents)
            if (record.current && record.current->version == "1") known.insert(name);
        return rebuilt;
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_layout = std::make_unique<agent::install::Layout>(m_directory->path().toStdString());
        fs::create_directories(m_layout->state());
    }

    void nothingInstalledIsNothingFound() {
        std::set<std::string> known;
        const auto rebuilt = rebuild(known);
        QVERIFY2(rebuilt.ok(), rebuilt.status().ToString().c_str());
        QCOMPARE(rebuilt->found, std::size_t(0));
        QVERIFY(rebuilt->unread.empty());
    }

    /// Whoever takes it for nothing forgets an agent that runs, without a word.
    void anAgentThatCannotBeReadIsToldAndKeepsNoneFromBeingFound() {
        for (const char* name : {"logd", "metrics", "shipper"})
            makeAgent(name);
        fs::remove_all(m_layout->manifests("metrics"));
        fs::create_symlink("manifests", m_layout->manifests("metrics"));  // ELOOP
        // Uninstalled with its data kept.
        fs::create_directories(m_layout->data("former"));
        std::set<std::string> known;
        const auto rebuilt = rebuild(known);
        QVERIFY2(rebuilt.ok(), rebuilt.status().ToString().c_str());
        QCOMPARE(rebuilt->found, std::size_t(2));
        QCOMPARE(known, (std::set<std::string>{"logd", "shipper"}));
        QCOMPARE(rebuilt->unread.size(), std::size_t(1));
        const std::string& unread = rebuilt->unread.front();
        QVERIFY2(unread.find(m_layout->manifests("metrics")) != std::string::npos, unread.c_str());
    }

    void agentsThatCannotBeListedAreTold() {
        fs::create_symlink("agents", m_layout->agents());
        std::set<std::string> known;
        const auto rebuilt = rebuild(known);
        QVERIFY2(rebuilt.ok(), rebuilt.status().ToString().c_str());
        QCOMPARE(rebuilt->unread.size(), std::size_t(1));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::JournalRebuildTest)
#include "tst_journal_rebuild.moc"
