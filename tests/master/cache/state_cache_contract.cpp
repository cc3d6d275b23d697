// SPDX-License-Identifier: Apache-2.0
#include "tests/master/cache/state_cache_contract.h"

#include <QTest>
#include <atomic>
#include <string>

#include "master/cache/cache_keys.h"

namespace ifrit::master::cache {
namespace {

CacheValue value(std::uint64_t generation, const std::string& bytes) {
    return {generation, base::fromUnixMillis(1'700'000'000'000), bytes};
}

}  // namespace

void checkPutGetErase(const MakeCache& make) {
    auto cache = make();
    QVERIFY(!cache->get(fullKey("LINUX")).value().has_value());
    QVERIFY(
        cache->apply({1, {{fullKey("LINUX"), value(1, "a")}, {grayKey("m1"), value(1, "b")}}, {}})
            .ok());
    QVERIFY(cache->get(fullKey("LINUX")).value() == value(1, "a"));
    QCOMPARE(cache->getAll().value().size(), std::size_t{2});
    QVERIFY(cache->apply({2, {{fullKey("LINUX"), value(2, "c")}}, {grayKey("m1")}}).ok());
    QVERIFY(cache->get(fullKey("LINUX")).value() == value(2, "c"));
    QVERIFY(!cache->get(grayKey("m1")).value().has_value());
    QCOMPARE(cache->generation().value(), std::uint64_t{2});
}

void checkChangeIsWhole(const MakeCache& make) {
    auto cache = make();
    // A key both erased and put ends up put: erases come first.
    QVERIFY(cache->apply({1, {{grayKey("m1"), value(1, "old")}}, {}}).ok());
    QVERIFY(cache->apply({2, {{grayKey("m1"), value(2, "new")}}, {grayKey("m1")}}).ok());
    QVERIFY(cache->get(grayKey("m1")).value() == value(2, "new"));
    // A refused change leaves nothing behind.
    QVERIFY(!cache->apply({1, {{grayKey("m2"), value(1, "late")}}, {grayKey("m1")}}).ok());
    QVERIFY(!cache->get(grayKey("m2")).value().has_value());
    QVERIFY(cache->get(grayKey("m1")).value() == value(2, "new"));
}

void checkGenerationNeverGoesBack(const MakeCache& make) {
    auto cache = make();
    QCOMPARE(cache->generation().value(), std::uint64_t{0});
    QVERIFY(cache->apply({7, {{fullKey("LINUX"), value(7, "seven")}}, {}}).ok());
    const absl::Status stale = cache->apply({6, {{fullKey("LINUX"), value(6, "six")}}, {}});
    QCOMPARE(stale.code(), absl::StatusCode::kAborted);
    QVERIFY(cache->get(fullKey("LINUX")).value() == value(7, "seven"));
    // The same generation again is a retry.
    QVERIFY(cache->apply({7, {{fullKey("LINUX"), value(7, "seven")}}, {}}).ok());
}

void checkBytesAreKeptExactly(const MakeCache& make) {
    auto cache = make();
    std::string bytes("\0\r\n{}\xff'\"", 8);
    bytes += std::string(70'000, '\x80');
    QVERIFY(cache->apply({1, {{grayKey("h:1.2_x-y"), value(1, bytes)}}, {}}).ok());
    QVERIFY(cache->get(grayKey("h:1.2_x-y")).value() == value(1, bytes));
    QVERIFY(cache->getAll().value().at(grayKey("h:1.2_x-y")) == value(1, bytes));
}

void checkListenersAreTold(const MakeCache& make) {
    auto cache = make();
    std::atomic<std::uint64_t> told{0};
    auto subscription = cache->subscribe([&told](std::uint64_t generation) { told = generation; });
    QVERIFY(cache->apply({3, {{fullKey("LINUX"), value(3, "x")}}, {}}).ok());
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), std::uint64_t{3}, 5'000);
    QVERIFY(!cache->apply({2, {}, {}}).ok());
    QCOMPARE(told.load(), std::uint64_t{3});
    subscription.reset();
    QVERIFY(cache->apply({4, {}, {fullKey("LINUX")}}).ok());
    QCOMPARE(told.load(), std::uint64_t{3});
}

}  // namespace ifrit::master::cache
