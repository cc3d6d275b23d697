// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/guard/trial_verdict.h"

using namespace ifrit::agent::guard;
using std::chrono::milliseconds;
using std::chrono::seconds;

class TrialVerdictTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data();
    void verdicts();
};

namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;

Trial trial() {
    Trial trial{"b", "a", "digest-of-b", "2", seconds(60)};
    trial.cpuPercent = 50;
    trial.memoryBytes = 100 * kMebibyte;
    return trial;
}

/// As a good version looks at the end of its probation.
TrialEvidence good() {
    TrialEvidence evidence;
    evidence.up = seconds(60);
    evidence.proof = Proof{"digest-of-b", 42, {}, true};
    evidence.sinceBeat = seconds(1);
    evidence.cpuPercent = 3;
    evidence.rssBytes = 20 * kMebibyte;
    return evidence;
}

}  // namespace

void TrialVerdictTest::verdicts_data() {
    QTest::addColumn<TrialEvidence>("evidence");
    QTest::addColumn<QString>("reason");  // "" undecided, "passed"
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const TrialEvidence& evidence, const char* reason,
                        const char* words = "") {
        QTest::newRow(name) << evidence << QString::fromLatin1(reason)
                            << QString::fromLatin1(words);
    };
    TrialEvidence evidence = good();
    row("good", evidence, "passed");
    evidence.up = milliseconds(59'999);
    row("good, too early", evidence, "");
    evidence.up.reset();
    row("not running, waits for its restart", evidence, "");
    evidence = good();
    evidence.ends = 2;
    row("ended twice, then stood", evidence, "passed");
    evidence.ends = 3;
    evidence.lastEnd = "exited with code 3";
    row("ended too often", evidence, "EXITED_AT_START", "3 times during its trial, last: exited");
    evidence = good();
    evidence.proof.reset();
    row("no sign of life", evidence, "HUNG", "within 60 s");
    evidence.up = seconds(59);
    row("no sign of life yet", evidence, "");
    evidence = good();
    evidence.sinceBeat = seconds(16);
    row("hung after its sync", evidence, "HUNG", "has not moved for 16 s");
    evidence = good();
    evidence.proof->synced = false;
    row("no master", evidence, "MASTER_NOT_REACHED", "did not sync with a master within 60 s");
    evidence = good();
    evidence.cpuPercent = 51;
    evidence.up = seconds(12);
    row("eats CPU, at once", evidence, "LIMIT_EXCEEDED", "51 % of a processor");
    evidence.cpuPercent.reset();
    row("not measured yet", evidence, "");
    evidence.rssBytes = 101 * kMebibyte;
    row("eats memory", evidence, "LIMIT_EXCEEDED", "101 MiB");
}

void TrialVerdictTest::verdicts() {
    QFETCH(const TrialEvidence, evidence);
    QFETCH(const QString, reason);
    QFETCH(const QString, words);
    const TrialVerdict verdict = judgeTrial(trial(), evidence);
    const bool passed = verdict.kind == TrialVerdict::Kind::Passed;
    QCOMPARE(passed ? QStringLiteral("passed") : QString::fromStdString(verdict.reason), reason);
    QCOMPARE(verdict.kind == TrialVerdict::Kind::Failed, !passed && !reason.isEmpty());
    QVERIFY2(QString::fromStdString(verdict.message).contains(words), verdict.message.c_str());
}

QTEST_APPLESS_MAIN(TrialVerdictTest)
#include "tst_trial_verdict.moc"
