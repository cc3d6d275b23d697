// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_cache.h"

#include <QTest>
#include <atomic>

#include "master/cache/cache_keys.h"
#include "shared/base/status.h"
#include "tests/master/cache/state_cache_contract.h"
#include "tests/support/private_redis.h"

using namespace ifrit;
using namespace ifrit::master::cache;

namespace {

const std::string kSealKey(32, 'k');

CacheState stateOf(std::uint64_t generation, const std::string& bytes) {
    return {generation, {{fullKey("LINUX"), {generation, base::fromUnixMillis(1), bytes}}}};
}

QString keyNamed(const char* name) {
    return QStringLiteral("{ifrit:test}:") + QLatin1String(name);
}

}  // namespace

/// The contract suite on a real Redis, and what is Redis' alone.
class TestRedisCache : public QObject {
    Q_OBJECT

private:
    RedisOptions options() const {
        RedisOptions out;
        out.socket = m_server->socket();
        out.pollInterval = std::chrono::milliseconds(200);
        return out;
    }
    std::unique_ptr<RedisCache> open() const {
        return std::make_unique<RedisCache>("test", options(), kSealKey);
    }
    MakeCache make() const {
        m_server->run({QStringLiteral("FLUSHALL")});
        return [this] { return open(); };
    }

    std::unique_ptr<tests::PrivateRedis> m_server;

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateRedis>(); }
    void cleanupTestCase() { m_server.reset(); }

    void putAndRead() { checkPutAndRead(make()); }
    void unchangedKeysKeepTheirGeneration() { checkUnchangedKeysKeepTheirGeneration(make()); }
    void generationNeverGoesBack() { checkGenerationNeverGoesBack(make()); }
    void bytesAreKeptExactly() { checkBytesAreKeptExactly(make()); }
    void manyKeys() { checkManyKeys(make()); }
    void listenersAreTold() { checkListenersAreTold(make()); }
    void freezeIsKept() { checkFreezeIsKept(make()); }
    void secondMasterHearsOfAFreeze();
    void forgedFreezeIsFound();
    void secondMasterSeesTheSame() { checkSecondMasterSeesTheSame(make()); }
    void secondMasterIsTold() { checkSecondMasterIsTold(make()); }
    void racingMastersAgree() { checkRacingMastersAgree(make()); }

    void keysAreThoseOfTheDesign();
    void poisonIsFoundAndReplaced_data();
    void poisonIsFoundAndReplaced();
    void clustersDoNotMeet();
    void lostNoticeIsMadeGoodByAsking();
    void serverThatIsAwayIsToldInTime();
    void passwordsAndUsers();
    void sentinelsTellWhereThePrimaryIs();
    void aSentinelsPasswordIsItsOwn();
};

void TestRedisCache::keysAreThoseOfTheDesign() {
    make();
    const auto cache = open();
    CacheState state = stateOf(4, "full");
    state.values[grayKey("m-1")] = {4, {}, "gray"};
    state.values[hashKey(2, "ARM64")] = {4, {}, "hash"};
    QVERIFY(cache->put(state).ok());
    const auto keys =
        QString::fromStdString(m_server->run({QStringLiteral("KEYS"), QStringLiteral("*")}))
            .split(QLatin1Char('\n'));
    const QSet<QString> expected = {keyNamed("expect_default_LINUX"), keyNamed("expect_gray_m-1"),
                                    keyNamed("expect_default_hash2_ARM64"), keyNamed("generation"),
                                    keyNamed("seal")};
    QCOMPARE(QSet<QString>(keys.begin(), keys.end()), expected);
    QCOMPARE(m_server->run({QStringLiteral("GET"), keyNamed("generation")}), std::string("4"));
}

