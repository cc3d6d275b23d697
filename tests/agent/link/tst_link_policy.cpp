// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "agent/link/link_policy.h"

namespace ifrit::tests {

using std::chrono::milliseconds;

class LinkPolicyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Else a disk that was full for a moment would cost a whole poll interval.
    void whatCouldNotBeKeptIsAskedForSoonAndEverLater() {
        agent::link::LinkPolicy policy({}, [] { return 0.5; }, {});
        agent::link::SyncReply reply;
        reply.nextPoll = milliseconds(2'000);
        std::vector<milliseconds> waits;
        for (int i = 0; i < 5; ++i)
            waits.push_back(policy.afterUnkept(reply));
        QVERIFY(waits.front() < milliseconds(500));
        QVERIFY(std::is_sorted(waits.begin(), waits.end()));
        QCOMPARE(waits.back().count(), 2'000);
        QCOMPARE(policy.afterSuccess(reply).count(), 2'000);
        QVERIFY(policy.afterUnkept(reply) == waits.front());
    }
};

}  // namespace ifrit::tests

QTEST_APPLESS_MAIN(ifrit::tests::LinkPolicyTest)
#include "tst_link_policy.moc"
