// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "agent/app/advice.h"
#include "agent/app/finding.h"
#include "agent/app/local_answers.h"
#include "tests/agent/support/full_journal_state.h"
#include "tests/agent/support/manual_clock.h"

using namespace ifrit;
using agent::app::MachineView;

namespace {

constexpr char kExporter[] = "node.exporter-1";

/// A journal with an agent in every trouble, and answers over it.
struct Asked {
    Asked() {
        journal->update([](auto& state) { state = tests::fullJournalState(); }).IgnoreError();
        base.facts.uuid = "m1";
        base.facts.machineType = "LINUX";
        base.uuidSource = "/etc/machine-id";
    }
    MachineView view() const {
        MachineView view = base;
        view.journal = journal->state();
        return view;
    }
    QString ask(const std::string& verb, std::vector<std::string> words = {}) {
        const auto answer = answers.answer({verb, std::move(words)});
        return QString::fromStdString(answer.ok() ? *answer
                                                  : "! " + base::errorInfo(answer.status()).reason);
    }

    QTemporaryDir directory;
    tests::ManualClock clock;
    std::unique_ptr<agent::journal::Journal> journal = std::move(
        agent::journal::Journal::open(directory.filePath(QStringLiteral("j")).toStdString())
            ->journal);
    MachineView base;
    int woken = 0;
    agent::app::LocalAnswers answers{
        {clock, *journal, [this] { return view(); }, [this] { ++woken; }}};
};

}  // namespace

class LocalAnswersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void statusOfAMachineThatCannotReachItsMaster() {
        Asked asked;
        asked.base.running = MachineView::Running{};
        auto& link = asked.base.running->link;
        link.address = "master:7443";
        link.failures = 7;
        link.lastReason = "CLONED_IDENTITY";
        link.lastError = "two machines live";
        link.nextTry = asked.clock.now() + std::chrono::seconds(40);
        const QString text = asked.ask("status");
        for (const char* part :
             {"NO MASTER: master:7443 failed, 7 tries in a row", "next in 40 s: two machines live",
              "-> if this is the copy", "not enrolled", "7 older ones are lost", "node.exporter-1"})
            QVERIFY2(text.contains(QString::fromLatin1(part)), qPrintable(text));
    }

    void statusWithoutIfritAgentSaysSo() {
        Asked asked;
        QVERIFY(asked.ask("status").startsWith(QStringLiteral("ifrit-agent does not run")));
        QVERIFY(QJsonDocument::fromJson(asked.ask("status", {"json"}).toUtf8())
                    .object()[QStringLiteral("running")]
                    .isNull());
    }

    void statesAreForPrograms() {
        Asked asked;
        QCOMPARE(asked.ask("states"), QString());
        asked.base.running = MachineView::Running{};
        domain::AgentReport report;
        report.agent = kExporter;
        report.state = domain::MachineState::Degraded;
        report.crashLooping = true;
        asked.base.running->agents = {report};
        QCOMPARE(asked.ask("states"), QStringLiteral("node.exporter-1\tdegraded\tcrash loop\n"));
        report.lastError = domain::AgentError{"NO_ADDRESS", "a\tb\nc", "start", 1, {}};
        asked.base.running->agents = {report};
        QCOMPARE(asked.ask("states"),
                 QStringLiteral("node.exporter-1\tdegraded\tcrash loop\tNO_ADDRESS\ta b c\n"));
    }

    void theLinkIsForPrograms() {
        Asked asked;
        QCOMPARE(asked.ask("link"), QString());
        asked.base.running = MachineView::Running{};
        QCOMPARE(asked.ask("link"), QStringLiteral("0\t\t\t\n"));
        auto& link = asked.base.running->link;
        link.address = "master:7443";
        link.failures = 7;
        link.lastReason = "TOKEN_USED";
        link.lastError = "the token\nwas used";
        QCOMPARE(asked.ask("link"),
                 QStringLiteral("7\tmaster:7443\tTOKEN_USED\tthe token was used\n"));
    }

    /// reset-bad has no files to read instead.
    void whatDoesNotAnswerComesWithWhatToDo() {
        const std::string advice(agent::app::adviceFor("LOCAL_TIMEOUT"));
        QVERIFY2(advice.find("systemctl restart ifrit-guard") != std::string::npos, advice.c_str());
    }

    void explainNamesWinnersLosersAndWhatToDo() {
        Asked asked;
        asked.journal
            ->update([](auto& state) {
                domain::DesiredEntry full;
                full.agent = kExporter;
                full.version = "1.5.0";
                full.level = domain::Level::Full;
                full.releaseId = "r-1";
                domain::DesiredEntry gray = full;
                gray.version = "1.6.0";
                gray.level = domain::Level::Gray;
                state.desired = domain::DesiredState{9, 1, {full, gray}};
            })
            .IgnoreError();
        const QString text = asked.ask("explain", {kExporter});
        const QRegularExpression chosen(QStringLiteral("chosen +gray 1.6.0"));
        const QRegularExpression lost(QStringLiteral("outranked +full 1.5.0"));
        QVERIFY2(text.contains(chosen) && text.contains(lost), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("-> it runs and does not answer")), qPrintable(text));
        QCOMPARE(asked.ask("explain", {"nobody"}), QStringLiteral("! AGENT_UNKNOWN"));
    }

    void badVersionsAreForgottenAndTriedAtOnce() {
        Asked asked;
        QCOMPARE(asked.ask("reset-bad", {"log"}), QStringLiteral("! NOT_KNOWN_BAD"));
        QCOMPARE(asked.ask("reset-bad", {kExporter, std::string(64, '0')}),
                 QStringLiteral("! NOT_KNOWN_BAD"));
        QCOMPARE(asked.woken, 0);
        QVERIFY(asked.ask("reset-bad", {kExporter, std::string(64, 'd')})
                    .startsWith(QStringLiteral("node.exporter-1 1.7.0 may be tried again")));
        QCOMPARE(asked.woken, 1);
        QVERIFY(asked.journal->agent(kExporter).knownBad.empty());
        QCOMPARE(asked.ask("reset-bad", {"all"}), QStringLiteral("! NOT_KNOWN_BAD"));
    }

    void unknownQuestionsAreRefused() {
        Asked asked;
        for (const char* verb : {"stop", "explain", "reset-bad", ""})
            QCOMPARE(asked.ask(verb), QStringLiteral("! LOCAL_REQUEST"));
    }

    void everyDocumentedErrorHasAdvice() {
        QFile page(QStringLiteral(IFRIT_SOURCE_DIR "/docs/operations.md"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(page.readAll());
        const auto errors = text.indexOf(QLatin1String("### Errors"));
        const QString table =
            text.mid(errors, text.indexOf(QLatin1String("\n### "), errors + 5) - errors);
        int rows = 0;
        for (const QString& line : table.split(QLatin1Char('\n'))) {
            if (!line.startsWith(QLatin1String("| `"))) continue;
            const QString names = line.section(QLatin1Char('|'), 1, 1);
            QString first;
            for (const QString& word :
                 names.split(QRegularExpression(QStringLiteral("[`, ]+")), Qt::SkipEmptyParts)) {
                // "`PREFLIGHT_DISK`, `_PORT`" is short for PREFLIGHT_PORT.
                const QString reason = word.startsWith(QLatin1Char('_'))
                                           ? first.left(first.indexOf(QLatin1Char('_'))) + word
                                           : word;
                if (first.isEmpty()) first = reason;
                QVERIFY2(!agent::app::adviceFor(reason.toStdString()).empty(), qPrintable(reason));
                ++rows;
            }
        }
        QVERIFY2(rows > 20, "the table was not found");
    }

    void findingsAreLinesAndJson() {
        using Result = agent::app::Finding::Result;
        const std::vector<agent::app::Finding> findings = {
            {"disk", Result::Ok, "fine", ""}, {"clock", Result::Failed, "a \"bad\" one", "set it"}};
        QCOMPARE(QString::fromStdString(agent::app::findingsText(findings)),
                 QStringLiteral("ok       disk   fine\n"
                                "FAILED   clock  a \"bad\" one\n"
                                "         -> set it\n"));
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(agent::app::findingsJson(findings)));
        QCOMPARE(json[1][QStringLiteral("detail")].toString(), QStringLiteral("a \"bad\" one"));
        QVERIFY(agent::app::anyFailed(findings));
    }
};

QTEST_GUILESS_MAIN(LocalAnswersTest)
#include "tst_local_answers.moc"
