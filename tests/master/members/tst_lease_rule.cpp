// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/members/lease_rule.h"
#include "master/members/member_rule.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master::members;
using ifrit::master::services::ManualClock;
using ifrit::master::storage::LeaseRecord;
using ifrit::master::storage::MemberRecord;
using std::chrono::milliseconds;
using Step = LeaseRule::Step;

namespace {

constexpr milliseconds kLease{4'000};
constexpr milliseconds kBeat{1'000};

}  // namespace

/// The rules of masters among each other, on a clock that the test moves.
class TestLeaseRule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFreeLeaseIsTakenAtOnce() {
        LeaseRule rule("a", kLease);
        const LeaseRecord free;
        QCOMPARE(rule.look(free, m_clock.steadyNow()), Step::Take);
        QVERIFY(!rule.token());
        const LeaseRecord taken = rule.taken(free, "host:1");
        QCOMPARE(taken, (LeaseRecord{"a", "host:1", 1, 1}));
        QCOMPARE(rule.look(taken, m_clock.steadyNow()), Step::Renew);
        QCOMPARE(rule.token(), std::optional<std::uint64_t>(1));
    }

    void aHolderThatRenewsIsWaitedFor() {
        LeaseRule rule("b", kLease);
        LeaseRecord lease{"a", "host:1", 7, 1};
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(rule.look(lease, m_clock.steadyNow()), Step::Wait);
            QVERIFY(rule.isHolderAlive(m_clock.steadyNow()));
            lease = LeaseRule::renewed(lease);
            m_clock.advance(kBeat);
        }
    }

    void aHolderThatDoesNotRenewIsReplacedAfterTheLease() {
        LeaseRule rule("b", kLease);
        const LeaseRecord lease{"a", "host:1", 7, 1};
        milliseconds waited{0};
        while (rule.look(lease, m_clock.steadyNow()) == Step::Wait) {
            QVERIFY(waited < 2 * kLease);
            m_clock.advance(kBeat);
            waited += kBeat;
        }
        QCOMPARE(waited.count(), kLease.count());
        QVERIFY(!rule.isHolderAlive(m_clock.steadyNow()));
        const LeaseRecord next = rule.taken(lease, "host:2");
        QCOMPARE(next.token, std::uint64_t{8});
        // The former holder steps down when it looks, once, and does not take it from a living one.
        LeaseRule former("a", kLease);
        QCOMPARE(former.look(lease, m_clock.steadyNow()), Step::Renew);
        QCOMPARE(former.look(next, m_clock.steadyNow()), Step::StepDown);
        QVERIFY(!former.token());
        QCOMPARE(former.look(next, m_clock.steadyNow()), Step::Wait);
    }

    void whoSleptHasNotWatched() {
        LeaseRule rule("b", kLease);
        const LeaseRecord lease{"a", "host:1", 7, 1};
        QCOMPARE(rule.look(lease, m_clock.steadyNow()), Step::Wait);
        // The database stood, or this process: the holder could not renew, or was not seen to.
        m_clock.advance(10 * kLease);
        QCOMPARE(rule.look(lease, m_clock.steadyNow()), Step::Wait);
        m_clock.advance(kBeat);
        QCOMPARE(rule.look(lease, m_clock.steadyNow()), Step::Wait);
    }

    void aLeaseThatWasGivenBackIsTakenAtOnce() {
        LeaseRule rule("b", kLease);
        const LeaseRecord held{"a", "host:1", 7, 1};
        QCOMPARE(rule.look(held, m_clock.steadyNow()), Step::Wait);
        const LeaseRecord free = LeaseRule::released(held);
        QCOMPARE(free.token, held.token);
        QCOMPARE(rule.look(free, m_clock.steadyNow()), Step::Take);
        QCOMPARE(rule.taken(free, "host:2").token, std::uint64_t{8});
    }

    void theAnswerToTheCommitThatTookItMayBeLost() {
        LeaseRule rule("a", kLease);
        QCOMPARE(rule.look(LeaseRecord{}, m_clock.steadyNow()), Step::Take);
        m_clock.advance(kBeat);
        QCOMPARE(rule.look({"a", "host:1", 1, 1}, m_clock.steadyNow()), Step::Renew);
        QCOMPARE(rule.token(), std::optional<std::uint64_t>(1));
    }

    void membersDieAndAreForgotten() {
        MemberRule rule(kLease);
        MemberRecord a{"a", "host:1", "1", {}, 1};
        MemberRecord b{"b", "host:2", "1", {}, 1};
        QCOMPARE(rule.look({a, b}, m_clock.steadyNow()).alive.size(), std::size_t{2});
        int deaths = 0;
        for (int i = 0; i < 8; ++i) {
            m_clock.advance(kBeat);
            ++a.beats;
            const auto view = rule.look({a, b}, m_clock.steadyNow());
            deaths += static_cast<int>(view.died.size());
            QCOMPARE(view.alive.size(), i + 1 < 4 ? std::size_t{2} : std::size_t{1});
            QCOMPARE(view.silent.size(), 2 - view.alive.size());
        }
        QCOMPARE(deaths, 1);
        ++b.beats;
        m_clock.advance(kBeat);
        const auto back = rule.look({a, b}, m_clock.steadyNow());
        QCOMPARE(back.alive.size(), std::size_t{2});
        QVERIFY(back.silent.empty());
        // It leaves and takes its row with it.
        m_clock.advance(kBeat);
        QCOMPARE(rule.look({a}, m_clock.steadyNow()).died, std::vector<std::string>{"b"});
        MemberRule::View view;
        for (int i = 0; i < 700 && view.forgotten.empty(); ++i) {
            QVERIFY(i < 5 || view.silent.size() == 1);
            m_clock.advance(kBeat);
            view = rule.look({a}, m_clock.steadyNow());
        }
        QCOMPARE(view.forgotten, std::vector<std::string>{"a"});
        QVERIFY(view.silent.empty());
    }

private:
    ManualClock m_clock;
};

QTEST_GUILESS_MAIN(TestLeaseRule)
#include "tst_lease_rule.moc"
