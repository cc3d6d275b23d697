// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/members/fence.h"
#include "master/members/leadership.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit::master;
using namespace ifrit::master::members;

class TestLeadership : public QObject {
    Q_OBJECT

    storage::MemoryDatabase m_database;

    void lease(std::uint64_t token) { m_database.state.lease = {"m", "host:1", token, 0}; }
    absl::Status commit(const Leadership::Fence& fence) { return m_database.transact(fence); }
    absl::Status look(const Leadership::Fence& fence) { return m_database.read(fence); }

private Q_SLOTS:
    void oneThatIsAloneAlwaysLeadsAndNeedsNoLease() {
        Leadership alone(Leadership::Masters::One);
        QVERIFY(!alone.isOneOfMany());
        QVERIFY(alone.stands());
        QVERIFY(alone.check().ok());
        QVERIFY(!alone.token());
        lease(7);
        QVERIFY(commit(alone.fence()).ok());
        QVERIFY(look(alone.leadsInView()).ok());
        QCOMPARE(m_database.state.lease.renewals, std::uint64_t{0});
        // And stays what it is.
        QVERIFY(!alone.noteRefused(notLeader()));
        QVERIFY(alone.stands());
    }

    void oneOfManyLeadsBetweenBeginAndEnd() {
        Leadership one(Leadership::Masters::Many);
        lease(3);
        QVERIFY(!one.stands());
        QVERIFY(isNotLeader(one.check()));
        QVERIFY(isNotLeader(commit(one.fence())));
        QVERIFY(isNotLeader(look(one.leadsInView())));
        one.begin(3);
        QVERIFY(one.stands());
        QVERIFY(one.check().ok());
        QCOMPARE(one.token().value(), std::uint64_t{3});
        QVERIFY(look(one.leadsInView()).ok());
        QCOMPARE(m_database.state.lease.renewals, std::uint64_t{0});
        QVERIFY(commit(one.fence()).ok());
        QCOMPARE(m_database.state.lease.renewals, std::uint64_t{1});
        one.end();
        QVERIFY(!one.stands());
        QVERIFY(!one.token());
    }

    // A transaction that began under one token must not end under another.
    void aFenceIsOfTheTokenThatItWasMadeUnder() {
        Leadership one(Leadership::Masters::Many);
        one.begin(1);
        const Leadership::Fence first = one.fence();
        const Leadership::Fence looked = one.leadsInView();
        one.begin(2);
        lease(2);
        QVERIFY(isNotLeader(commit(first)));
        QVERIFY(isNotLeader(look(looked)));
        QVERIFY(commit(one.fence()).ok());
    }

    void onlyARefusalByTheFenceEndsIt() {
        Leadership one(Leadership::Masters::Many);
        one.begin(1);
        QVERIFY(!one.noteRefused(absl::OkStatus()));
        QVERIFY(!one.noteRefused(absl::UnavailableError("away")));
        QVERIFY(one.stands());
        QVERIFY(one.noteRefused(notLeader()));
        QVERIFY(!one.stands());
        // It is told once.
        QVERIFY(!one.noteRefused(notLeader()));
    }
};

QTEST_GUILESS_MAIN(TestLeadership)
#include "tst_leadership.moc"