void TestRedisCache::poisonIsFoundAndReplaced_data() {
    QTest::addColumn<QList<QStringList>>("commands");
    const QString value = keyNamed("expect_default_LINUX");
    const auto row = [](const char* name, const QList<QStringList>& commands) {
        QTest::newRow(name) << commands;
    };
    const QString set = QStringLiteral("SET");
    const QString del = QStringLiteral("DEL");
    const QString push = QStringLiteral("RPUSH");
    const QString bytes = QStringLiteral("garbage");
    row("value of other bytes", {{set, value, bytes}});
    row("value one byte longer", {{QStringLiteral("APPEND"), value, QStringLiteral("x")}});
    row("value gone", {{del, value}});
    row("value empty", {{set, value, QString()}});
    row("value of another type", {{del, value}, {push, value, bytes}});
    row("value of another key",
        {{QStringLiteral("COPY"), keyNamed("expect_gray_m-1"), value, QStringLiteral("REPLACE")}});
    row("generation ahead", {{set, keyNamed("generation"), QStringLiteral("999")}});
    row("generation behind", {{set, keyNamed("generation"), QStringLiteral("1")}});
    row("generation no number", {{set, keyNamed("generation"), bytes}});
    row("generation gone", {{del, keyNamed("generation")}});
    row("generation of another type",
        {{del, keyNamed("generation")}, {push, keyNamed("generation"), bytes}});
    row("seal of other bytes", {{set, keyNamed("seal"), bytes}});
    row("seal gone", {{del, keyNamed("seal")}});
    row("seal of another type", {{del, keyNamed("seal")}, {push, keyNamed("seal"), bytes}});
    row("everything overwritten", {{set, value, bytes},
                                   {set, keyNamed("generation"), bytes},
                                   {set, keyNamed("seal"), bytes}});
}

void TestRedisCache::poisonIsFoundAndReplaced() {
    make();
    const auto cache = open();
    CacheState state = stateOf(4, "full");
    state.values[grayKey("m-1")] = {4, base::fromUnixMillis(1), "gray"};
    QVERIFY(cache->put(state).ok());
    QFETCH(QList<QStringList>, commands);
    for (const QStringList& command : commands)
        m_server->run(command);
    // Neither the master that wrote it nor another one takes it for a state.
    for (const RedisCache* reader : {cache.get(), open().release()}) {
        const std::unique_ptr<const RedisCache> owned(reader == cache.get() ? nullptr : reader);
        const auto read = reader->read();
        QCOMPARE(base::errorInfo(read.status()).reason, std::string("CACHE_POISONED"));
    }
    QVERIFY(cache->put(state).ok());
    QVERIFY(cache->read().value() == state);
    QVERIFY(open()->read().value() == state);
    QCOMPARE(cache->generation().value(), std::uint64_t{4});
}

void TestRedisCache::secondMasterHearsOfAFreeze() {
    make();
    const domain::FreezeMark mark{"f-1", "ada", "it burns", base::fromUnixMillis(5), "", "", ""};
    QVERIFY(open()->putFreeze(mark).ok());
    QVERIFY(open()->readFreeze().value() == mark);
    QVERIFY(open()->putFreeze(std::nullopt).ok());
    QVERIFY(!open()->readFreeze().value().has_value());
}

