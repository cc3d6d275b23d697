// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;
using tests::has;

class TestCtlTimeLimit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTimeLimitIsObeyed_data();
    void theTimeLimitIsObeyed();
};

void TestCtlTimeLimit::theTimeLimitIsObeyed_data() {
    QTest::addColumn<QStringList>("line");
    QTest::addColumn<int>("deadlineMs");
    QTest::addColumn<QString>("refusal");
    const auto row = [](const char* line, int deadlineMs, const char* refusal = "") {
        QTest::newRow(line) << tests::words(line) << deadlineMs << QString::fromUtf8(refusal);
    };
    row("cluster show", 15'000);
    row("cluster show --timeout 100ms", 100);
    row("cluster show --timeout 60s", 60'000);
    row("cluster show --timeout 10m", 600'000);
    row("cluster show --timeout 11m", 0, "a call is given 100 ms to 10 min");
    row("cluster show --timeout 99ms", 0, "a call is given 100 ms to 10 min");
    row("release pause 12 --timeout 2h", 0, "a call is given 100 ms to 10 min");
    // Of the waiting: no call may hang for so long.
    row("release resume 12 --wait --timeout 2h", 15'000);
    row("release watch 12 --timeout 2h", 15'000);
    row("release watch 12 --timeout 50ms", 50);
}

void TestCtlTimeLimit::theTimeLimitIsObeyed() {
    QFETCH(QStringList, line);
    QFETCH(int, deadlineMs);
    QFETCH(QString, refusal);
    Ctl ctl;
    ctl.sessions.session.failure = base::makeError(absl::StatusCode::kNotFound, "X", "", "x");
    std::vector<std::string> arguments;
    for (const QString& word : line)
        arguments.push_back(word.toStdString());
    const tests::Outcome outcome = ctl.run(arguments);
    if (deadlineMs == 0) {
        QCOMPARE(outcome.code, 2);
        QCOMPARE(ctl.sessions.opened, 0);
        QVERIFY2(has(outcome.err, refusal.toStdString()), outcome.err.c_str());
        return;
    }
    QCOMPARE(ctl.sessions.opened, 1);
    QCOMPARE(ctl.sessions.profile.deadline, std::chrono::milliseconds(deadlineMs));
}

QTEST_GUILESS_MAIN(TestCtlTimeLimit)
#include "tst_ctl_time_limit.moc"
