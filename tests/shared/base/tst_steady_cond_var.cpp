// SPDX-License-Identifier: Apache-2.0
#include "shared/base/steady_cond_var.h"

#include <QTest>
#include <thread>

using namespace ifrit;
using namespace std::chrono_literals;

class SteadyCondVarTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTimeEndsAWait();
    void aWakeEndsAWait();

private:
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
};

void SteadyCondVarTest::theTimeEndsAWait() {
    const auto until = std::chrono::steady_clock::now() + 20ms;
    const absl::MutexLock lock(&m_mutex);
    while (std::chrono::steady_clock::now() < until)
        m_changed.waitUntil(m_mutex, until);
    m_mutex.AssertHeld();
}

void SteadyCondVarTest::aWakeEndsAWait() {
    bool isWaiting = false;
    bool isAsked = false;
    bool isAnswered = false;
    std::thread other([&] {
        const absl::MutexLock lock(&m_mutex);
        isWaiting = true;
        m_changed.wakeAll();
        while (!isAsked)
            m_changed.wait(m_mutex);
        isAnswered = true;
        m_changed.wakeAll();
    });
    const auto tooLate = std::chrono::steady_clock::now() + 20s;
    {
        const absl::MutexLock lock(&m_mutex);
        while (!isWaiting)
            m_changed.wait(m_mutex);
        isAsked = true;
        m_changed.wakeAll();
        while (!isAnswered && std::chrono::steady_clock::now() < tooLate)
            m_changed.waitUntil(m_mutex, tooLate);
    }
    other.join();
    QVERIFY(isAnswered);
    QVERIFY(std::chrono::steady_clock::now() < tooLate);
}

QTEST_GUILESS_MAIN(SteadyCondVarTest)
#include "tst_steady_cond_var.moc"
