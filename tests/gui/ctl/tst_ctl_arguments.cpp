// SPDX-License-Identifier: Apache-2.0
// What is typed wrongly is refused before anything is asked, and says how it is meant.
#include <QTest>

#include "shared/base/status.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;
using tests::has;
using tests::Outcome;

namespace {

/// Words with a blank between; '' is one of nothing.
std::vector<std::string> typed(const QString& line) {
    std::vector<std::string> out;
    for (const QString& word : line.split(QLatin1Char(' ')))
        out.push_back(word == QStringLiteral("''") ? std::string() : word.toStdString());
    return out;
}

QByteArrayList words(const char* text) {
    return QByteArray(text).split('|');
}

}  // namespace

class TestCtlArguments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QByteArrayList>("says");
        const auto row = [](const char* line, const char* says) {
            QTest::newRow(line) << QString::fromUtf8(line) << words(says);
        };
        // A variable that a script forgot to set must not choose another cluster.
        row("--context '' release show 2", "--context is empty");
        row("--bundle '' release rollback 2 --reason x --confirm-count 3", "--bundle is empty");
        row("release show 2 --context=", "--context has no value behind its '='");
        row("--bundle= machine list", "--bundle has no value behind its '='");
        row("context import admin.bundle --name ''", "--name is empty");
        row("context use ''", "NAME is empty");
        row("machine show ''", "UUID is empty");
        row("machine remove a '' --reason x --confirm-count 2", "UUID is empty");
        row("release show ''", "RELEASE is empty");
        row("key generate ''", "FILE is empty");
        row("release create --agent logd --version 1.1 --types LINUX --gray-pin ''",
            "--gray-pin is empty");
        // What wraps round is another number.
        row("release rollback 2 --reason x --confirm-count -1",
            "--confirm-count: '-1' is no whole number");
        row("release rollback 2 --reason x --confirm-count 99999999999999999999",
            "--confirm-count: '99999999999999999999' is no whole number in range 0 to "
            "18446744073709551615");
        row("release rollback 2 --reason x --confirm-count 010", "'010' is no whole number");
        row("audit forget --from-row -1 --yes", "--from-row: '-1' is no whole number");
        row("ring locate m-1 --batches 4 --seed 99999999999999999999",
            "--seed: '9999|is no whole number");
        row("ring locate m-1 --batches 4 --seed -1", "--seed: '-1' is no whole number");
        row("machine list --limit -1", "--limit: '-1' is no whole number in range 0 to 1000000");
        row("campaign create --from-release -1 --of a --clusters a,b --name x",
            "--from-release: '-1' is no whole number");
        row("release create --agent logd --version 1.1 --types LINUX --max-in-flight -1",
            "--max-in-flight: '-1' is no whole number");
        row("release create --agent logd --version 1.1 --types LINUX --batches --batch-order 1,-1",
            "--batch-order: '-1' is no whole number");
        // Longer than a machine needs to poll at all, shorter than for ever.
        row("release create --agent logd --version 1.1 --types LINUX --deadline 0s",
            "--deadline: a machine's deadline is 10 s to 30 d, not 0 ms");
        row("release create --agent logd --version 1.1 --types LINUX --deadline 1ms", "not 1 ms");
        row("release create --agent logd --version 1.1 --types LINUX --cost-gate 20% "
            "--no-cost-gate",
            "--no-cost-gate and --cost-gate 20% exclude each other");
        // Rows that there cannot be are not none.
        row("audit list --verb bogus", "--verb: 'bogus' is no verb such as release.start");
        row("audit list --since 2026-02-01 --until 2026-01-01",
            "--since 2026-02-01 is not before --until 2026-01-01");
        // A filter may begin with a dash.
        row("machine list -uuid:/^demo-0/",
            "no option|hint: an argument that begins with '-' stands behind '--': ifritctl machine "
            "list -- '-uuid:/^demo-0/'");
        row("machine list -o json -o csv", "--output is given more than once");
        row("machine list -o", "--output needs FORMAT behind it");
    }
    void refuses() {
        QFETCH(QString, line);
        QFETCH(QByteArrayList, says);
        Ctl ctl;
        const Outcome outcome = ctl.run(typed(line));
        QVERIFY2(outcome.code == 2, outcome.err.c_str());
        for (const QByteArray& part : says)
            QVERIFY2(has(outcome.err, part.toStdString()), outcome.err.c_str());
        QVERIFY(outcome.out.empty());
        QCOMPARE(ctl.sessions.opened, 0);
    }

    void takes_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("asks");
        const auto row = [](const char* line, const char* asks) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(asks);
        };
        row("machine list ''", "listMachines ");
        row("machine list -- -uuid:/^demo-0/", "listMachines -uuid:/^demo-0/");
        row("release create --agent logd --version 1.1 --types LINUX --deadline 10s",
            "createRelease");
        // Of no stage but one.
        row("release create --agent logd --version 1.1 --types LINUX --cost-gate full=20% "
            "--no-cost-gate",
            "createRelease");
        row("release create --agent logd --version 1.1 --types LINUX --max-in-flight 0",
            "createRelease");
    }
    void takes() {
        QFETCH(QString, line);
        QFETCH(QString, asks);
        Ctl ctl;
        const Outcome outcome = ctl.run(typed(line));
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QCOMPARE(QString::fromStdString(ctl.sessions.session.calls.front()), asks);
    }

    void whatCannotBeEndsWithTwo_data() {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<int>("code");
        for (const char* typedReason :
             {"BATCH_ORDER", "GRAY_MACHINE_TYPE", "TIME_ZONE", "REASON_INVALID", "TOKEN_LIFE",
              "LABEL_MISSING", "NAME_INVALID", "GRANT_INVALID", "FILTER", "PASSWORD_INVALID"})
            QTest::newRow(typedReason) << QByteArray(typedReason) << 2;
        for (const char* ofFile : {"BUNDLE_INVALID", "PACKAGE_DIGEST", "KEY_PASSPHRASE",
                                   "DOCUMENT_INVALID", "RELEASE_FILE", "PATH_INVALID"})
            QTest::newRow(ofFile) << QByteArray(ofFile) << 1;
    }
    /// Whoever found it: a master, or ifritctl.
    void whatCannotBeEndsWithTwo() {
        QFETCH(QByteArray, reason);
        QFETCH(int, code);
        Ctl ctl;
        ctl.sessions.session.failure =
            base::makeError(absl::StatusCode::kInvalidArgument, reason.toStdString(), "", "no");
        QCOMPARE(ctl.run({"cluster", "show"}).code, code);
    }

    void anObjectMayBeAReleasesNumber_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("asked");
        QTest::newRow("number") << QStringLiteral("12") << QStringLiteral("r-1");
        QTest::newRow("as it is shown") << QStringLiteral("#12") << QStringLiteral("r-1");
        QTest::newRow("in words") << QStringLiteral("release #12") << QStringLiteral("r-1");
        QTest::newRow("a name") << QStringLiteral("anna") << QStringLiteral("anna");
        QTest::newRow("a machine") << QStringLiteral("m-12") << QStringLiteral("m-12");
    }
    void anObjectMayBeAReleasesNumber() {
        QFETCH(QString, typed);
        QFETCH(QString, asked);
        Ctl ctl;
        ctl.sessions.session.release = tests::release(domain::ReleaseState::Done, {});
        const Outcome outcome = ctl.run({"audit", "list", "--object", typed.toStdString()});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QCOMPARE(QString::fromStdString(ctl.sessions.session.askedObject), asked);
        const bool isName = typed == asked;
        QCOMPARE(ctl.sessions.session.calls.front() == "getRelease 12", !isName);
    }

    void aNumberThatNoReleaseHas() {
        Ctl ctl;
        ctl.sessions.session.releaseFailure =
            base::notFound("RELEASE_UNKNOWN", "7", "there is none");
        QCOMPARE(ctl.run({"audit", "list", "--object", "#7"}).code, 3);
        // It may be a machine, or a user.
        QCOMPARE(ctl.run({"audit", "list", "--object", "7"}).code, 0);
        QCOMPARE(ctl.sessions.session.askedObject, std::string("7"));
    }

    void whatIsNoDraftIsNotStarted() {
        Ctl ctl;
        ctl.sessions.session.release = tests::release(domain::ReleaseState::Running, {});
        ctl.sessions.session.planFailure = base::failedPrecondition(
            "RELEASE_STATE", "r-1", "release 12 is running; only a draft has a plan");
        const Outcome outcome = ctl.run({"release", "start", "12", "--yes"});
        QCOMPARE(outcome.code, 5);
        QVERIFY2(has(outcome.err, "start is refused for release 12: it is running"),
                 outcome.err.c_str());
    }

    void aDraftThatWasDroppedIsDiscarded() {
        Ctl ctl;
        auto& release = ctl.sessions.session.release;
        release = tests::release(domain::ReleaseState::Aborted, {});
        QVERIFY(has(ctl.run({"release", "show", "12"}).out, "discarded"));
        QVERIFY(has(ctl.run({"release", "show", "12", "-o", "json"}).out, "\"aborted\""));
        release.release.started = base::fromUnixMillis(1'700'000'000'000);
        QVERIFY(!has(ctl.run({"release", "show", "12"}).out, "discarded"));
    }
};

QTEST_GUILESS_MAIN(TestCtlArguments)
#include "tst_ctl_arguments.moc"
