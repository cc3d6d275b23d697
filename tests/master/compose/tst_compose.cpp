// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/notification.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "master/cache/cache_keys.h"
#include "master/cache/memory_cache.h"
#include "master/compose/composer.h"
#include "shared/base/status.h"
#include "shared/codec/fragment_codec.h"
#include "shared/domain/pilot.h"

using namespace ifrit;
using namespace ifrit::master;
using compose::DesiredRow;
using domain::DesiredAction;
using domain::Level;

namespace {

const std::string kDigest(64, 'a');

DesiredRow row(Level level, const std::string& chosenBy, const std::string& agent,
               const std::string& version, int timestamp, std::uint32_t batch = 0) {
    DesiredRow out;
    out.entry.agent = agent;
    out.entry.version = version;
    out.entry.manifestDigest = kDigest;
    out.entry.level = level;
    out.entry.timestamp = base::fromUnixMillis(timestamp);
    out.entry.generation = 1;
    out.entry.releaseId = "r-" + version;
    (level == Level::Gray ? out.machineUuid : out.machineType) = chosenBy;
    out.batch = batch;
    return out;
}

class FakeSource final : public compose::DesiredSource {
public:
    absl::StatusOr<std::uint64_t> generation() override {
        ++asked;
        if (!down.ok()) return down;
        return rows.generation;
    }
    absl::StatusOr<compose::DesiredRows> read() override {
        ++reads;
        if (!down.ok()) return down;
        return rows;
    }
    compose::DesiredRows rows;
    absl::Status down;
    std::atomic<int> asked{0};
    std::atomic<int> reads{0};
};

class FixedClock final : public base::Clock {
public:
    base::WallTime now() const override { return base::fromUnixMillis(1'000); }
    base::SteadyTime steadyNow() const override { return {}; }
};

}  // namespace

class TestCompose : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void priorityRule_data() {
        // Timestamps of gray, hash and full; -1: no such entry. Every order and every tie.
        QTest::addColumn<int>("gray");
        QTest::addColumn<int>("hash");
        QTest::addColumn<int>("full");
        for (int gray : {-1, 1, 2, 3}) {
            for (int hash : {-1, 1, 2, 3}) {
                for (int full : {-1, 1, 2, 3})
                    QTest::addRow("%d %d %d", gray, hash, full) << gray << hash << full;
            }
        }
    }
    void priorityRule() {
        QFETCH(int, gray);
        QFETCH(int, hash);
        QFETCH(int, full);
        std::vector<DesiredRow> rows;
        if (gray >= 0) rows.push_back(row(Level::Gray, "m1", "logd", "gray", gray));
        if (hash >= 0) rows.push_back(row(Level::Hash, "LINUX", "logd", "hash", hash, 4));
        if (full >= 0) rows.push_back(row(Level::Full, "LINUX", "logd", "full", full));
        const compose::Snapshot snapshot(1, {}, rows);
        const auto chosen = domain::chosenEntries(snapshot.answerFor("m1", "LINUX", 4).state());
        // Said independently of wins(): the newest, and among the newest gray before hash before
        // full.
        const int newest = std::max({gray, hash, full});
        if (newest < 0) {
            QVERIFY(chosen.empty());
            return;
        }
        const std::string expected = gray == newest ? "gray" : hash == newest ? "hash" : "full";
        QCOMPARE(chosen.size(), std::size_t{1});
        QCOMPARE(chosen[0].version, expected);
        // A machine that only the full key chooses never hears of the others.
        const auto other = domain::chosenEntries(snapshot.answerFor("m2", "LINUX", 5).state());
        QCOMPARE(other.size(), std::size_t(full >= 0 ? 1 : 0));
        QVERIFY(snapshot.answerFor("m1x", "ARM64", 4).fragments.empty());
    }

    void keysAndSources() {
        const auto keys = compose::compose({row(Level::Gray, "m1", "logd", "2", 2),
                                            row(Level::Hash, "ARM64", "logd", "2", 2, 7),
                                            row(Level::Full, "LINUX", "logd", "1", 1),
                                            row(Level::Full, "LINUX", "metricd", "5", 1)});
        QCOMPARE(keys.size(), std::size_t{3});
        QCOMPARE(keys.at("expect_default_LINUX").entries.size(), std::size_t{2});
        QCOMPARE(keys.at("expect_default_LINUX").entries[0].source,
                 std::string("expect_default_LINUX"));
        QVERIFY(keys.count("expect_gray_m1") == 1 && keys.count("expect_default_hash7_ARM64") == 1);
    }

