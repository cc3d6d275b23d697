// SPDX-License-Identifier: Apache-2.0
#include "master/services/package_service.h"

#include <QTemporaryDir>
#include <QTest>

#include "tests/master/services/one_of_many.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

/// Package logd 2 at the master that leads, and what others do between its steps.
class TestPackageService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_database = sharedDatabase();
        giveLease(*m_database, 1);
        m_master = std::make_unique<OneOfMany>(*m_database);
        QVERIFY(m_master->engine.lead(1).ok());
        m_packages = std::make_unique<PackageService>(
            PackageService::Parts{m_master->database, m_master->trail, m_archives, m_master->engine,
                                  m_master->events, m_master->clock});
    }

    void aPackageThatNothingNeedsIsDeleted() {
        QVERIFY(m_packages->erase(kAda, kDigest).ok());
        QVERIFY(m_database->state.packages.empty());
        QCOMPARE(reasonOf(m_packages->erase(kAda, kDigest)), std::string("PACKAGE_UNKNOWN"));
    }

    void whatADraftNamesStays() {
        QVERIFY(m_master->engine.create(kAda, spec()).ok());
        QCOMPARE(reasonOf(m_packages->erase(kAda, kDigest)), std::string("PACKAGE_IN_USE"));
        QCOMPARE(m_database->state.packages.size(), std::size_t{1});
    }

    /// What needs it is looked for where it is deleted, not before.
    void whatBeginsToNeedItMeanwhileCounts() {
        m_master->database.beforeWrite = [this] {
            compose::DesiredRow row;
            row.entry.agent = "logd";
            row.entry.level = domain::Level::Full;
            row.entry.version = "2";
            row.entry.manifestDigest = kDigest;
            row.machineType = "LINUX";
            m_database->state.rows.push_back(row);
        };
        QCOMPARE(reasonOf(m_packages->erase(kAda, kDigest)), std::string("PACKAGE_IN_USE"));
        QCOMPARE(m_database->state.packages.size(), std::size_t{1});
    }

    void aDraftIsNotMadeOfWhatWasDeletedMeanwhile() {
        m_master->database.beforeWrite = [this] { m_database->state.packages.clear(); };
        QCOMPARE(reasonOf(m_master->engine.create(kAda, spec()).status()),
                 std::string("PACKAGE_UNKNOWN"));
        QVERIFY(m_database->state.releases.empty());
    }

    void whoDoesNotLeadDeletesNothing() {
        giveLease(*m_database, 2);
        QCOMPARE(reasonOf(m_packages->erase(kAda, kDigest)), std::string("NOT_LEADER"));
        QCOMPARE(m_database->state.packages.size(), std::size_t{1});
    }

private:
    static std::string reasonOf(const absl::Status& status) {
        return base::errorInfo(status).reason;
    }

    const QTemporaryDir m_directory;
    ArchiveStore m_archives{m_directory.path().toStdString()};
    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<OneOfMany> m_master;
    std::unique_ptr<PackageService> m_packages;
};

QTEST_GUILESS_MAIN(TestPackageService)
#include "tst_package_service.moc"
