// SPDX-License-Identifier: GPL-3.0-or-later
// What masters and agents say of themselves is found again in the desktop's tables: a sentence that
// is not stays English whatever the reader's language.
#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QTranslator>

#include "gui/models/own_words.h"
#include "master/release/change_time.h"
#include "master/release/plan.h"
#include "master/release/verbs.h"

using namespace ifrit;
using namespace std::chrono_literals;
using domain::ReleaseState;
using domain::StageKind;
using gui::models::OwnWords;

namespace {

const base::WallTime kNow = base::fromUnixMillis(1'700'000'000'000);

/// Marks what was found.
class Marker : public QTranslator {
public:
    Marker() { QCoreApplication::installTranslator(this); }
    ~Marker() override { QCoreApplication::removeTranslator(this); }
    QString translate(const char*, const char* source, const char*, int) const override {
        return QStringLiteral("<%1>").arg(QString::fromUtf8(source));
    }
    bool isEmpty() const override { return false; }
};

QString textOf(const char* file) {
    QFile out(QStringLiteral(IFRIT_SOURCE_DIR "/") + QString::fromUtf8(file));
    return out.open(QIODevice::ReadOnly) ? QString::fromUtf8(out.readAll()) : QString();
}

/// What is between the first `from` and the next `to`.
QString between(const QString& text, const QString& from, const QString& to) {
    const qsizetype begin = text.indexOf(from);
    return begin < 0 ? QString() : text.mid(begin, text.indexOf(to, begin + 1) - begin);
}

master::release::Model inStage(StageKind kind, domain::StageCounts stage = {}) {
    master::release::Model out;
    out.release.state = ReleaseState::Running;
    stage.kind = kind;
    stage.batch = kind == StageKind::Batch ? 2 : 0;
    stage.opened = kNow;
    out.release.stages = {stage};
    return out;
}

domain::StageCounts counts(std::uint32_t targeted, std::uint32_t pending = 0) {
    domain::StageCounts out;
    out.targeted = targeted;
    out.outcomes = {{domain::Outcome::Pending, pending}, {domain::Outcome::Ok, targeted - pending}};
    return out;
}

domain::StageCounts soaking() {
    domain::StageCounts out = counts(4);
    out.soakUntil = kNow + 90s;
    return out;
}

}  // namespace

class TestMasterWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEventOfTheHandbookHasAWord();
    void everyWaitHasWords_data();
    void everyWaitHasWords();
    void everyNoteOfAPlanHasWords_data();
    void everyNoteOfAPlanHasWords();
    void everySentenceOfTheSourceHasWords_data();
    void everySentenceOfTheSourceHasWords();
    void everyAnswerHasWords_data();
    void everyAnswerHasWords();
    void saysWhatAnAnswerIsAbout();
};

void TestMasterWords::everyEventOfTheHandbookHasAWord() {
    const QString page = textOf("docs/operations.md");
    QVERIFY(!page.isEmpty());
    static const QRegularExpression row(QStringLiteral("^\\| (`[^|]*`) \\|"),
                                        QRegularExpression::MultilineOption);
    static const QRegularExpression quoted(QStringLiteral("`([a-z-]+)`"));
    QSet<QString> kinds;
    for (const QString& part :
         {between(page, QStringLiteral("| event | means |"), QStringLiteral("### Integrity")),
          between(page, QStringLiteral("### Events"), QStringLiteral("**A full disk.**"))}) {
        for (auto at = row.globalMatch(part); at.hasNext();) {
            for (auto kind = quoted.globalMatch(at.next().captured(1)); kind.hasNext();)
                kinds << kind.next().captured(1);
        }
    }
    // Those of ifrit-agent's log alone.
    kinds << QStringLiteral("started") << QStringLiteral("stopped") << QStringLiteral("healthy")
          << QStringLiteral("adopted");
    QVERIFY2(kinds.size() > 25, qPrintable(QString::number(kinds.size())));
    Marker marker;
    for (const QString& kind : kinds)
        QVERIFY2(OwnWords::ofEvent(kind) == QStringLiteral("<%1>").arg(kind), qPrintable(kind));
}

