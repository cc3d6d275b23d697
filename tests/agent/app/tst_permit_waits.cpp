// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/app/permit_waits.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

using agent::app::PermitWaits;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class PermitWaitsTest : public QObject {
    Q_OBJECT

    inline static const std::string kDigest = std::string(64, '1');

    /// Of an agent whose wait is in the journal too.
    agent::reconcile::AgentFacts waiting(const std::string& releaseId) const {
        agent::reconcile::AgentFacts facts;
        facts.agent = "exporter";
        facts.desired.emplace();
        facts.desired->manifestDigest = kDigest;
        facts.desired->releaseId = releaseId;
        facts.record.attempts = agent::journal::Attempts{kDigest, 0, m_clock.now() + minutes(2), 0};
        return facts;
    }
    static PermitWaits::Asked refused(milliseconds told, const std::string& why) {
        domain::AgentError error;
        error.reason = std::string(agent::reconcile::kPermitRefused);
        return {kDigest, "r1", error, told, why};
    }

    ManualClock m_clock;
    PermitWaits m_waits{m_clock, agent::reconcile::RetryPolicy{}};

private Q_SLOTS:
    /// Whoever opens the window before its time is heard soon, and its opening is spread all the
    /// same.
    void aWindowThatOpensTomorrowIsAskedForMeanwhile() {
        const base::WallTime opens = m_clock.now() + hours(20);
        int asked = 0;
        while (m_clock.now() < opens) {
            const auto told = std::chrono::ceil<milliseconds>(opens - m_clock.now());
            const milliseconds wait =
                m_waits.waited("exporter", refused(told, "OUTSIDE_WINDOW"), 0.5);
            if (told > minutes(2)) QCOMPARE(wait, milliseconds(seconds(135)));
            m_clock.advance(wait);
            ++asked;
        }
        QVERIFY(asked > 530);
        QCOMPARE(std::chrono::ceil<milliseconds>(m_clock.now() - opens), milliseconds(minutes(5)));
    }

    void anotherReleaseWaitsForNothing() {
        m_waits.waited("exporter", refused(hours(20), "OUTSIDE_WINDOW"), 0.5);
        auto same = waiting("r1");
        m_waits.adjust(same);
        QVERIFY(same.record.attempts->nextRetry > m_clock.now());
        QCOMPARE(same.record.lastError->reason, std::string(agent::reconcile::kPermitRefused));
        auto other = waiting("r2");
        m_waits.adjust(other);
        QVERIFY(!other.record.attempts->nextRetry);
    }

    void anotherReasonIsSpreadByItsOwnTime() {
        m_waits.waited("exporter", refused(hours(20), "OUTSIDE_WINDOW"), 0.5);
        QCOMPARE(m_waits.waited("exporter", refused(seconds(5), "MAX_IN_FLIGHT"), 0.5),
                 milliseconds(5'500));
        QCOMPARE(m_waits.waited("exporter", refused(seconds(5), "OUTSIDE_WINDOW"), 0.5),
                 milliseconds(5'500));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::PermitWaitsTest;
QTEST_GUILESS_MAIN(PermitWaitsTest)
#include "tst_permit_waits.moc"