void TestRedisCache::forgedFreezeIsFound() {
    make();
    const auto cache = open();
    const QString key = keyNamed("freeze");
    for (const QStringList& command :
         {QStringList{QStringLiteral("SET"), key, QStringLiteral("garbage")},
          QStringList{QStringLiteral("SET"), key, QString(40'000, QLatin1Char('x'))}}) {
        m_server->run(command);
        QCOMPARE(base::errorInfo(cache->readFreeze().status()).reason,
                 std::string("CACHE_POISONED"));
    }
    // By somebody with another CA, or for another cluster.
    const domain::FreezeMark mark{"f-1", "eve", "hehe", base::fromUnixMillis(5), "", "", ""};
    QVERIFY(RedisCache("test", options(), std::string(32, 'x')).putFreeze(mark).ok());
    QCOMPARE(base::errorInfo(cache->readFreeze().status()).reason, std::string("CACHE_POISONED"));
    QVERIFY(RedisCache("other", options(), kSealKey).putFreeze(mark).ok());
    m_server->run({QStringLiteral("COPY"), QStringLiteral("{ifrit:other}:freeze"), key,
                   QStringLiteral("REPLACE")});
    QCOMPARE(base::errorInfo(cache->readFreeze().status()).reason, std::string("CACHE_POISONED"));
    QVERIFY(cache->putFreeze(mark).ok());
    QVERIFY(cache->readFreeze().value() == mark);
}

void TestRedisCache::clustersDoNotMeet() {
    make();
    const auto cache = open();
    QVERIFY(cache->put(stateOf(4, "ours")).ok());
    const RedisCache other("other", options(), kSealKey);
    QVERIFY(other.read().value() == CacheState{});
    // Somebody with another CA cannot make us believe, nor can a copy of another cluster's keys.
    RedisCache stranger("test", options(), std::string(32, 'x'));
    QCOMPARE(base::errorInfo(stranger.read().status()).reason, std::string("CACHE_POISONED"));
    for (const char* key : {"expect_default_LINUX", "generation", "seal"}) {
        m_server->run({QStringLiteral("COPY"), keyNamed(key),
                       QStringLiteral("{ifrit:other}:") + QLatin1String(key)});
    }
    QCOMPARE(base::errorInfo(other.read().status()).reason, std::string("CACHE_POISONED"));
}

void TestRedisCache::lostNoticeIsMadeGoodByAsking() {
    make();
    const auto cache = open();
    std::atomic<std::uint64_t> told{0};
    const auto subscription =
        cache->subscribe([&told](std::uint64_t generation) { told = generation; });
    QVERIFY(cache->put(stateOf(4, "x")).ok());
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), std::uint64_t{4}, 20'000);
    // Changed without a word, and then with the follower's connection cut off.
    m_server->run({QStringLiteral("SET"), keyNamed("generation"), QStringLiteral("5")});
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), std::uint64_t{5}, 20'000);
    m_server->run({QStringLiteral("CLIENT"), QStringLiteral("KILL"), QStringLiteral("TYPE"),
                   QStringLiteral("pubsub")});
    QVERIFY(open()->put(stateOf(6, "y")).ok());
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), std::uint64_t{6}, 20'000);
}