void TestMasterWords::everyWaitHasWords_data() {
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const master::release::Model& model,
                        const master::release::Conditions& conditions = {}) {
        QTest::newRow(name) << QString::fromStdString(
            master::release::waitsFor(model, kNow, conditions));
    };
    master::release::Model draft;
    draft.release.state = ReleaseState::Draft;
    draft.release.createdBy = "li";
    row("draft", draft);
    draft.release.spec.approvalRequired = true;
    row("draft, not approved", draft);
    draft.release.approval.emplace();
    draft.release.approval->by = "wang";
    row("draft, approved", draft);
    draft.release.endedApproval = std::exchange(draft.release.approval, std::nullopt);
    row("draft, approved for another plan", draft);
    for (const ReleaseState state :
         {ReleaseState::Paused, ReleaseState::Halted, ReleaseState::RollingBack}) {
        auto model = inStage(StageKind::Gray);
        model.release.state = state;
        QTest::newRow(("state " + std::to_string(static_cast<int>(state))).c_str())
            << QString::fromStdString(master::release::waitsFor(model, kNow, {}));
    }
    row("outcomes of gray", inStage(StageKind::Gray, counts(4, 3)));
    row("outcomes of a batch", inStage(StageKind::Batch, counts(4, 3)));
    row("outcomes of full", inStage(StageKind::Full, counts(40, 3)));
    row("soak", inStage(StageKind::Pilot, soaking()));
    row("interval", inStage(StageKind::Batch, soaking()));
    row("nobody reachable", inStage(StageKind::Gray));
    row("to be verified", inStage(StageKind::Gray, counts(4)));
    auto promoted = inStage(StageKind::Batch, counts(4));
    promoted.release.spec.batches.advance = domain::BatchAdvance::Promote;
    row("to be promoted", promoted);
    domain::FreezeMark freeze;
    freeze.by = "li";
    freeze.reason = "the shop is open; ask me";
    row("frozen", inStage(StageKind::Gray), {nullptr, &freeze});
    // kNow is a Tuesday.
    auto closed = inStage(StageKind::Gray);
    closed.release.spec.windows.weekly = {{1, 9h, 10h}};
    row("outside of the windows", closed);
    closed.release.spec.windows.weekly.clear();
    using namespace std::chrono;
    closed.release.spec.windows.blackouts = {{2023y / January / 1d, 2030y / January / 1d}};
    row("no window opens", closed);
}

void TestMasterWords::everyWaitHasWords() {
    QFETCH(const QString, sentence);
    QVERIFY(!sentence.isEmpty());
    QCOMPARE(OwnWords::ofProgress(sentence), sentence);
    Marker marker;
    const QString said = OwnWords::ofProgress(sentence);
    QVERIFY2(said.startsWith(QLatin1Char('<')) && said.endsWith(QLatin1Char('>')),
             qPrintable(said));
}

// The reader of a plan in Chinese was told in English what will hold it.
void TestMasterWords::everyNoteOfAPlanHasWords_data() {
    QTest::addColumn<QStringList>("sentences");
    master::release::ClusterRules rules;
    domain::Release release;
    const auto row = [&](const char* name, std::chrono::minutes probation = 0min,
                         std::size_t newer = 0) {
        master::release::PlanInput input;
        release.spec.agent = "logd";
        release.spec.version = "2";
        release.spec.machineTypes = {"LINUX"};
        input.release = &release;
        input.targets["LINUX"] = {domain::DesiredAction::Install, "2", std::string(64, 'b')};
        input.archiveBytes["LINUX"] = 30'000'000;
        if (probation != 0min) input.probations["LINUX"] = probation;
        for (const char* uuid : {"m0", "m1"}) {
            input.machines.emplace_back();
            input.machines.back().facts.uuid = uuid;
            input.machines.back().facts.machineType = "LINUX";
            if (input.machines.size() > newer) continue;
            input.machines.back().report.emplace();
            input.machines.back().report->runningVersion = "3";
        }
        input.clusterMachines = input.machines.size();
        input.now = kNow;
        input.rules = &rules;
        const auto plan = master::release::makePlan(input);
        QStringList sentences;
        for (const std::string& note : plan.notes)
            sentences << QString::fromStdString(note);
        for (const std::string& conflict : plan.conflicts)
            sentences << QString::fromStdString(conflict);
        QTest::newRow(name) << sentences;
        release = {};
        rules = {};
    };
    release.spec.downloadRate = 500'000;
    row("rate");
    release.spec.downloadRate = 500'000;
    release.spec.machineDeadline = 1min;
    row("rate beyond the deadline");
    release.spec.machineDeadline = 10min;
    row("probation beyond the deadline", 10min);
    release.spec.machineDeadline = 10min;
    release.spec.downloadRate = 500'000;
    row("probation behind a download", 9min);
    row("machines go back", 0min, 2);
    rules.cap = master::release::ChangeCap{1, 0, 1h};
    row("cap");
    // kNow is a Tuesday, 22:13.
    release.spec.windows.weekly = {{2, 9h, 10h}};
    row("windows open later");
    release.spec.windows.weekly = {{1, 22h, 22h + 14min}};
    row("windows close before");
    using namespace std::chrono;
    release.spec.windows.blackouts = {{2023y / January / 1d, 2023y / December / 31d}};
    row("closed for longer than a release may wait");
    release.spec.windows.blackouts = {{2023y / January / 1d, 2030y / January / 1d}};
    row("closed for years");
}

void TestMasterWords::everyNoteOfAPlanHasWords() {
    QFETCH(const QStringList, sentences);
    QVERIFY(!sentences.isEmpty());
    Marker marker;
    for (const QString& sentence : sentences) {
        const QString said = OwnWords::ofObjection(OwnWords::ofNote(sentence));
        QVERIFY2(said.startsWith(QLatin1Char('<')), qPrintable(sentence));
    }
}

