// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/integrity/byte_budget.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

using agent::integrity::ByteBudget;
using std::chrono::milliseconds;

class ByteBudgetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsTheRateOverASecond() {
        ManualClock clock;
        ByteBudget budget(clock, 1'000'000);
        const base::SteadyTime start = clock.steadyNow();
        for (int i = 0; i < 20; ++i) {
            const auto wait = budget.spend(100'000);
            clock.advance(std::chrono::ceil<milliseconds>(wait));
        }
        // Two million bytes at a million a second, but for what may come at once.
        const auto took = clock.steadyNow() - start;
        QVERIFY(took >= milliseconds(1'900) && took <= milliseconds(2'100));
    }

    void idleTimeIsNotSavedUp() {
        ManualClock clock;
        ByteBudget budget(clock, 1'000'000);
        clock.advance(milliseconds(60'000));
        QVERIFY(budget.spend(1'000'000) >= milliseconds(940));
    }

    void zeroIsNoLimit() {
        ManualClock clock;
        ByteBudget budget(clock, 0);
        QCOMPARE(budget.spend(1ULL << 40).count(), std::int64_t(0));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::ByteBudgetTest)
#include "tst_byte_budget.moc"