    void bytesDoNotDependOnTheOrderOfRows() {
        std::vector<DesiredRow> rows;
        for (int i = 0; i < 6; ++i)
            rows.push_back(row(Level::Full, "LINUX", "agent" + std::to_string(i), "1", i % 2));
        const auto expected = compose::compose(rows);
        std::reverse(rows.begin(), rows.end());
        const auto again = compose::compose(rows);
        QCOMPARE(again.at("expect_default_LINUX").bytes, expected.at("expect_default_LINUX").bytes);
        QCOMPARE(again.at("expect_default_LINUX").etag, expected.at("expect_default_LINUX").etag);
    }

    void anAnswerIsTheConcatenationOfItsKeys() {
        const compose::Snapshot snapshot(
            9, {},
            {row(Level::Gray, "m1", "logd", "2", 2), row(Level::Full, "LINUX", "logd", "1", 1)});
        const auto answer = snapshot.answerFor("m1", "LINUX", 1);
        QCOMPARE(answer.generation, std::uint64_t{9});
        QCOMPARE(answer.fragments.size(), std::size_t{2});
        const auto decoded = codec::decodeFragment(answer.bytes());
        QVERIFY2(decoded.ok(), base::messageOf(decoded.status()).c_str());
        QVERIFY(*decoded == answer.state().entries);
    }

    void etagTellsAnswersApart() {
        const compose::Snapshot before(1, {}, {row(Level::Full, "LINUX", "logd", "1", 1)});
        const compose::Snapshot after(
            2, {},
            {row(Level::Full, "LINUX", "logd", "1", 1), row(Level::Gray, "m1", "logd", "2", 2)});
        const auto etag = [](const compose::Snapshot& s, const char* uuid) {
            return s.answerFor(uuid, "LINUX", 0).etag;
        };
        QVERIFY(etag(before, "m1") != etag(after, "m1"));
        QCOMPARE(etag(before, "m2"), etag(after, "m2"));
        QVERIFY(before.answerFor("m9", "ARM64", 0).etag != 0);
        // What one key loses and another gains is a different answer.
        QVERIFY(compose::combineEtags({1, 2}) != compose::combineEtags({2, 1}));
    }

    void publishedGenerationNeverGoesBack() {
        compose::PublishedState published;
        std::vector<std::uint64_t> told;
        const auto id = published.subscribe([&told](std::uint64_t g) { told.push_back(g); });
        const auto make = [](std::uint64_t g) {
            return std::make_shared<const compose::Snapshot>(g, base::WallTime{},
                                                             std::vector<DesiredRow>{});
        };
        QVERIFY(published.publish(make(5)));
        QVERIFY(!published.publish(make(4)));
        QVERIFY(published.publish(make(5)));
        QCOMPARE(published.current()->generation(), std::uint64_t{5});
        published.unsubscribe(id);
        QVERIFY(published.publish(make(6)));
        QCOMPARE(told, std::vector<std::uint64_t>{5});
    }

    /// A thousand machines' Watches are told one after another.
    void whoSubscribesWaitsForNobodyWhoIsTold() {
        compose::PublishedState published;
        absl::Notification isTold;
        absl::Notification goesOn;
        const auto slow = published.subscribe([&](std::uint64_t) {
            isTold.Notify();
            goesOn.WaitForNotification();
        });
        std::thread publisher([&published] {
            published.publish(std::make_shared<const compose::Snapshot>(1, base::WallTime{},
                                                                        std::vector<DesiredRow>{}));
        });
        isTold.WaitForNotification();
        auto comesAndGoes = std::async(std::launch::async, [&published] {
            published.unsubscribe(published.subscribe([](std::uint64_t) {}));
        });
        const bool isFree =
            comesAndGoes.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
        goesOn.Notify();
        publisher.join();
        published.unsubscribe(slow);
        QVERIFY(isFree);
    }

