// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <QTest>
#include <atomic>

#include "agent/app/worker_pool.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

using agent::app::WorkerPool;

namespace {

/// As long as it lives a thread asks for a stack that is larger than all memory can be.
class NoMoreThreads {
public:
    NoMoreThreads() {
        ::pthread_getattr_default_np(&m_before);
        pthread_attr_t huge;
        ::pthread_getattr_default_np(&huge);
        ::pthread_attr_setstacksize(&huge, std::size_t{1} << 47);
        ::pthread_setattr_default_np(&huge);
        ::pthread_attr_destroy(&huge);
    }
    ~NoMoreThreads() {
        ::pthread_setattr_default_np(&m_before);
        ::pthread_attr_destroy(&m_before);
    }
    NoMoreThreads(const NoMoreThreads&) = delete;
    NoMoreThreads& operator=(const NoMoreThreads&) = delete;

private:
    pthread_attr_t m_before{};
};

}  // namespace

class WorkerPoolTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThreadThatCannotBeMadeIsNotWaitedFor() {
        std::atomic<int> ran{0};
        std::atomic<bool> end{false};  // a job may still look at it while the pool waits for it
        {
            WorkerPool pool(2);
            {
                const NoMoreThreads none;
                QVERIFY(!pool.tryRun({[&] { ++ran; }}));
                QVERIFY(!pool.tryRun({[&] { ++ran; }}));
            }
            // Both threads are free all the same.
            const auto job = [&] {
                ++ran;
                waitUntil([&] { return end.load(); });
            };
            QVERIFY(pool.tryRun({job}));
            QVERIFY(pool.tryRun({job}));
            end = true;
        }  // which would never end
        QCOMPARE(ran.load(), 2);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::WorkerPoolTest;
QTEST_GUILESS_MAIN(WorkerPoolTest)
#include "tst_worker_pool.moc"
