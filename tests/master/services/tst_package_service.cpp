// SPDX-License-Identifier: Apache-2.0
#include "master/services/package_service.h"

#include <QTemporaryDir>
#include <QTest>
#include <chrono>
#include <filesystem>
#include <fstream>

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
        QVERIFY(m_packages->erase(kOperator, kDigest).ok());
        QVERIFY(m_database->state.packages.empty());
        QCOMPARE(reasonOf(m_packages->erase(kOperator, kDigest)), std::string("PACKAGE_UNKNOWN"));
    }

    void whatADraftNamesStays() {
        QVERIFY(m_master->engine.create(kOperator, spec()).ok());
        QCOMPARE(reasonOf(m_packages->erase(kOperator, kDigest)), std::string("PACKAGE_IN_USE"));
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
        const absl::Status refused = m_packages->erase(kOperator, kDigest);
        QCOMPARE(reasonOf(refused), std::string("PACKAGE_IN_USE"));
        // For people: for whom, and what to do.
        QCOMPARE(base::messageOf(refused),
                 std::string("logd 2 cannot be deleted: it is the desired version of LINUX (full); "
                             "release another version there first"));
        QCOMPARE(m_database->state.packages.size(), std::size_t{1});
    }

    /// Each list of packages asks, and there may be a row for each machine.
    void usesReadNoRowsOfMachines() {
        compose::DesiredRow row;
        row.entry.level = domain::Level::Gray;
        row.entry.manifestDigest = kDigest;
        row.machineUuid = "m-1";
        m_database->state.rows.push_back(row);
        const int before = *m_database->state.rowReads;
        const auto uses = m_packages->uses();
        QVERIFY(uses.ok());
        QCOMPARE(uses->desired.at(kDigest), std::string("m-1 (gray)"));
        QCOMPARE(*m_database->state.rowReads, before);
    }

    void aDraftIsNotMadeOfWhatWasDeletedMeanwhile() {
        m_master->database.beforeWrite = [this] { m_database->state.packages.clear(); };
        QCOMPARE(reasonOf(m_master->engine.create(kOperator, spec()).status()),
                 std::string("PACKAGE_UNKNOWN"));
        QVERIFY(m_database->state.releases.empty());
    }

    void whoDoesNotLeadDeletesNothing() {
        giveLease(*m_database, 2);
        QCOMPARE(reasonOf(m_packages->erase(kOperator, kDigest)), std::string("NOT_LEADER"));
        QCOMPARE(m_database->state.packages.size(), std::size_t{1});
    }

    /// What another master deleted, what no publish made a package of, and old beginnings.
    void archivesThatNothingNamesAreSweptAway() {
        const std::string named(64, 'a');
        m_database->state.packages.begin()->second.archiveDigest = named;
        const std::string loose(64, '1');
        const std::string held(64, '2');
        const std::string fresh(64, '3');
        for (const std::string& digest : {named, loose, held})
            write(digest);
        for (const std::string& digest : {loose, held, fresh})
            write(digest + ".part");
        const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(25);
        for (const std::string& digest : {loose, held})
            std::filesystem::last_write_time(pathOf(digest + ".part"), old);
        auto hold = m_archives.hold(held);
        QVERIFY(hold.ok());
        QVERIFY(m_packages->sweepArchives().ok());
        QCOMPARE(there({named, loose, held}), (std::vector<std::string>{named, held}));
        QCOMPARE(there({loose + ".part", held + ".part", fresh + ".part"}),
                 (std::vector<std::string>{held + ".part", fresh + ".part"}));
        hold->reset();
        m_database->state.packages.clear();
        QVERIFY(m_packages->sweepArchives().ok());
        QCOMPARE(there({named, held, held + ".part", fresh + ".part"}),
                 (std::vector<std::string>{fresh + ".part"}));
    }

private:
    std::filesystem::path pathOf(const std::string& name) const {
        return std::filesystem::path(m_directory.path().toStdString()) / "sha256" /
               name.substr(0, 2) / name;
    }
    void write(const std::string& name) const {
        std::filesystem::create_directories(pathOf(name).parent_path());
        std::ofstream(pathOf(name)) << "x";
    }
    std::vector<std::string> there(std::vector<std::string> names) const {
        std::erase_if(names,
                      [this](const auto& name) { return !std::filesystem::exists(pathOf(name)); });
        return names;
    }
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
