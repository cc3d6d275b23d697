// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/supervise/resource_guard.h"

using namespace ifrit;
using namespace ifrit::agent::supervise;
using agent::platform::TreeUsage;
using namespace std::chrono_literals;

class ResourceGuardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cpuIsTheMeanSinceTheLastSample();
    void memoryAndProcessesAtOnce();
    void cpuOnlyWhenTwoIntervalsAreOver();
    void withoutLimitsNothingIsBroken();
    void whatTheSystemHoldsIsNotWatched();
    void aNewProcessBeginsAnew();

private:
    const base::SteadyTime m_start{1000h};
};

void ResourceGuardTest::cpuIsTheMeanSinceTheLastSample() {
    ResourceGuard guard({});
    guard.sample({5s, 1000, 1}, m_start);
    QCOMPARE(guard.latest().cpuPercent, 0.0);
    QCOMPARE(guard.latest().rssBytes, std::uint64_t{1000});
    guard.sample({20s, 1000, 1}, m_start + 10s);
    QCOMPARE(guard.latest().cpuPercent, 150.0);
    guard.sample({1s, 1000, 1}, m_start + 20s);  // never below nothing
    QCOMPARE(guard.latest().cpuPercent, 0.0);
}

void ResourceGuardTest::memoryAndProcessesAtOnce() {
    domain::Limits limits;
    limits.memoryBytes = 10 * 1024 * 1024;
    limits.pids = 3;
    ResourceGuard guard(limits);
    QVERIFY(!guard.sample({0s, 10 * 1024 * 1024, 3}, m_start));
    const auto memory = guard.sample({0s, 10 * 1024 * 1024 + 524288, 3}, m_start + 1s);
    QCOMPARE(memory,
             std::optional<std::string>("it uses 10.5 MiB of memory, its limit is 10.0 MiB"));
    const auto processes = guard.sample({0s, 1, 4}, m_start + 2s);
    QCOMPARE(processes,
             std::optional<std::string>("it has 4 processes and threads, its limit is 3"));
}

void ResourceGuardTest::cpuOnlyWhenTwoIntervalsAreOver() {
    domain::Limits limits;
    limits.cpuPercent = 50;
    ResourceGuard guard(limits);
    QVERIFY(!guard.sample({0s, 1, 1}, m_start));
    QVERIFY(!guard.sample({6s, 1, 1}, m_start + 10s));
    QVERIFY(!guard.sample({7s, 1, 1}, m_start + 20s));  // calm again
    QVERIFY(!guard.sample({13s, 1, 1}, m_start + 30s));
    const auto broken = guard.sample({19s, 1, 1}, m_start + 40s);
    QCOMPARE(broken, std::optional<std::string>("it uses 60 % of a core, its limit is 50 %"));
}

void ResourceGuardTest::withoutLimitsNothingIsBroken() {
    ResourceGuard guard({});
    for (int i = 0; i < 5; ++i)
        QVERIFY(!guard.sample({i * 1000s, UINT64_MAX, 10'000}, m_start + i * 1s));
}

void ResourceGuardTest::whatTheSystemHoldsIsNotWatched() {
    domain::Limits limits{1000, 50, 3, 0};
    ResourceGuard guard(limits);
    guard.begin({true, true, true});
    for (int i = 0; i < 4; ++i)
        QVERIFY(!guard.sample({i * 10s, 2000, 9}, m_start + i * 10s));
    guard.begin({false, true, true});
    QVERIFY(guard.sample({0s, 2000, 9}, m_start + 50s)->find("memory") != std::string::npos);
}

void ResourceGuardTest::aNewProcessBeginsAnew() {
    domain::Limits limits;
    limits.cpuPercent = 50;
    ResourceGuard guard(limits);
    guard.sample({0s, 1, 1}, m_start);
    guard.sample({8s, 1, 1}, m_start + 10s);  // over, once
    guard.begin({});
    QVERIFY(!guard.sample({0s, 1, 1}, m_start + 20s));
    QVERIFY(!guard.sample({8s, 1, 1}, m_start + 30s));  // over, once
    QVERIFY(guard.sample({16s, 1, 1}, m_start + 40s));
}

QTEST_GUILESS_MAIN(ResourceGuardTest)
#include "tst_resource_guard.moc"