void TestRedisCache::serverThatIsAwayIsToldInTime() {
    make();
    const auto cache = open();
    QVERIFY(cache->put(stateOf(4, "x")).ok());
    m_server->freeze();
    const absl::Status frozen = cache->put(stateOf(5, "y"));
    m_server->thaw();
    QCOMPARE(frozen.code(), absl::StatusCode::kUnavailable);
    QCOMPARE(base::errorInfo(frozen).reason, std::string("CACHE_AWAY"));
    QTRY_VERIFY_WITH_TIMEOUT(cache->put(stateOf(6, "z")).ok(), 20'000);
    m_server->kill();
    QCOMPARE(cache->read().status().code(), absl::StatusCode::kUnavailable);
    m_server->start();
    QTRY_VERIFY_WITH_TIMEOUT(cache->put(stateOf(7, "w")).ok(), 20'000);
    QVERIFY(cache->read().value() == stateOf(7, "w"));
}

void TestRedisCache::passwordsAndUsers() {
    QStringList arguments = {QStringLiteral("--requirepass"), QStringLiteral("open sesame"),
                             QStringLiteral("--user")};
    // As docs/operations.md gives it.
    arguments << QStringLiteral(
                     "ifrit on >secret ~{ifrit:test}:* &{ifrit:test}:* +@all "
                     "-@dangerous +role")
                     .split(QLatin1Char(' '));
    const tests::PrivateRedis locked(arguments);
    const auto readAs = [&](const std::string& user, const std::string& password) {
        RedisOptions with;
        with.socket = locked.socket();
        with.user = user;
        with.password = password;
        RedisCache cache("test", with, kSealKey);
        if (const auto status = cache.put(stateOf(1, "x")); !status.ok()) return status;
        return cache.read().status();
    };
    QVERIFY(readAs("", "open sesame").ok());
    QVERIFY(readAs("ifrit", "secret").ok());
    for (const auto& [user, password] : std::vector<std::pair<std::string, std::string>>{
             {"", ""}, {"", "wrong1"}, {"ifrit", "wrong1"}}) {
        const absl::Status status = readAs(user, password);
        QCOMPARE(status.code(), absl::StatusCode::kUnavailable);
        QVERIFY(base::messageOf(status).find("wrong1") == std::string::npos);
    }
}

void TestRedisCache::sentinelsTellWhereThePrimaryIs() {
    const auto onPort = [](int port) {
        return QStringList{QStringLiteral("--bind"), QStringLiteral("127.0.0.1"),
                           QStringLiteral("--port"), QString::number(port)};
    };
    const int port = tests::freePort();
    tests::PrivateRedis primary(onPort(port));
    tests::PrivateRedis replica(onPort(tests::freePort())
                                << QStringLiteral("--replicaof") << QStringLiteral("127.0.0.1")
                                << QString::number(port));
    // The sentinel learns of replicas from the primary.
    const QStringList replication = {QStringLiteral("INFO"), QStringLiteral("replication")};
    QTRY_VERIFY_WITH_TIMEOUT(primary.run(replication).find("state=online") != std::string::npos,
                             30'000);
    const tests::PrivateSentinel sentinel(port);
    RedisOptions with;
    // One that is not there is passed over.
    with.sentinels = {"127.0.0.1:1", sentinel.address()};
    with.sentinelMaster = "ifrit";
    RedisCache cache("test", with, kSealKey);
    QVERIFY(cache.put(stateOf(1, "x")).ok());
    QTRY_VERIFY_WITH_TIMEOUT(replica.run({QStringLiteral("EXISTS"), keyNamed("seal")}) == "1",
                             30'000);
    primary.kill();
    QCOMPARE(cache.put(stateOf(2, "y")).code(), absl::StatusCode::kUnavailable);
    QTRY_VERIFY_WITH_TIMEOUT(cache.put(stateOf(2, "y")).ok(), 60'000);
    QCOMPARE(replica.run({QStringLiteral("GET"), keyNamed("generation")}), std::string("2"));
    with.sentinelMaster = "nobody";
    QCOMPARE(RedisCache("test", with, kSealKey).read().status().code(),
             absl::StatusCode::kUnavailable);
}

void TestRedisCache::aSentinelsPasswordIsItsOwn() {
    const int port = tests::freePort();
    const tests::PrivateRedis primary(QStringList{QStringLiteral("--bind"),
                                                  QStringLiteral("127.0.0.1"),
                                                  QStringLiteral("--port"), QString::number(port)});
    const tests::PrivateSentinel sentinel(port, 1, QStringLiteral("theirs"));
    RedisOptions with;
    with.sentinels = {sentinel.address()};
    with.sentinelMaster = "ifrit";
    const absl::Status without = RedisCache("test", with, kSealKey).put(stateOf(1, "x"));
    QCOMPARE(without.code(), absl::StatusCode::kUnavailable);
    with.sentinelPassword = "wrong1";
    const absl::Status wrong = RedisCache("test", with, kSealKey).put(stateOf(1, "x"));
    QCOMPARE(wrong.code(), absl::StatusCode::kUnavailable);
    const std::string message = base::messageOf(wrong);
    QVERIFY2(message.find(sentinel.address()) != std::string::npos, message.c_str());
    QVERIFY(message.find("wrong1") == std::string::npos);
    with.sentinelPassword = "theirs";
    const absl::Status right = RedisCache("test", with, kSealKey).put(stateOf(1, "x"));
    QVERIFY2(right.ok(), base::messageOf(right).c_str());
    // Of an ACL; everybody's own user is the default one.
    with.sentinelUser = "default";
    QVERIFY(RedisCache("test", with, kSealKey).put(stateOf(2, "y")).ok());
}

QTEST_GUILESS_MAIN(TestRedisCache)
#include "tst_redis_cache.moc"
