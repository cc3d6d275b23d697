// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/install/version_directories.h"
#include "agent/platform/platform.h"

namespace ifrit::tests {

/// Everybody is whoever runs this.
class Users final : public agent::platform::UserDirectory {
public:
    absl::Status error;
    mutable int asked = 0;
    absl::StatusOr<agent::platform::Account> find(const std::string& name) const override {
        ++asked;
        if (!error.ok()) return error;
        return agent::platform::Account{name, "/", ::geteuid(), ::getegid(), {}};
    }
};

class VersionDirectoriesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    const agent::platform::Platform m_platform = *agent::platform::makePlatform();
    const agent::install::Layout m_layout{m_directory.path().toStdString()};
    const agent::package::ManifestStore m_manifests{m_layout.agents()};
    Users m_users;
    std::vector<std::string> m_changes;
    agent::install::VersionDirectories m_versions{
        *m_platform.directories, m_users, m_manifests, m_layout,
        [this](std::string_view change) { m_changes.emplace_back(change); }};

private Q_SLOTS:
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

    void whatIsThereIsTakenAsItIs() {
        QVERIFY(m_versions.prepareData("own", "").ok());
        m_users.asked = 0;
        m_changes.clear();
        m_users.error = absl::UnavailableError("no answer");
        QVERIFY(m_versions.ensureData("own", "metrics").ok());
        QCOMPARE(m_users.asked, 0);
        QVERIFY(m_changes.empty());
        // A switch may come with another user.
        QCOMPARE(m_versions.prepareData("own", "metrics"), m_users.error);
        m_users.error = absl::OkStatus();
        QVERIFY(m_versions.prepareData("own", "metrics").ok());
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
        QVERIFY(!m_versions.prepareData("gone", "metrics").ok());
        QVERIFY(
            m_versions.removeAgent("gone", agent::install::VersionDirectories::Data::Keep).ok());
        QVERIFY(!std::filesystem::exists(m_layout.agent("gone")));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::VersionDirectoriesTest)
#include "tst_version_directories.moc"
