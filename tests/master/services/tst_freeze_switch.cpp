// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <functional>
#include <utility>

#include "master/cache/memory_cache.h"
#include "master/services/freeze_switch.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

const Caller kFreezer{"ada", "[::1]:7", "ctl", "q-1", "it burns"};
const Caller kBob{"bob", "[::1]:8", "ctl", "q-2", "was the sensor"};
const absl::Status kAway = base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "", "");

/// Takes no freeze while it is away.
class UnluckyCache final : public cache::StateCache {
public:
    absl::Status put(const cache::CacheState& state) override { return m_inside.put(state); }
    absl::StatusOr<cache::CacheState> read() const override { return m_inside.read(); }
    absl::StatusOr<std::uint64_t> generation() const override { return m_inside.generation(); }
    Subscription subscribe(Listener listener) override {
        return m_inside.subscribe(std::move(listener));
    }
    absl::Status putFreeze(const std::optional<domain::FreezeMark>& mark) override {
        if (isAway) return base::makeError(absl::StatusCode::kUnavailable, "CACHE_AWAY", "", "");
        return m_inside.putFreeze(mark);
    }
    absl::StatusOr<std::optional<domain::FreezeMark>> readFreeze() const override {
        return m_inside.readFreeze();
    }
    bool isAway = false;

private:
    cache::MemoryCache m_inside;
};

/// Something happens between a commit, or a look, and its answer: once.
class InterruptedDatabase final : public storage::Database {
public:
    explicit InterruptedDatabase(storage::Database& inside) : m_inside(inside) {}
    absl::Status transact(const Work& work) override { return after(m_inside.transact(work)); }
    absl::Status read(const Work& work) override { return after(m_inside.read(work)); }

    std::function<void()> then;

private:
    absl::Status after(absl::Status status) {
        if (const auto now = std::exchange(then, nullptr)) now();
        return status;
    }

    storage::Database& m_inside;
};

/// A master's switch over what outlives it.
struct SwitchOfMaster {
    SwitchOfMaster(std::shared_ptr<storage::MemoryDatabase> db, cache::StateCache& shared,
                   const QString& file)
        : database(std::move(db)),
          freeze({*database, database->trail, shared, events, clock, file.toStdString()}) {}

    std::shared_ptr<storage::MemoryDatabase> database;
    EventHub events;
    ManualClock clock;
    FreezeSwitch freeze;
};

}  // namespace

class TestFreezeSwitch : public QObject {
    Q_OBJECT

private:
    QString file(const char* name) const { return m_directory->filePath(QLatin1String(name)); }
    std::unique_ptr<SwitchOfMaster> master(const char* name) {
        auto out = std::make_unique<SwitchOfMaster>(m_database, m_cache, file(name));
        m_loaded = out->freeze.load();
        return out;
    }
    void setAway(bool away) {
        absl::MutexLock lock(&m_database->mutex);
        m_database->down = away ? kAway : absl::OkStatus();
    }
    std::vector<std::string> audited() const {
        absl::MutexLock lock(&m_database->mutex);
        std::vector<std::string> out;
        for (const auto& row : m_database->state.audit)
            out.push_back(row.entry.verb + " by " + row.entry.actor);
        return out;
    }
    using Rows = std::vector<std::string>;

    std::shared_ptr<storage::MemoryDatabase> m_database;
    cache::MemoryCache m_cache;
    std::unique_ptr<QTemporaryDir> m_directory;
    absl::Status m_loaded;

private Q_SLOTS:
    void init() {
        m_database = std::make_shared<storage::MemoryDatabase>();
        m_directory = std::make_unique<QTemporaryDir>();
        QVERIFY(m_cache.putFreeze(std::nullopt).ok());
    }

    void freezesAndUnfreezes() {
        const auto one = master("a");
        QVERIFY(one->freeze.current() == nullptr);
        QCOMPARE(base::errorInfo(one->freeze.unfreeze(kBob)).reason, std::string("NOT_FROZEN"));
        QVERIFY(one->freeze.freeze(kFreezer)->recorded);
        QCOMPARE(one->freeze.current()->mark.by, std::string("ada"));
        QCOMPARE(one->freeze.current()->mark.reason, std::string("it burns"));
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
        // Again: the first one stays, and that somebody tried is told.
        QCOMPARE(one->freeze.freeze(kBob)->mark.by, std::string("ada"));
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.freeze by bob"}));
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QVERIFY(one->freeze.current() == nullptr);
        QCOMPARE(audited().back(), std::string("cluster.unfreeze by bob"));
        QVERIFY(!QFile::exists(file("a")));
        QVERIFY(!m_cache.readFreeze().value().has_value());
        one->freeze.tick();
        QVERIFY(one->freeze.current() == nullptr);
        QVERIFY(one->freeze.freeze(kFreezer)->recorded);
    }

