// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/supervise/restart_policy.h"

using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

class RestartPolicyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void delaysGrowToTheCap();
    void thirdCrashInTheWindowIsALoop();
    void crashesApartAreNoLoop();
    void stableAgentIsForgiven();

private:
    static RestartPolicy policy() { return {{100ms, 1000ms, 10ms}, 3, 60s, 30s}; }
    static double most() { return 0.999999; }
    const ifrit::base::SteadyTime m_start{1000h};
};

void RestartPolicyTest::delaysGrowToTheCap() {
    RestartHistory history(policy(), &most);
    std::vector<long> delays;
    for (int i = 0; i < 6; ++i)
        delays.push_back(history.crashed(m_start + i * 1s).count());
    QCOMPARE(delays, (std::vector<long>{99, 199, 399, 799, 999, 999}));
    QCOMPARE(history.crashes(), 6U);
}

void RestartPolicyTest::thirdCrashInTheWindowIsALoop() {
    RestartHistory history(policy(), &most);
    history.crashed(m_start);
    history.crashed(m_start + 1s);
    QVERIFY(!history.crashLooping());
    history.crashed(m_start + 60s);
    QVERIFY(history.crashLooping());
}

void RestartPolicyTest::crashesApartAreNoLoop() {
    RestartHistory history(policy(), &most);
    for (int i = 0; i < 20; ++i)
        history.crashed(m_start + i * 31s);
    QVERIFY(!history.crashLooping());
    QCOMPARE(history.crashes(), 20U);
}

void RestartPolicyTest::stableAgentIsForgiven() {
    RestartHistory history(policy(), &most);
    for (int i = 0; i < 5; ++i)
        history.crashed(m_start);
    history.healthy(m_start, m_start + 29s);
    QVERIFY(history.crashLooping());
    history.healthy(m_start, m_start + 30s);
    QVERIFY(!history.crashLooping());
    QCOMPARE(history.crashed(m_start + 40s).count(), 99L);
    history.crashed(m_start + 41s);
    QVERIFY(!history.crashLooping());
}

QTEST_GUILESS_MAIN(RestartPolicyTest)
#include "tst_restart_policy.moc"
