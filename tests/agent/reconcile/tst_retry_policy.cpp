// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/reconcile/reasons.h"
#include "agent/reconcile/retry_policy.h"

namespace reconcile = ifrit::agent::reconcile;
using ifrit::domain::MachineState;
using std::chrono::milliseconds;

class RetryPolicyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void delayGrowsAndIsCapped_data() {
        QTest::addColumn<unsigned>("attempt");
        QTest::addColumn<double>("random");
        QTest::addColumn<int>("expected");
        QTest::newRow("first, least") << 1u << 0.0 << 500;
        QTest::newRow("first, most") << 1u << 0.999 << 999;
        QTest::newRow("second") << 2u << 0.0 << 1000;
        QTest::newRow("third") << 3u << 0.0 << 2000;
        QTest::newRow("capped") << 10u << 0.0 << 5000;
        QTest::newRow("far over the cap") << 4'000'000'000u << 0.0 << 5000;
        QTest::newRow("none yet") << 0u << 0.0 << 500;
    }
    void delayGrowsAndIsCapped() {
        QFETCH(unsigned, attempt);
        QFETCH(double, random);
        QFETCH(int, expected);
        const reconcile::RetryPolicy policy{milliseconds(1000), milliseconds(10'000)};
        QCOMPARE(reconcile::retryDelay(policy, attempt, random).count(), std::int64_t(expected));
    }

    void aToldPauseIsSpread_data() {
        QTest::addColumn<qint64>("told");
        QTest::addColumn<qint64>("longest");
        QTest::addColumn<double>("random");
        QTest::addColumn<qint64>("expected");
        const auto row = [](const char* name, qint64 told, qint64 longest, double random,
                            qint64 expected) {
            QTest::newRow(name) << told << longest << random << expected;
        };
        constexpr qint64 kHour = 3'600'000;
        row("short, least", 5'000, 5'000, 0.0, 5'000);
        row("short, half", 5'000, 5'000, 0.5, 5'500);
        row("a minute, half", 60'000, 60'000, 0.5, 75'000);
        row("asks again before the end", kHour, kHour, 0.0, 120'000);
        row("not all at one time", kHour, kHour, 0.5, 135'000);
        row("however far", 8'760 * kHour, 8'760 * kHour, 0.0, 120'000);
        row("the rest of ten minutes, half", 100'000, 600'000, 0.5, 160'000);
        row("the rest of a day, half", 100'000, 24 * kHour, 0.5, 400'000);
        row("longer than before", 60'000, 5'000, 0.5, 75'000);
    }
    void aToldPauseIsSpread() {
        QFETCH(qint64, told);
        QFETCH(qint64, longest);
        QFETCH(double, random);
        QFETCH(qint64, expected);
        const auto pause =
            reconcile::permitPause(milliseconds(told), milliseconds(longest), random);
        QCOMPARE(qint64(pause.count()), expected);
    }

    void whatNobodyCanJudgeIsTriedEverLater() {
        using std::chrono::minutes;
        QVERIFY(reconcile::unjudgedPause(1) == minutes(10));
        QVERIFY(reconcile::unjudgedPause(2) == minutes(20));
        QVERIFY(reconcile::unjudgedPause(5) == minutes(160));
        QVERIFY(reconcile::unjudgedPause(9) == std::chrono::hours(24));
        QVERIFY(reconcile::unjudgedPause(1000) == std::chrono::hours(24));
        ifrit::agent::journal::AgentRecord record;
        QVERIFY(reconcile::longestPause(record) == minutes(10));
        record.lastError.emplace();
        record.lastError->reason = reconcile::kNoVerdict;
        QVERIFY(reconcile::longestPause(record) == std::chrono::hours(24));
    }

    void stateWhileWaiting_data() {
        QTest::addColumn<QString>("reason");
        QTest::addColumn<unsigned>("attempt");
        QTest::addColumn<int>("state");
        const auto row = [](const char* name, std::string_view reason, unsigned attempt,
                            MachineState state) {
            QTest::newRow(name) << QString::fromUtf8(reason.data(), int(reason.size())) << attempt
                                << int(state);
        };
        row("first failed download", reconcile::kDownloadFailed, 1, MachineState::Downloading);
        row("last try", reconcile::kDownloadFailed, 3, MachineState::Failed);
        row("slow source", reconcile::kDownloadTooSlow, 1, MachineState::Downloading);
        row("too long is no accident", reconcile::kDownloadTooLong, 1, MachineState::Failed);
        row("no manifest yet", reconcile::kManifestUnavailable, 1, MachineState::Scheduled);
        row("refused", reconcile::kPermitRefused, 50, MachineState::WaitingPermit);
        row("nobody to ask", reconcile::kPermitUnavailable, 50, MachineState::WaitingPermit);
        row("a trial without a master", reconcile::kMasterNotReached, 1, MachineState::Scheduled);
        row("bad signature", reconcile::kPackageSignature, 1, MachineState::Failed);
        row("nobody could judge it", reconcile::kNoVerdict, 1, MachineState::Reverted);
        row("no room", reconcile::kPreflightDisk, 1, MachineState::Failed);
    }
    void stateWhileWaiting() {
        QFETCH(QString, reason);
        QFETCH(unsigned, attempt);
        QFETCH(int, state);
        ifrit::domain::AgentError error;
        error.reason = reason.toStdString();
        error.attempt = attempt;
        QCOMPARE(int(reconcile::stateAfterFailure(error)), state);
    }
};

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "tst_retry_policy.moc"