    void withoutTheDatabaseItIsHeldAndToldLater() {
        const auto one = master("a");
        setAway(true);
        QVERIFY(!one->freeze.freeze(kFreezer)->recorded);
        one->freeze.tick();
        QVERIFY(one->freeze.current() != nullptr);
        QVERIFY(audited().empty());
        QVERIFY(QFile::exists(file("a")));
        QVERIFY(absl::IsUnavailable(one->freeze.unfreeze(kBob)));
        QVERIFY(one->freeze.current() != nullptr);
        setAway(false);
        one->freeze.tick();
        QVERIFY(one->freeze.current()->recorded);
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
        one->freeze.tick();
        QCOMPARE(audited().size(), std::size_t{1});
        const auto& row = m_database->state.audit.front().entry;
        QCOMPARE(row.reason, std::string("it burns"));
        QCOMPARE(row.address, std::string("[::1]:7"));
        QCOMPARE(row.requestId, std::string("q-1"));
    }

    void aRestartKeepsItFromTheFileAlone() {
        setAway(true);
        // Written by a master that could reach nothing but its disk, and was killed.
        {
            const auto one = std::make_unique<SwitchOfMaster>(m_database, m_cache, file("a"));
            one->freeze.freeze(kFreezer);
        }
        QVERIFY(m_cache.putFreeze(std::nullopt).ok());
        setAway(false);
        const auto again = master("a");
        QVERIFY(m_loaded.ok());
        QVERIFY(again->freeze.current() != nullptr);
        QVERIFY(again->freeze.current()->recorded);
        QCOMPARE(again->freeze.current()->mark.by, std::string("ada"));
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
        // Lifted while that master was down: its file freezes nothing again.
        const auto other = master("b");
        const QByteArray kept = [this] {
            QFile in(file("a"));
            return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
        }();
        QVERIFY(!kept.isEmpty());
        QVERIFY(other->freeze.unfreeze(kBob).ok());
        const auto third = master("a");
        QVERIFY(third->freeze.current() == nullptr);
        QVERIFY(!QFile::exists(file("a")));
    }

    void aDamagedFileFreezes() {
        std::ofstream(file("a").toStdString()) << "id = 7\n";
        const auto one = master("a");
        QVERIFY(m_loaded.ok());
        QVERIFY(one->freeze.current() != nullptr);
        QVERIFY2(one->freeze.current()->mark.reason.find("not readable") != std::string::npos,
                 one->freeze.current()->mark.reason.c_str());
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QVERIFY(one->freeze.current() == nullptr);
    }

    void otherMastersHear() {
        const auto one = master("a");
        const auto two = master("b");
        one->freeze.freeze(kFreezer);
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QCOMPARE(two->freeze.current()->mark, one->freeze.current()->mark);
        QVERIFY(two->freeze.unfreeze(kBob).ok());
        one->freeze.tick();
        QVERIFY(one->freeze.current() == nullptr);
        QVERIFY(!QFile::exists(file("a")));
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.unfreeze by bob"}));
    }

    // Told of it by a call, and before its next tick.
    void aLiftedOneEndsAtOnceWhereItIsLookedFor() {
        const auto one = master("a");
        const auto two = master("b");
        one->freeze.freeze(kFreezer);
        QVERIFY(two->freeze.lookNow().ok());
        QVERIFY(two->freeze.current() != nullptr);
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QVERIFY(two->freeze.current() != nullptr);
        QVERIFY(two->freeze.lookNow().ok());
        QVERIFY(two->freeze.current() == nullptr);
        one->freeze.freeze(kFreezer);
        QVERIFY(two->freeze.lookNow().ok());
        setAway(true);
        QVERIFY(absl::IsUnavailable(two->freeze.lookNow()));
        QVERIFY(two->freeze.current() != nullptr);
    }

