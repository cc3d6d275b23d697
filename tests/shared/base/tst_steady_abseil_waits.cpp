// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/mutex.h>
#include <absl/time/clock.h>
#include <linux/seccomp.h>

#include <QTest>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "tests/support/wall_wait_filter.h"

using namespace ifrit;
using namespace std::chrono_literals;

namespace {

/// Where a wait by the wall clock would end at once.
void withoutTheWallClock(const std::function<void()>& work) {
    std::thread thread([&] {
        if (!tests::filterWallWaits(SECCOMP_RET_ERRNO | ETIMEDOUT)) qFatal("no filter");
        work();
    });
    thread.join();
}

}  // namespace

class SteadyAbseilWaitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTimeEndsAWait();
    void aTimeThatIsOverEndsItAtOnce();
    void aWakeEndsAWait();
    void manyThreadsTakeTurns();

private:
    absl::Mutex m_mutex;
    absl::CondVar m_changed;
};

void SteadyAbseilWaitsTest::aTimeEndsAWait() {
    std::chrono::nanoseconds took{0};
    bool isOver = false;
    withoutTheWallClock([&] {
        const auto begin = std::chrono::steady_clock::now();
        const absl::MutexLock lock(&m_mutex);
        isOver = m_changed.WaitWithTimeout(&m_mutex, absl::Milliseconds(30));
        took = std::chrono::steady_clock::now() - begin;
    });
    QVERIFY(isOver);
    // A tick less: the end is of one clock, and the measure of another.
    QVERIFY2(took >= 29ms, "it waits by the wall clock");
}

void SteadyAbseilWaitsTest::aTimeThatIsOverEndsItAtOnce() {
    const absl::MutexLock lock(&m_mutex);
    QVERIFY(m_changed.WaitWithDeadline(&m_mutex, absl::Now() - absl::Hours(8)));
    QVERIFY(m_changed.WaitWithDeadline(&m_mutex, absl::Now() - absl::Hours(24 * 365)));
    QVERIFY(m_changed.WaitWithDeadline(&m_mutex, absl::InfinitePast()));
}

void SteadyAbseilWaitsTest::aWakeEndsAWait() {
    bool isAsked = false;
    bool isAnswered = false;
    std::thread other([&] {
        const absl::MutexLock lock(&m_mutex);
        while (!isAsked)
            m_changed.Wait(&m_mutex);
        isAnswered = true;
        m_changed.SignalAll();
    });
    withoutTheWallClock([&] {
        const absl::MutexLock lock(&m_mutex);
        isAsked = true;
        m_changed.SignalAll();
        while (!isAnswered && !m_changed.WaitWithTimeout(&m_mutex, absl::Seconds(20))) {
        }
    });
    other.join();
    QVERIFY(isAnswered);
}

void SteadyAbseilWaitsTest::manyThreadsTakeTurns() {
    constexpr int kTurns = 20'000;
    int turns = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < kTurns; ++turn) {
                const absl::MutexLock lock(&m_mutex);
                ++turns;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(turns, 4 * kTurns);
}

QTEST_GUILESS_MAIN(SteadyAbseilWaitsTest)
#include "tst_steady_abseil_waits.moc"
