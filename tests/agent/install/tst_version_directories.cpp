// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <filesystem>

#include "agent/install/version_directories.h"
#include "agent/platform/platform.h"
#include "tests/agent/support/owned_directories.h"

namespace ifrit::tests {

/// Numbers that are nobody's here.
constexpr std::uint32_t kMetrics = 4'000'001;
constexpr std::uint32_t kOperator = 4'000'002;

class Users final : public agent::platform::UserDirectory {
public:
    absl::Status error;
    mutable int asked = 0;
    absl::StatusOr<agent::platform::Account> find(const std::string& name) const override {
        ++asked;
        if (!error.ok()) return error;
        return agent::platform::Account{name, "/", kMetrics, kMetrics, {}};
    }
};

class VersionDirectoriesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    const agent::platform::Platform m_platform = *agent::platform::makePlatform();
    const agent::install::Layout m_layout{m_directory.path().toStdString()};
    const agent::package::ManifestStore m_manifests{m_layout.agents()};
    OwnedDirectories m_directories{*m_platform.directories};
    Users m_users;
    std::vector<std::string> m_changes;
    agent::install::VersionDirectories m_versions{
        m_directories, m_users, m_manifests, m_layout,
        [this](std::string_view change) { m_changes.emplace_back(change); }};

    using TakenFrom = agent::install::VersionDirectories::TakenFrom;
    absl::StatusOr<std::string> prepare(const std::string& agent, const std::string& user) {
        return m_versions.prepareData(agent, user, TakenFrom::Ours);
    }
    agent::platform::Owner ownerOf(const std::string& agent) const {
        return *m_directories.owner(m_layout.data(agent));
    }

private Q_SLOTS:
    void cleanup() {
        m_directories.owners.clear();
        m_directories.refusal = absl::OkStatus();
        m_users.error = absl::OkStatus();
    }

    /// A start takes a data directory that is there as it is: it must not be another's.
    void aDataDirectoryHasItsNameOnlyWhenItIsItsUsers() {
        m_users.error = absl::UnavailableError("no answer");
        QCOMPARE(m_versions.ensureData("logd", "metrics"), m_users.error);
        QVERIFY(!m_versions.hasData("logd"));
        m_users.error = absl::OkStatus();
        const absl::Status made = m_versions.ensureData("logd", "metrics");
        QVERIFY2(made.ok(), made.ToString().c_str());
        QVERIFY(m_versions.hasData("logd"));
        QVERIFY(!std::filesystem::exists(m_layout.makingData("logd")));
        QCOMPARE(m_users.asked, 2);
    }

    /// As none all that is kept for an agent's sake would go.
    void agentsThatCannotBeListedAreNotNone() {
        QTemporaryDir directory;
        const agent::install::Layout layout(directory.path().toStdString());
        const agent::package::ManifestStore manifests(layout.agents());
        const agent::install::VersionDirectories versions(m_directories, m_users, manifests, layout,
                                                          nullptr);
        QVERIFY(versions.agents().ok() && versions.agents()->empty());
        std::filesystem::create_symlink("agents", layout.agents());  // ELOOP
        QVERIFY(!versions.agents().ok());
    }

    void whatIsThereIsTakenAsItIs() {
        QVERIFY(prepare("own", "").ok());
        m_users.asked = 0;
        m_changes.clear();
        m_users.error = absl::UnavailableError("no answer");
        QVERIFY(m_versions.ensureData("own", "metrics").ok());
        QCOMPARE(m_users.asked, 0);
        QVERIFY(m_changes.empty());
        // A switch may come with another user.
        QCOMPARE(prepare("own", "metrics").status(), m_users.error);
        m_users.error = absl::OkStatus();
        QVERIFY(prepare("own", "metrics").ok());
        QCOMPARE(ownerOf("own").userId, kMetrics);
    }

    /// What was made and never given away, as by a kill between the two.
    void whatIsOursIsGivenToItsUser() {
        QVERIFY(prepare("ours", "").ok());
        m_users.error = absl::UnavailableError("no answer");
        QCOMPARE(m_versions.mendData("ours", "metrics").status(), m_users.error);
        m_users.error = absl::OkStatus();
        const auto said = m_versions.mendData("ours", "metrics");
        QVERIFY(said.ok());
        QVERIFY(said->find("is metrics's now") != std::string::npos);
        QVERIFY((ownerOf("ours") == agent::platform::Owner{kMetrics, kMetrics}));
        QCOMPARE(*m_versions.mendData("ours", "metrics"), std::string());
    }