    /// Redis outlived a database that was put back, and holds what came after.
    void whatTheDatabaseDoesNotKnowIsNotServedWhenItIsAway() {
        FakeSource source;
        cache::MemoryCache cache;
        const FixedClock clock;
        {
            compose::PublishedState before;
            compose::Composer composer({source, cache, before, clock}, std::chrono::seconds(1));
            source.rows = {9, {row(Level::Full, "LINUX", "logd", "2", 1)}};
            QVERIFY(composer.composeNow().ok());
        }
        compose::PublishedState published;
        compose::Composer composer({source, cache, published, clock}, std::chrono::seconds(1));
        const auto served = [&published] {
            return published.current()->answerFor("m", "LINUX", 0).state().entries[0].version;
        };
        source.rows = {5, {row(Level::Full, "LINUX", "logd", "1", 1)}};
        QVERIFY(composer.composeNow().ok());
        QVERIFY(composer.cacheAwaySince().has_value());
        source.down = absl::UnavailableError("gone");
        QVERIFY(!composer.composeNow().ok());
        QCOMPARE(served(), std::string("1"));
        // What another master composed after it still is.
        source.down = absl::OkStatus();
        source.rows = {12, {row(Level::Full, "LINUX", "logd", "3", 1)}};
        {
            compose::PublishedState other;
            compose::Composer faster({source, cache, other, clock}, std::chrono::seconds(1));
            QVERIFY(faster.composeNow().ok());
        }
        source.down = absl::UnavailableError("gone");
        QVERIFY(!composer.composeNow().ok());
        QCOMPARE(served(), std::string("3"));
    }

    void composerWritesOnlyWhatChanged() {
        FakeSource source;
        cache::MemoryCache cache;
        compose::PublishedState published;
        const FixedClock clock;
        compose::Composer composer({source, cache, published, clock}, std::chrono::seconds(1));
        source.rows = {
            3, {row(Level::Full, "LINUX", "logd", "1", 1), row(Level::Gray, "m1", "logd", "2", 2)}};
        QVERIFY(composer.composeNow().ok());
        QCOMPARE(cache.read()->values.size(), std::size_t{2});
        QCOMPARE(published.generation(), std::uint64_t{3});
        QVERIFY(composer.composeNow().ok());
        QCOMPARE(source.reads.load(), 1);  // the generation was the same: no row was read
        source.rows = {4, {row(Level::Full, "LINUX", "logd", "1", 1)}};
        QVERIFY(composer.composeNow().ok());
        QCOMPARE(cache.read()->values.count(cache::grayKey("m1")), std::size_t{0});
        QCOMPARE(cache.read()->values.at(cache::fullKey("LINUX")).generation, std::uint64_t{3});
    }

    void aForeignKeyInTheCacheIsRemoved() {
        FakeSource source;
        cache::MemoryCache cache;
        QVERIFY(cache.put({1, {{cache::grayKey("evil"), {1, {}, "poison"}}}}).ok());
        compose::PublishedState published;
        const FixedClock clock;
        compose::Composer composer({source, cache, published, clock}, std::chrono::seconds(1));
        source.rows = {2, {row(Level::Full, "LINUX", "logd", "1", 1)}};
        QVERIFY(composer.composeNow().ok());
        QCOMPARE(cache.read()->values.count(cache::grayKey("evil")), std::size_t{0});
        QVERIFY(published.current()->answerFor("evil", "ARM64", 0).fragments.empty());
    }

