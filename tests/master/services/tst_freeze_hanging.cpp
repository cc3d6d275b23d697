// SPDX-License-Identifier: Apache-2.0
// The kill switch over a database that neither answers nor refuses.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "master/cache/memory_cache.h"
#include "master/services/freeze_switch.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

const Caller kAda{"ada", "[::1]:7", "ctl", "q-1", "it burns"};
const Caller kBob{"bob", "[::1]:8", "ctl", "q-2", "was the sensor"};

/// Whose calls wait between hang() and answer().
class HangingDatabase final : public storage::Database {
public:
    explicit HangingDatabase(storage::Database& inside) : m_inside(inside) {}
    absl::Status transact(const Work& work) override {
        wait();
        return m_inside.transact(work);
    }
    absl::Status read(const Work& work) override {
        wait();
        return m_inside.read(work);
    }
    void hang() { set(true); }
    void answer() { set(false); }
    /// How many calls it has had.
    int calls() const {
        const absl::MutexLock lock(&m_mutex);
        return m_calls;
    }

private:
    void set(bool hangs) {
        const absl::MutexLock lock(&m_mutex);
        m_hangs = hangs;
    }
    void wait() {
        const absl::MutexLock lock(&m_mutex);
        ++m_calls;
        const auto answers = [this] { return !m_hangs; };
        m_mutex.Await(absl::Condition(&answers));
    }

    storage::Database& m_inside;
    mutable absl::Mutex m_mutex;
    bool m_hangs = false;
    int m_calls = 0;
};

/// One of two masters, whose way to what they share may hang.
struct FrozenMaster {
    FrozenMaster(storage::MemoryDatabase& shared, cache::StateCache& cache, const QString& file)
        : database(shared),
          freeze({database, shared.trail, cache, events, clock, file.toStdString()}) {}

    HangingDatabase database;
    EventHub events;
    ManualClock clock;
    FreezeSwitch freeze;
};

}  // namespace

class TestFreezeHanging : public QObject {
    Q_OBJECT

    using Rows = std::vector<std::string>;
    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<cache::MemoryCache> m_cache;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<FrozenMaster> m_one;
    std::unique_ptr<FrozenMaster> m_two;

    QString file(const char* name) const { return m_directory->filePath(QLatin1String(name)); }
    Rows audited() const {
        const absl::MutexLock lock(&m_database->mutex);
        Rows out;
        for (const auto& row : m_database->state.audit)
            out.push_back(row.entry.verb + " by " + row.entry.actor);
        return out;
    }

private Q_SLOTS:
    void init() {
        m_database = std::make_unique<storage::MemoryDatabase>();
        m_cache = std::make_unique<cache::MemoryCache>();
        m_directory = std::make_unique<QTemporaryDir>();
        m_one = std::make_unique<FrozenMaster>(*m_database, *m_cache, file("a"));
        m_two = std::make_unique<FrozenMaster>(*m_database, *m_cache, file("b"));
        QVERIFY(m_one->freeze.load().ok());
        QVERIFY(m_two->freeze.load().ok());
    }
    void cleanup() {
        m_one.reset();
        m_two.reset();
    }

    /// Nobody who freezes waits for it, also while something else does.
    void nobodyWhoFreezesWaits() {
        m_one->database.hang();
        std::thread ticking([this] { m_one->freeze.tick(); });
        const auto first = m_one->freeze.freeze(kAda);
        const bool inFile = QFile::exists(file("a"));
        const auto second = m_one->freeze.freeze(kBob);
        const bool inCache =
            QTest::qWaitFor([this] { return m_cache->readFreeze().value().has_value(); });
        m_one->database.answer();
        ticking.join();
        QVERIFY(!first->recorded);
        QCOMPARE(first->mark.by, std::string("ada"));
        QVERIFY(!second->recorded);
        QVERIFY(inFile);
        QVERIFY(inCache);
        QVERIFY(QTest::qWaitFor([this] {
            m_one->freeze.tick();
            return audited().size() == 2;
        }));
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.freeze by bob"}));
        QVERIFY(m_one->freeze.current()->recorded);
        // Whoever was answered waits no more: what is lifted now stays lifted.
        QVERIFY(m_one->freeze.unfreeze(kBob).ok());
        m_one->freeze.tick();
        QVERIFY(m_one->freeze.current() == nullptr);
        QVERIFY(!QFile::exists(file("a")));
    }

    /// Answered while its master waited for the database, known elsewhere, and lifted there: it
    /// does not come back as a call that is made again.
    void whatWasAnsweredAndLiftedElsewhereEnds() {
        m_one->database.hang();
        const domain::FreezeMark mark = m_one->freeze.markOf(kAda);
        const auto answered = m_one->freeze.freeze(mark);
        m_two->freeze.hold(mark);
        m_two->freeze.tick();
        const absl::Status lifted = m_two->freeze.unfreeze(kBob);
        m_one->database.answer();
        QVERIFY(!answered->recorded);
        QVERIFY(lifted.ok());
        QVERIFY(QTest::qWaitFor([this] {
            m_one->freeze.tick();
            return m_one->freeze.current() == nullptr;
        }));
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.unfreeze by bob"}));
        QVERIFY(!QFile::exists(file("a")));
    }

    /// Each that waits keeps a thread of the master's calls from others, which need no database.
    void ofThoseWhoLookOnlyOneWaits() {
        m_one->database.hang();
        const int before = m_one->database.calls();
        absl::Mutex mutex;
        std::vector<absl::Status> answers;
        const auto look = [&] {
            const absl::Status status = m_one->freeze.lookNow();
            const absl::MutexLock lock(&mutex);
            answers.push_back(status);
        };
        const auto answered = [&] {
            const absl::MutexLock lock(&mutex);
            return answers;
        };
        std::vector<std::thread> lookers;
        lookers.emplace_back(look);
        const bool isLooking =
            QTest::qWaitFor([&] { return m_one->database.calls() == before + 1; });
        for (int i = 0; i < 5; ++i)
            lookers.emplace_back(look);
        const bool isRefused = QTest::qWaitFor([&] { return answered().size() == 4; });
        const std::vector<absl::Status> refused = answered();
        m_one->database.answer();
        for (std::thread& looker : lookers)
            looker.join();
        QVERIFY(isLooking);
        QVERIFY(isRefused);
        for (const absl::Status& status : refused) {
            QVERIFY(absl::IsUnavailable(status));
            QCOMPARE(base::errorInfo(status).reason, std::string("FREEZE_BUSY"));
            QVERIFY(base::callDetails(status).retryAfter.count() > 0);
        }
        // The one that waited looked itself: what the first had read may have been older.
        QCOMPARE(m_one->database.calls(), before + 2);
        QCOMPARE(std::count_if(answers.begin(), answers.end(),
                               [](const absl::Status& status) { return status.ok(); }),
                 2);
        QVERIFY(m_one->freeze.lookNow().ok());
    }
};

QTEST_GUILESS_MAIN(TestFreezeHanging)
#include "tst_freeze_hanging.moc"