    void whatAnOperatorOwnsStaysSo_data() {
        QTest::addColumn<bool>("isShared");
        QTest::newRow("another user") << false;
        QTest::newRow("ours, shared with a group") << true;
    }
    void whatAnOperatorOwnsStaysSo() {
        QFETCH(const bool, isShared);
        agent::platform::Owner theirs{kOperator, kOperator};
        if (isShared) theirs.userId = m_directories.ourselves().userId;
        QVERIFY(prepare("theirs", "metrics").ok());
        m_directories.owners[m_layout.data("theirs")] = theirs;
        QCOMPARE(*m_versions.mendData("theirs", "metrics"), std::string());
        QVERIFY(ownerOf("theirs") == theirs);
        // A switch says so, too.
        const auto said = prepare("theirs", "metrics");
        QVERIFY(said.ok());
        QVERIFY(said->find("not given it by ifrit") != std::string::npos);
        QVERIFY(ownerOf("theirs") == theirs);
        // Only what was left by an uninstall is taken from whoever has it.
        QVERIFY(m_versions.prepareData("theirs", "metrics", TakenFrom::Anybody).ok());
        QCOMPARE(ownerOf("theirs").userId, kMetrics);
    }

    /// Its data may be on another disk.
    void aLinkIsNotFollowed() {
        const std::string elsewhere = m_layout.root() + "/elsewhere";
        QVERIFY(std::filesystem::create_directories(elsewhere));
        std::filesystem::create_directories(m_layout.agent("linked"));
        std::filesystem::create_symlink(elsewhere, m_layout.data("linked"));
        for (const TakenFrom from : {TakenFrom::Ours, TakenFrom::Anybody})
            QCOMPARE(*m_versions.prepareData("linked", "metrics", from), std::string());
        QCOMPARE(*m_versions.mendData("linked", "metrics"), std::string());
        QVERIFY(m_directories.owners.empty());
        QVERIFY(!m_platform.directories->owner(m_layout.data("linked")).ok());
        const auto own = m_platform.directories->ourselves();
        QVERIFY(!m_platform.directories->setOwner(m_layout.data("linked"), own).ok());
        QVERIFY(m_platform.directories->setOwner(elsewhere, own).ok());
    }

    /// On a disk that takes no change it runs as well as it can.
    void withoutAUserItDoesWithWhatItGets() {
        QVERIFY(prepare("kept", "metrics").ok());
        m_directories.refusal = base::errnoStatus(EPERM, "data");
        QVERIFY(m_versions.prepareData("kept", "", TakenFrom::Anybody)->find("stays so") !=
                std::string::npos);
        m_directories.owners[m_layout.data("kept")] = {kOperator, kOperator};
        QCOMPARE(m_versions.prepareData("kept", "metrics", TakenFrom::Anybody).status(),
                 m_directories.refusal);
    }

    /// On a disk that is not mounted, or a server that is gone, of which a look would not come
    /// back.
    void aLinkThatLeadsNowhereIsTheOperators() {
        std::filesystem::create_directories(m_layout.agent("away"));
        std::filesystem::create_symlink(m_directory.path().toStdString() + "/not-mounted",
                                        m_layout.data("away"));
        QVERIFY(m_versions.hasData("away"));
        QVERIFY(absl::IsNotFound(prepare("away", "metrics").status()));
        QVERIFY(absl::IsNotFound(m_versions.ensureData("away", "metrics")));
        QVERIFY(
            m_versions.removeAgent("away", agent::install::VersionDirectories::Data::Keep).ok());
        QVERIFY(std::filesystem::is_symlink(m_layout.data("away")));
    }

    void whatAKillLeftOfOneIsNotTaken() {
        const std::string left = m_layout.makingData("killed") + "/of-another-user";
        QVERIFY(std::filesystem::create_directories(left));
        QVERIFY(m_versions.ensureData("killed", "").ok());
        QVERIFY(m_versions.hasData("killed"));
        QVERIFY(std::filesystem::is_empty(m_layout.data("killed")));
    }

    void nothingIsLeftOfItByAPurge() {
        m_users.error = absl::UnavailableError("no answer");
        QVERIFY(!prepare("gone", "metrics").ok());
        QVERIFY(
            m_versions.removeAgent("gone", agent::install::VersionDirectories::Data::Keep).ok());
        QVERIFY(!std::filesystem::exists(m_layout.agent("gone")));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::VersionDirectoriesTest)
#include "tst_version_directories.moc"
