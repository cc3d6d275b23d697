// SPDX-License-Identifier: Apache-2.0
#include "tests/master/cache/state_cache_contract.h"

#include <QTest>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "master/cache/cache_keys.h"

namespace ifrit::master::cache {
namespace {

CacheValue value(std::uint64_t generation, const std::string& bytes) {
    return {generation, base::fromUnixMillis(1'700'000'000'000), bytes};
}

CacheState linux(std::uint64_t generation, const std::string& bytes) {
    return {generation, {{fullKey("LINUX"), value(generation, bytes)}}};
}

}  // namespace

void checkPutAndRead(const MakeCache& make) {
    auto cache = make();
    QVERIFY(cache->read().value() == CacheState{});
    QCOMPARE(cache->generation().value(), std::uint64_t{0});
    CacheState first = linux(1, "a");
    first.values[grayKey("m1")] = value(1, "b");
    QVERIFY(cache->put(first).ok());
    QVERIFY(cache->read().value() == first);
    // What a state does not name is gone.
    QVERIFY(cache->put(linux(2, "c")).ok());
    QVERIFY(cache->read().value() == linux(2, "c"));
    QCOMPARE(cache->generation().value(), std::uint64_t{2});
    QVERIFY(cache->put({3, {}}).ok());
    QVERIFY(cache->read().value() == (CacheState{3, {}}));
}

void checkUnchangedKeysKeepTheirGeneration(const MakeCache& make) {
    auto cache = make();
    QVERIFY(cache->put(linux(1, "same")).ok());
    CacheState next = linux(5, "same");
    next.values[grayKey("m1")] = value(5, "new");
    QVERIFY(cache->put(next).ok());
    const CacheState held = cache->read().value();
    QCOMPARE(held.generation, std::uint64_t{5});
    QVERIFY(held.values.at(fullKey("LINUX")) == value(1, "same"));
    QVERIFY(held.values.at(grayKey("m1")) == value(5, "new"));
}

void checkGenerationNeverGoesBack(const MakeCache& make) {
    auto cache = make();
    QVERIFY(cache->put(linux(7, "seven")).ok());
    const absl::Status stale = cache->put({6, {{grayKey("m2"), value(6, "late")}}});
    QCOMPARE(stale.code(), absl::StatusCode::kAborted);
    QVERIFY(cache->read().value() == linux(7, "seven"));
    // The same generation again is a retry.
    QVERIFY(cache->put(linux(7, "seven")).ok());
}

void checkBytesAreKeptExactly(const MakeCache& make) {
    auto cache = make();
    std::string bytes("\0\r\n{}\xff'\"", 8);
    bytes += std::string(70'000, '\x80');
    const CacheState state{1,
                           {{grayKey("h:1.2_x-y"), value(1, bytes)}, {fullKey("A"), value(1, "")}}};
    QVERIFY(cache->put(state).ok());
    QVERIFY(cache->read().value() == state);
}

void checkManyKeys(const MakeCache& make) {
    auto cache = make();
    CacheState state{1, {}};
    for (int i = 0; i < 5'000; ++i)
        state.values[grayKey("machine-" + std::to_string(i))] = value(1, std::to_string(i));
    QVERIFY(cache->put(state).ok());
    QVERIFY(cache->read().value() == state);
    // Most of them go, some change, one comes.
    CacheState next{2, {}};
    for (int i = 0; i < 700; ++i)
        next.values[grayKey("machine-" + std::to_string(i))] = value(2, "x" + std::to_string(i));
    next.values[fullKey("LINUX")] = value(2, "full");
    QVERIFY(cache->put(next).ok());
    QVERIFY(make()->read().value() == next || cache->read().value() == next);
}

void checkListenersAreTold(const MakeCache& make) {
    auto cache = make();
    std::atomic<std::uint64_t> told{0};
    auto subscription = cache->subscribe([&told](std::uint64_t generation) { told = generation; });
    QVERIFY(cache->put(linux(3, "x")).ok());
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), std::uint64_t{3}, 20'000);
    QVERIFY(!cache->put(linux(2, "y")).ok());
    QCOMPARE(told.load(), std::uint64_t{3});
    subscription.reset();
    QVERIFY(cache->put(linux(4, "z")).ok());
    QCOMPARE(told.load(), std::uint64_t{3});
}

void checkSecondMasterSeesTheSame(const MakeCache& make) {
    auto one = make();
    auto two = make();
    CacheState state = linux(1, "a");
    state.values[grayKey("m1")] = value(1, "b");
    QVERIFY(one->put(state).ok());
    QVERIFY(two->read().value() == state);
    QVERIFY(two->put(linux(2, "c")).ok());
    QVERIFY(one->read().value() == linux(2, "c"));
    // What the first remembers is no longer there; what it puts is whole all the same.
    state.generation = 3;
    for (auto& [key, held] : state.values)
        held.generation = 3;
    QVERIFY(one->put(state).ok());
    QVERIFY(two->read().value() == state);
    QCOMPARE(two->put(linux(2, "late")).code(), absl::StatusCode::kAborted);
}

void checkSecondMasterIsTold(const MakeCache& make) {
    auto one = make();
    auto two = make();
    std::atomic<std::uint64_t> told{0};
    const auto subscription =
        two->subscribe([&told](std::uint64_t generation) { told = generation; });
    for (std::uint64_t generation = 1; generation <= 3; ++generation) {
        QVERIFY(one->put(linux(generation, std::to_string(generation))).ok());
        QTRY_COMPARE_WITH_TIMEOUT(told.load(), generation, 20'000);
    }
}

void checkFreezeIsKept(const MakeCache& make) {
    const auto cache = make();
    QVERIFY(cache->put(linux(1, "x")).ok());
    QVERIFY(!cache->readFreeze().value().has_value());
    const domain::FreezeMark mark{
        "f-1", "ada", "it burns \"everywhere\"", base::fromUnixMillis(5), "[::1]:7", "ctl", "q"};
    QVERIFY(cache->putFreeze(mark).ok());
    QVERIFY(cache->readFreeze().value() == mark);
    // It is no part of the composed state, and a new state leaves it.
    QVERIFY(cache->put(linux(2, "y")).ok());
    QVERIFY(cache->read().value() == linux(2, "y"));
    QVERIFY(cache->readFreeze().value() == mark);
    QVERIFY(cache->putFreeze(std::nullopt).ok());
    QVERIFY(!cache->readFreeze().value().has_value());
    QVERIFY(cache->putFreeze(std::nullopt).ok());
}

void checkRacingMastersAgree(const MakeCache& make) {
    // Each writes ever newer states of its own; whoever is late is told so, and nothing is mixed.
    constexpr int kMasters = 3;
    constexpr int kEach = 40;
    std::atomic<std::uint64_t> next{0};
    std::atomic<int> failures{0};
    std::vector<std::thread> masters;
    for (int i = 0; i < kMasters; ++i) {
        masters.emplace_back([&] {
            const auto cache = make();
            for (int j = 0; j < kEach; ++j) {
                const std::uint64_t generation = ++next;
                CacheState state = linux(generation, std::to_string(generation));
                state.values[grayKey("m" + std::to_string(generation % 5))] =
                    value(generation, std::to_string(generation));
                const absl::Status status = cache->put(state);
                if (!status.ok() && !absl::IsAborted(status)) ++failures;
            }
        });
    }
    for (std::thread& master : masters)
        master.join();
    QCOMPARE(failures.load(), 0);
    const CacheState held = make()->read().value();
    QCOMPARE(held.generation, next.load());
    QCOMPARE(held.values.size(), std::size_t{2});
    for (const auto& [key, one] : held.values)
        QCOMPARE(one.fragment, std::to_string(held.generation));
}

}  // namespace ifrit::master::cache
