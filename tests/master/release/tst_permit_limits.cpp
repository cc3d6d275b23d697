// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <deque>
#include <random>

#include "master/release/approval.h"
#include "master/release/permit_ledger.h"
#include "shared/base/status.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;

namespace {

struct Asked {
    PermitQuestion question{"m0", "logd", "r1", "2", kNewDigest};
    domain::DesiredEntry entry;
    Standing standing{ReleaseState::Running, at(0)};
    MachineProgress machine;
    PermitLimits limits;

    Asked() {
        entry.agent = "logd";
        entry.manifestDigest = kNewDigest;
        entry.releaseId = "r1";
        entry.timestamp = at(0);
        machine.opened = true;
        limits.now = at(100);
    }
    PermitAnswer ask() const { return decidePermit(question, entry, standing, &machine, limits); }
};

}  // namespace

class TestPermitLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void closedTimesRefuse() {
        Asked asked;
        asked.limits.bar = {kOutsideWindow, "closed", at(700)};
        QCOMPARE(asked.ask().reason, std::string("OUTSIDE_WINDOW"));
        QCOMPARE(asked.ask().retryAfter, std::chrono::milliseconds(600'000));
        QVERIFY(!asked.ask().held);
        asked.limits.bar = {kFrozen, "frozen", std::nullopt};
        QCOMPARE(asked.ask().reason, std::string("CLUSTER_FROZEN"));
        // Whatever else holds: also for a release that is paused, over, or not known.
        for (const auto state : {ReleaseState::Paused, ReleaseState::Done, ReleaseState::Aborted,
                                 ReleaseState::RollingBack, ReleaseState::RolledBack}) {
            asked.standing.state = state;
            QCOMPARE(asked.ask().reason, std::string("CLUSTER_FROZEN"));
        }
        QCOMPARE(decidePermit(asked.question, {}, std::nullopt, nullptr, asked.limits).reason,
                 std::string("CLUSTER_FROZEN"));
    }

    void fullLimitsRefuse_data() {
        QTest::addColumn<bool>("late");
        QTest::addColumn<int>("used");
        QTest::addColumn<bool>("counted");
        QTest::addColumn<QString>("reason");
        QTest::newRow("late, room") << true << 2 << false << "";
        QTest::newRow("late, full") << true << 3 << false << "LATE_JOINER_RATE";
        QTest::newRow("late, full, was given") << true << 3 << true << "";
        QTest::newRow("cap, room") << false << 2 << false << "";
        QTest::newRow("cap, full") << false << 3 << false << "MAX_CHANGE_PER_WINDOW";
        QTest::newRow("cap, lowered below") << false << 9 << false << "MAX_CHANGE_PER_WINDOW";
        QTest::newRow("cap, full, was given") << false << 3 << true << "";
    }
    void fullLimitsRefuse() {
        QFETCH(const bool, late);
        QFETCH(const int, used);
        QFETCH(const bool, counted);
        QFETCH(const QString, reason);
        Asked asked;
        const Quota quota{3, static_cast<std::uint64_t>(used), counted, at(130),
                          std::chrono::minutes(1)};
        (late ? asked.limits.late : asked.limits.cap) = quota;
        for (const auto state : {ReleaseState::Running, ReleaseState::Done}) {
            asked.standing.state = state;
            const PermitAnswer answer = asked.ask();
            QCOMPARE(QString::fromStdString(answer.reason), reason);
            QCOMPARE(answer.granted, reason.isEmpty());
            QCOMPARE(answer.held, !reason.isEmpty());
            if (!answer.granted) QCOMPARE(answer.retryAfter, std::chrono::milliseconds(30'000));
        }
    }

    void theCapHoldsAlsoForOneInFlight() {
        Asked asked;
        asked.machine.inFlight = true;
        asked.limits.late = Quota{3, 3, false, at(130), std::chrono::minutes(1)};
        QVERIFY(asked.ask().granted);
        asked.limits.cap = asked.limits.late;
        QCOMPARE(asked.ask().reason, std::string("MAX_CHANGE_PER_WINDOW"));
    }

    void capInMachines_data() {
        QTest::addColumn<int>("machines");
        QTest::addColumn<int>("percent");
        QTest::addColumn<int>("cluster");
        QTest::addColumn<int>("limit");
        QTest::newRow("machines") << 7 << 0 << 3 << 7;
        QTest::newRow("percent") << 0 << 10 << 1'000 << 100;
        QTest::newRow("rounded down") << 0 << 10 << 19 << 1;
        QTest::newRow("at least one") << 0 << 10 << 5 << 1;
        QTest::newRow("empty cluster") << 0 << 10 << 0 << 1;
    }
    void capInMachines() {
        QFETCH(const int, machines);
        QFETCH(const int, percent);
        QFETCH(const int, cluster);
        QFETCH(const int, limit);
        const ChangeCap cap{static_cast<std::uint32_t>(machines),
                            static_cast<std::uint32_t>(percent), std::chrono::hours(1)};
        QCOMPARE(cap.limit(static_cast<std::uint64_t>(cluster)), static_cast<std::uint64_t>(limit));
    }

    void windowSlides() {
        SlidingMachines seen(std::chrono::seconds(60));
        seen.add("a", at(0));
        seen.add("b", at(30));
        QCOMPARE(seen.count(at(59)), std::uint64_t{2});
        QVERIFY(seen.quotaFor("c", 2, at(59)).isFull());
        QCOMPARE(seen.quotaFor("c", 2, at(59)).next, at(60));
        QVERIFY(!seen.quotaFor("a", 2, at(59)).isFull());
        QVERIFY(!seen.quotaFor("c", 2, at(60)).isFull());
        // Counted again it is one machine, and in the window from then on.
        seen.add("b", at(80));
        QCOMPARE(seen.count(at(90)), std::uint64_t{1});
        QCOMPARE(seen.count(at(139)), std::uint64_t{1});
        QCOMPARE(seen.count(at(140)), std::uint64_t{0});
    }

    /// Whatever is asked and whenever: no window of the length holds more machines than the limit.
    void neverMoreThanTheLimit() {
        std::mt19937 random(7);
        constexpr int kWindow = 60;
        constexpr std::uint64_t kLimit = 5;
        SlidingMachines seen{std::chrono::seconds(kWindow)};
        std::deque<std::pair<int, std::string>> given;
        int second = 0;
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            second += static_cast<int>(random() % 8);
            const std::string uuid = "m" + std::to_string(random() % 40);
            if (seen.quotaFor(uuid, kLimit, at(second)).isFull()) {
                ++refused;
                continue;
            }
            seen.add(uuid, at(second));
            given.emplace_back(second, uuid);
            while (given.front().first <= second - kWindow)
                given.pop_front();
            std::set<std::string> machines;
            for (const auto& [at, machine] : given)
                machines.insert(machine);
            QVERIFY(machines.size() <= kLimit);
        }
        QVERIFY(refused > 1'000);
        QVERIFY(!given.empty());
    }

    void lateJoinersAreCountedForEachRelease() {
        PermitLedger ledger{std::chrono::seconds(100)};
        ledger.add({"a", "r1", at(0), true, true});
        ledger.add({"b", "r2", at(1), false, true});
        ledger.add({"c", "r1", at(2), true, false});
        QCOMPARE(ledger.lateFor("r1", "x", 1, at(3)).used, std::uint64_t{1});
        QCOMPARE(ledger.lateFor("r2", "b", 1, at(3)).counted, true);
        QCOMPARE(ledger.capFor("x", 9, at(3)).used, std::uint64_t{2});
        QCOMPARE(ledger.lateFor("r1", "x", 1, at(60)).used, std::uint64_t{0});
        QCOMPARE(ledger.capFor("x", 9, at(60)).used, std::uint64_t{2});
    }

    void approvals_data() {
        QTest::addColumn<bool>("required");
        QTest::addColumn<QString>("approvedBy");
        QTest::addColumn<QString>("approvedPlan");
        QTest::addColumn<QString>("starter");
        QTest::addColumn<QString>("refusal");
        QTest::newRow("not asked for") << false << ""
                                       << ""
                                       << "ada"
                                       << "";
        QTest::newRow("missing") << true << ""
                                 << ""
                                 << "ada"
                                 << "APPROVAL_MISSING";
        QTest::newRow("given") << true << "bob"
                               << "plan"
                               << "ada"
                               << "";
        QTest::newRow("a third one starts") << true << "bob"
                                            << "plan"
                                            << "eve"
                                            << "";
        QTest::newRow("the approver starts") << true << "bob"
                                             << "plan"
                                             << "bob"
                                             << "APPROVER_SAME";
        QTest::newRow("of another plan") << true << "bob"
                                         << "old"
                                         << "ada"
                                         << "APPROVAL_ENDED";
        QTest::newRow("ended with its plan") << true << "bob"
                                             << "ended"
                                             << "ada"
                                             << "APPROVAL_ENDED";
    }
    void approvals() {
        QFETCH(const bool, required);
        QFETCH(const QString, approvedBy);
        QFETCH(const QString, approvedPlan);
        QFETCH(const QString, starter);
        QFETCH(const QString, refusal);
        domain::Release release;
        release.number = 7;
        release.createdBy = "ada";
        if (!approvedBy.isEmpty())
            release.approval =
                domain::Approval{approvedBy.toStdString(), at(1), approvedPlan.toStdString(), {}};
        if (approvedPlan == QLatin1String("ended"))
            release.endedApproval = std::exchange(release.approval, std::nullopt);
        const absl::Status status = mayStart(release, required, starter.toStdString(), "plan");
        QCOMPARE(QString::fromStdString(base::errorInfo(status).reason), refusal);
        if (refusal == QLatin1String("APPROVAL_MISSING"))
            QVERIFY2(base::messageOf(status).find("any super admin but ada") != std::string::npos,
                     base::messageOf(status).c_str());
        // Whose it was, of which plan, and what to do.
        const std::string gap = approvalGap(release, required, "plan");
        if (refusal == QLatin1String("APPROVAL_ENDED")) {
            for (const char* part : {"bob approved plan ", approvedPlan.toUtf8().constData(),
                                     "have it approved again", "any super admin but ada"})
                QVERIFY2(gap.find(part) != std::string::npos, gap.c_str());
        }
        QCOMPARE(base::errorInfo(mayApprove(release, "ada")).reason, std::string("APPROVER_SAME"));
        QVERIFY(mayApprove(release, "bob").ok());
    }
};

QTEST_GUILESS_MAIN(TestPermitLimits)
#include "tst_permit_limits.moc"