    void databaseAwayKeepsTheLastStateAndSaysSo() {
        FakeSource source;
        cache::MemoryCache cache;
        compose::PublishedState published;
        const FixedClock clock;
        compose::Composer composer({source, cache, published, clock}, std::chrono::seconds(1));
        source.rows = {3, {row(Level::Full, "LINUX", "logd", "1", 1)}};
        QVERIFY(composer.composeNow().ok());
        QVERIFY(!composer.staleSince().has_value());
        source.down = absl::UnavailableError("gone");
        QVERIFY(!composer.composeNow().ok());
        QVERIFY(composer.staleSince() == base::fromUnixMillis(1'000));
        QCOMPARE(published.current()->answerFor("m", "LINUX", 0).fragments.size(), std::size_t{1});
        source.down = absl::OkStatus();
        QVERIFY(composer.composeNow().ok());
        QVERIFY(!composer.staleSince().has_value());
    }

    void anOlderDatabaseIsRefused() {
        FakeSource source;
        cache::MemoryCache cache;
        compose::PublishedState published;
        const FixedClock clock;
        compose::Composer composer({source, cache, published, clock}, std::chrono::seconds(1));
        source.rows = {8, {row(Level::Full, "LINUX", "logd", "2", 1)}};
        QVERIFY(composer.composeNow().ok());
        source.rows = {7, {row(Level::Full, "LINUX", "logd", "1", 1)}};
        const absl::Status status = composer.composeNow();
        QCOMPARE(base::errorInfo(status).reason, std::string("GENERATION_WENT_BACK"));
        QCOMPARE(published.current()->answerFor("m", "LINUX", 0).state().entries[0].version,
                 std::string("2"));
    }

    void pokeComposesAtOnce() {
        FakeSource source;
        cache::MemoryCache cache;
        compose::PublishedState published;
        const FixedClock clock;
        compose::Composer composer({source, cache, published, clock}, std::chrono::hours(1));
        source.rows = {2, {}};
        composer.start();
        composer.poke();
        QTRY_COMPARE_WITH_TIMEOUT(published.generation(), std::uint64_t{2}, 5'000);
        composer.stop();
    }

    /// One key for the pilots of a type, served in parts: each release has pilot machines of its
    /// own.
    void pilotsOfTwoReleasesDoNotMix() {
        auto first = row(Level::Hash, "LINUX", "logd", "2", 5);
        first.entry.releaseId = "r1";
        auto second = row(Level::Hash, "LINUX", "metricd", "7", 6);
        second.entry.releaseId = "r2";
        std::string onlyFirst;
        std::string onlySecond;
        std::string both;
        std::string neither;
        first.entry.pilotLimit = second.entry.pilotLimit = std::uint64_t{1} << 63U;
        for (int i = 0; i < 200; ++i) {
            const std::string uuid = "m" + std::to_string(i);
            const bool a = domain::pilotHash(uuid, "r1") <= first.entry.pilotLimit;
            const bool b = domain::pilotHash(uuid, "r2") <= second.entry.pilotLimit;
            (a ? (b ? both : onlyFirst) : (b ? onlySecond : neither)) = uuid;
        }
        const compose::Snapshot snapshot(1, base::WallTime{}, {first, second});
        QCOMPARE(snapshot.fragments().size(), std::size_t{1});
        QCOMPARE(snapshot.fragments().begin()->second.entries.size(), std::size_t{2});
        const auto agents = [&snapshot](const std::string& uuid) {
            std::string out;
            for (const auto& entry : snapshot.answerFor(uuid, "LINUX", 3).state().entries)
                out += entry.agent + ' ';
            return out;
        };
        QCOMPARE(agents(onlyFirst), std::string("logd "));
        QCOMPARE(agents(onlySecond), std::string("metricd "));
        QCOMPARE(agents(both), std::string("logd metricd "));
        QCOMPARE(agents(neither), std::string());
        QCOMPARE(snapshot.answerFor(both, "ARM64", 3).fragments.size(), std::size_t{0});
        QVERIFY(snapshot.answerFor(both, "LINUX", 3).etag !=
                snapshot.answerFor(onlyFirst, "LINUX", 3).etag);
    }

    void aDownloadRateIsAnotherAnswer() {
        auto told = row(Level::Full, "LINUX", "logd", "2", 5);
        const compose::Snapshot free(1, base::WallTime{}, {told});
        told.entry.downloadRate = 2'000'000;
        const compose::Snapshot limited(1, base::WallTime{}, {told});
        const auto answer = limited.answerFor("m1", "LINUX", 1);
        QVERIFY(answer.etag != free.answerFor("m1", "LINUX", 1).etag);
        QCOMPARE(answer.state().entries.at(0).downloadRate, std::uint64_t{2'000'000});
    }

    void readersSeeWholeSnapshotsWhileTheyChange() {
        compose::PublishedState published;
        std::atomic<bool> stop{false};
        std::atomic<int> torn{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                std::uint64_t last = 0;
                while (!stop) {
                    const auto snapshot = published.current();
                    const auto state = snapshot->answerFor("m", "LINUX", 0).state();
                    if (snapshot->generation() < last) ++torn;
                    last = snapshot->generation();
                    if (last > 0 && state.entries.at(0).version != std::to_string(last)) ++torn;
                }
            });
        }
        for (std::uint64_t g = 1; g <= 300; ++g) {
            published.publish(std::make_shared<const compose::Snapshot>(
                g, base::WallTime{},
                std::vector{row(Level::Full, "LINUX", "logd", std::to_string(g), 1)}));
        }
        stop = true;
        for (auto& reader : readers)
            reader.join();
        QCOMPARE(torn.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCompose)
#include "tst_compose.moc"
