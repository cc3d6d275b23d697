// SPDX-License-Identifier: Apache-2.0
// A freeze while neither the database nor the disk takes anything: a restart keeps it all the same.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <memory>

#include "master/cache/memory_cache.h"
#include "master/services/freeze_switch.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"
#include "tests/support/sized_disk.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

class TestFreezeFullDisk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(tests::haveOwnMounts(), "mounts of its own are needed"); }
    void init() {
        m_database = std::make_shared<storage::MemoryDatabase>();
        m_directory = std::make_unique<QTemporaryDir>();
        m_disk = std::make_unique<tests::SizedDisk>(m_directory->path().toStdString(), "256k");
        m_switch.reset();
    }
    void cleanup() {
        m_switch.reset();
        m_disk.reset();
    }

    void aFullDiskTakesIt() {
        restart();
        fill();
        const auto frozen = m_switch->freeze({"ada", "[::1]:7", "ctl", "q-1", "it burns"});
        QVERIFY(!frozen->recorded);
        QVERIFY(frozen->isInFile);
        restart();
        const auto kept = m_switch->current();
        QVERIFY(kept != nullptr);
        QCOMPARE(kept->mark.by, std::string("ada"));
        QCOMPARE(kept->mark.reason, std::string("it burns"));
        // Lifted, it has its room again for the next one.
        setAway(false);
        std::filesystem::remove(directory() / "filler");
        QVERIFY(m_switch->unfreeze({"bob", "[::1]:8", "ctl", "q-2", "over"}).ok());
        fill();
        QVERIFY(m_switch->freeze({"ada", "[::1]:7", "ctl", "q-3", "again"})->isInFile);
        restart();
        QCOMPARE(m_switch->current()->mark.reason, std::string("again"));
    }

    /// There was no room for it either: whoever freezes is not left to believe that it lasts.
    void whatIsKeptNowhereIsSaid() {
        fill();
        restart();
        QVERIFY(!m_switch->freeze({"ada", "[::1]:7", "ctl", "q-1", "it burns"})->isInFile);
        m_switch->tick();
        QVERIFY(!m_switch->current()->isInFile);
        std::filesystem::remove(directory() / "filler");
        m_switch->tick();
        QVERIFY(m_switch->current()->isInFile);
        restart();
        QVERIFY(m_switch->current() != nullptr);
    }

private:
    std::filesystem::path directory() const { return m_directory->path().toStdString(); }
    void fill() {
        setAway(true);
        tests::Filler filler(directory());
        filler.leave(0);
        filler.takeTheRest();
    }
    void setAway(bool away) {
        absl::MutexLock lock(&m_database->mutex);
        m_database->down = away ? base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY",
                                                  "", "the disk is full")
                                : absl::OkStatus();
    }
    /// It has its file alone.
    void restart() {
        m_switch.reset();
        QVERIFY(m_cache.putFreeze(std::nullopt).ok());
        m_switch = std::make_unique<FreezeSwitch>(
            FreezeSwitch::Parts{*m_database, m_database->trail, m_cache, m_events, m_clock,
                                directory() / "frozen.toml"});
        setAway(false);
        QVERIFY(m_switch->load().ok());
        setAway(true);
    }

    std::shared_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<tests::SizedDisk> m_disk;
    cache::MemoryCache m_cache;
    EventHub m_events;
    ManualClock m_clock;
    std::unique_ptr<FreezeSwitch> m_switch;
};

QTEST_GUILESS_MAIN(TestFreezeFullDisk)
#include "tst_freeze_full_disk.moc"