// A sentence that is added there is noticed here, before anybody reads it.
void TestMasterWords::everySentenceOfTheSourceHasWords_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("waits") << QStringLiteral("master/release/waits_for.cpp");
    QTest::newRow("stages") << QStringLiteral("master/release/transition_stages.cpp");
    QTest::newRow("verbs") << QStringLiteral("master/release/transition_verbs.cpp");
}

void TestMasterWords::everySentenceOfTheSourceHasWords() {
    QFETCH(const QString, file);
    const QString source = textOf(qPrintable(file));
    QVERIFY(!source.isEmpty());
    // What goes to a wait or into the timeline; not what is refused, and not a machine's outcome.
    static const QRegularExpression literal(QStringLiteral("\"([^\"]*[a-z]{2}[^\"]*)\""));
    Marker marker;
    int found = 0;
    for (const QString& statement : source.split(QLatin1Char(';'))) {
        static const QRegularExpression told(
            QStringLiteral("\\b(?:note|abort|end)\\(|waits|fmt::format"));
        if (!told.match(statement).hasMatch() || statement.contains(QStringLiteral("Outcome::")) ||
            statement.contains(QStringLiteral("base::")) ||
            statement.contains(QStringLiteral("#include")))
            continue;
        QString joined = statement;
        joined.replace(QRegularExpression(QStringLiteral("\"\\s*\\n\\s*\"")), QString());
        for (auto at = literal.globalMatch(joined); at.hasNext();) {
            QString sentence = at.next().captured(1);
            // At the end stands how long, where it is a number.
            static const QRegularExpression last(QStringLiteral("\\{\\}$"));
            sentence.replace(last, QStringLiteral("7 s"));
            sentence.replace(QStringLiteral("{}"), QStringLiteral("7"));
            // One part of a sentence that is put together.
            if (sentence.startsWith(QLatin1Char(' ')) || sentence.endsWith(QLatin1Char(' ')))
                continue;
            ++found;
            const QString said = OwnWords::ofProgress(OwnWords::ofTimeline(sentence));
            QVERIFY2(said.startsWith(QLatin1Char('<')), qPrintable(sentence));
        }
    }
    QVERIFY(found > 3);
}

// What a permission was asked for, where the chain is broken, what a step of the connection test
// saw: all of it was English in a Chinese window, or some.
void TestMasterWords::everyAnswerHasWords_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("statements");
    QTest::newRow("access") << QStringLiteral("master/rpc/access_answer.cpp")
                            << QStringLiteral("\\bno\\(|answer\\.message =|return \\{true");
    QTest::newRow("chain") << QStringLiteral("shared/audit/chain.cpp")
                           << QStringLiteral("return fail\\(");
    QTest::newRow("steps") << QStringLiteral("gui/rpc/connection_test.cpp")
                           << QStringLiteral("step\\.detail =");
}

void TestMasterWords::everyAnswerHasWords() {
    QFETCH(const QString, file);
    QFETCH(const QString, statements);
    const QRegularExpression told(statements);
    static const QRegularExpression literal(QStringLiteral("\"([^\"]*[a-z]{2}[^\"]*)\""));
    Marker marker;
    int found = 0;
    for (const QString& statement : textOf(qPrintable(file)).split(QLatin1Char(';'))) {
        if (!told.match(statement).hasMatch()) continue;
        QString joined = statement.mid(told.match(statement).capturedStart());
        joined.replace(QRegularExpression(QStringLiteral("\"\\s*\\n\\s*\"")), QString());
        for (auto at = literal.globalMatch(joined); at.hasNext();) {
            QString sentence = at.next().captured(1);
            sentence.replace(QStringLiteral("{}"), QStringLiteral("7 machines"));
            if (sentence == QStringLiteral("machines")) continue;
            ++found;
            const QString said =
                OwnWords::ofAccess(OwnWords::ofBreak(OwnWords::ofDetail(sentence)));
            QVERIFY2(said.startsWith(QLatin1Char('<')), qPrintable(sentence));
        }
    }
    QVERIFY2(found > 3, qPrintable(QString::number(found)));
}

void TestMasterWords::saysWhatAnAnswerIsAbout() {
    Marker marker;
    QCOMPARE(OwnWords::ofAccess(QStringLiteral(
                 "li is granted release.start of agent logd on every machine type by grant g-1, "
                 "the master's configuration")),
             QStringLiteral("<li is granted <release.start of <agent logd> on <every machine "
                            "type>> by <<grant g-1>, <the master's configuration>>>"));
    QCOMPARE(OwnWords::ofAccess(QStringLiteral("no grant gives li freeze of the whole cluster")),
             QStringLiteral("<no grant gives li <freeze of the whole cluster>>"));
}

QTEST_GUILESS_MAIN(TestMasterWords)
#include "tst_master_words.moc"
