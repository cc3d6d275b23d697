// SPDX-License-Identifier: Apache-2.0
#include "tests/master/cache/failure_counts_contract.h"

#include <QTest>
#include <vector>

namespace ifrit::master::cache {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// Counts one, and remembers what it was told.
std::uint32_t failOnce(FailureCounts& counts, const std::string& key, milliseconds wait) {
    std::uint32_t told = 0;
    const auto waitAfter = [&](std::uint32_t failures) {
        told = failures;
        return wait;
    };
    return counts.failed(key, hours(1), waitAfter).ok() ? told : 0;
}

milliseconds waitOf(FailureCounts& counts, const std::string& key) {
    return counts.waitOf(key).value_or(milliseconds(-1));
}

}  // namespace

void checkFailuresOfAllMastersAddUp(FailureCounts& counts, FailureCounts& other) {
    QCOMPARE(failOnce(counts, "add up", {}), 1U);
    QCOMPARE(failOnce(other, "add up", {}), 2U);
    QCOMPARE(failOnce(counts, "add up", {}), 3U);
    QCOMPARE(failOnce(counts, "add up otherwise", {}), 1U);
    QCOMPARE(waitOf(counts, "add up"), milliseconds(0));
}

void checkWaitsAreSeenByAllMasters(FailureCounts& counts, FailureCounts& other) {
    QCOMPARE(waitOf(counts, "wait"), milliseconds(0));
    QCOMPARE(failOnce(counts, "wait", hours(1)), 1U);
    for (FailureCounts* view : {&counts, &other}) {
        QVERIFY(waitOf(*view, "wait") > std::chrono::minutes(50));
        QVERIFY(waitOf(*view, "wait") <= hours(1));
        QCOMPARE(waitOf(*view, "wait of another"), milliseconds(0));
    }
    // The newest counts.
    QCOMPARE(failOnce(other, "wait", hours(2)), 2U);
    QVERIFY(waitOf(counts, "wait") > hours(1));
}

void checkForgettingForgetsBoth(FailureCounts& counts, FailureCounts& other) {
    QCOMPARE(failOnce(counts, "forget", hours(1)), 1U);
    QVERIFY(other.forget("forget").ok());
    QVERIFY(other.forget("forget").ok());
    QCOMPARE(waitOf(counts, "forget"), milliseconds(0));
    QCOMPARE(failOnce(counts, "forget", {}), 1U);
}

}  // namespace ifrit::master::cache