    void otherMastersHearThroughTheCacheAlone() {
        const auto one = master("a");
        const auto two = master("b");
        setAway(true);
        one->freeze.freeze(kFreezer);
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QVERIFY(!two->freeze.current()->recorded);
        setAway(false);
        // Both hold it; it is written once.
        two->freeze.tick();
        one->freeze.tick();
        QVERIFY(one->freeze.current()->recorded && two->freeze.current()->recorded);
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
    }

    // By a call from master to master, past database and cache.
    void whatAnotherMasterTellsHoldsAtOnceAndIsKept() {
        const auto one = master("a");
        const auto two = master("b");
        setAway(true);
        const domain::FreezeMark mark = one->freeze.markOf(kFreezer);
        one->freeze.freeze(mark);
        QVERIFY(m_cache.putFreeze(std::nullopt).ok());
        two->freeze.hold(mark);
        QCOMPARE(two->freeze.current()->mark, mark);
        QVERIFY(!two->freeze.current()->recorded);
        two->freeze.tick();
        QVERIFY(QFile::exists(file("b")));
        setAway(false);
        two->freeze.tick();
        one->freeze.tick();
        QVERIFY(one->freeze.current()->recorded && two->freeze.current()->recorded);
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
    }

    // The call came late: what it tells was lifted since, or is lifted here before the next tick.
    void aToldFreezeThatWasLiftedEnds() {
        const auto one = master("a");
        const auto two = master("b");
        const domain::FreezeMark mark = one->freeze.markOf(kFreezer);
        one->freeze.freeze(mark);
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        two->freeze.hold(mark);
        two->freeze.tick();
        QVERIFY(two->freeze.current() == nullptr);
        two->freeze.hold(one->freeze.markOf({"eve", "", "ctl", "q-3", "again"}));
        QVERIFY(two->freeze.unfreeze(kBob).ok());
        two->freeze.tick();
        QVERIFY(two->freeze.current() == nullptr);
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.unfreeze by bob",
                                  "cluster.freeze by eve", "cluster.unfreeze by bob"}));
    }

    // Whoever told of it never reached the database.
    void aFreezeToldBesideOneThatIsLiftedStands() {
        const auto one = master("a");
        const auto two = master("b");
        one->freeze.freeze(kFreezer);
        two->freeze.tick();
        two->freeze.hold(one->freeze.markOf({"eve", "", "ctl", "q-3", "and again"}));
        QCOMPARE(two->freeze.current()->mark.by, std::string("ada"));
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QCOMPARE(two->freeze.current()->mark.by, std::string("eve"));
        QVERIFY(two->freeze.current()->recorded);
    }

    // The one that stands is lifted here, or elsewhere, and this one is told before that has its
    // answer: it is not dropped for a moment.
    void aFreezeToldWhileAnotherIsLiftedStands_data() {
        QTest::addColumn<bool>("here");
        QTest::newRow("lifted here") << true;
        QTest::newRow("lifted elsewhere") << false;
    }
    void aFreezeToldWhileAnotherIsLiftedStands() {
        QFETCH(const bool, here);
        InterruptedDatabase database(*m_database);
        EventHub events;
        ManualClock clock;
        FreezeSwitch freeze(
            {database, m_database->trail, m_cache, events, clock, file("a").toStdString()});
        QVERIFY(freeze.load().ok());
        QVERIFY(freeze.freeze(kFreezer)->recorded);
        const domain::FreezeMark mark = freeze.markOf({"eve", "", "ctl", "q-3", "again"});
        if (!here) QVERIFY(master("b")->freeze.unfreeze(kBob).ok());
        database.then = [&] { freeze.hold(mark); };
        if (here)
            QVERIFY(freeze.unfreeze(kBob).ok());
        else
            freeze.tick();
        QVERIFY(!database.then);
        QVERIFY(freeze.current() != nullptr);
        QCOMPARE(freeze.current()->mark, mark);
        freeze.tick();
        QCOMPARE(freeze.current()->mark, mark);
        QVERIFY(freeze.current()->recorded);
        QVERIFY(QFile::exists(file("a")));
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.unfreeze by bob",
                                  "cluster.freeze by eve"}));
    }

    // What is not there at first is written once it can be.
    void fileAndCacheAreWrittenOnceTheyCanBe() {
        UnluckyCache cache;
        const auto one =
            std::make_unique<SwitchOfMaster>(m_database, cache, file("gone/frozen.toml"));
        QVERIFY(one->freeze.load().ok());
        cache.isAway = true;
        setAway(true);
        one->freeze.freeze(kFreezer);
        one->freeze.tick();
        QVERIFY(!QFile::exists(file("gone/frozen.toml")));
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("gone")));
        cache.isAway = false;
        one->freeze.tick();
        QVERIFY(QFile::exists(file("gone/frozen.toml")));
        QCOMPARE(cache.readFreeze().value().value().by, std::string("ada"));
        // A cache that lost it gets it again.
        QVERIFY(cache.putFreeze(std::nullopt).ok());
        one->freeze.tick();
        QVERIFY(cache.readFreeze().value().has_value());
        // Also once the database has it, from which a restart without one would not know.
        setAway(false);
        QVERIFY(QDir(file("gone")).removeRecursively());
        QVERIFY(one->freeze.freeze(kBob)->recorded);
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("gone")));
        one->freeze.tick();
        QVERIFY(QFile::exists(file("gone/frozen.toml")));
    }

    void twoThatWereFrozenApartAreBothWritten() {
        const auto one = master("a");
        const auto two = master("b");
        setAway(true);
        one->freeze.freeze(kFreezer);
        two->freeze.freeze(kBob);
        setAway(false);
        one->freeze.tick();
        two->freeze.tick();
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.freeze by bob"}));
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        one->freeze.tick();
        two->freeze.tick();
        QVERIFY(one->freeze.current() == nullptr);
        QVERIFY(two->freeze.current() == nullptr);
    }

    // Both held the first; it was lifted through one of them, and through the other somebody
    // freezes again before that one hears of it.
    void aFreezeOverOneThatWasLiftedElsewhereStands() {
        const auto one = master("a");
        const auto two = master("b");
        one->freeze.freeze(kFreezer);
        two->freeze.tick();
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        const Caller eve{"eve", "[::1]:9", "ctl", "q-3", "it burns again"};
        QCOMPARE(two->freeze.freeze(eve)->mark.by, std::string("eve"));
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QVERIFY(two->freeze.current()->recorded);
        one->freeze.tick();
        QVERIFY(one->freeze.current() != nullptr);
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.unfreeze by bob",
                                  "cluster.freeze by eve"}));
        // The same without the database, from which the second hears of the first's end last.
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        one->freeze.freeze(kFreezer);
        two->freeze.tick();
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        setAway(true);
        QVERIFY(two->freeze.freeze({"eve", "", "ctl", "q-4", "and again"}) != nullptr);
        setAway(false);
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QCOMPARE(two->freeze.current()->mark.reason, std::string("and again"));
        one->freeze.tick();
        QVERIFY(one->freeze.current() != nullptr);
    }

    void aCallThatIsMadeAgainIsTheSameFreeze() {
        const auto one = master("a");
        const auto two = master("b");
        one->freeze.freeze(kFreezer);
        QCOMPARE(two->freeze.freeze(kFreezer)->mark.id, one->freeze.current()->mark.id);
        QCOMPARE(audited(), Rows{"cluster.freeze by ada"});
        // Lifted since, it freezes anew: who is answered that nothing changes shall have that.
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QVERIFY(two->freeze.freeze(kFreezer)->recorded);
        two->freeze.tick();
        QVERIFY(two->freeze.current() != nullptr);
        QCOMPARE(audited().size(), std::size_t{3});
    }

    void allThatWaitedForTheDatabaseAreTold() {
        const auto one = master("a");
        setAway(true);
        one->freeze.freeze(kFreezer);
        QCOMPARE(one->freeze.freeze(kBob)->mark.by, std::string("bob"));
        setAway(false);
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QCOMPARE(audited(), (Rows{"cluster.freeze by ada", "cluster.freeze by bob",
                                  "cluster.unfreeze by bob"}));
        one->freeze.tick();
        QVERIFY(one->freeze.current() == nullptr);
        QCOMPARE(audited().size(), std::size_t{3});
    }

    void aLateNoticeOfALiftedOneFreezesNothing() {
        const auto one = master("a");
        one->freeze.freeze(kFreezer);
        const auto mark = one->freeze.current()->mark;
        QVERIFY(one->freeze.unfreeze(kBob).ok());
        QVERIFY(m_cache.putFreeze(mark).ok());
        one->freeze.tick();
        QVERIFY(one->freeze.current() == nullptr);
        QVERIFY(!m_cache.readFreeze().value().has_value());
    }
};

QTEST_GUILESS_MAIN(TestFreezeSwitch)
#include "tst_freeze_switch.moc"
