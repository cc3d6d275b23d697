// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QTest>
#include <QTranslator>

#include "gui/models/own_words.h"
#include "shared/filter/filter_completion.h"
#include "shared/filter/machine_filter.h"

using namespace ifrit;
using gui::models::OwnWords;

namespace {

/// Marks what was found, and turns the places round.
class Marker : public QTranslator {
public:
    QString translate(const char* context, const char* source, const char*, int) const override {
        if (QLatin1String(context) != QLatin1String("ifrit::gui::models::OwnWords")) return {};
        QString text = QString::fromUtf8(source);
        if (text.contains(QStringLiteral("%2"))) {
            text.replace(QStringLiteral("%1"), QStringLiteral("%9"))
                .replace(QStringLiteral("%2"), QStringLiteral("%1"))
                .replace(QStringLiteral("%9"), QStringLiteral("%2"));
        }
        return QStringLiteral("<%1>").arg(text);
    }
    bool isEmpty() const override { return false; }
};

}  // namespace

class TestOwnWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void staysAsItIsInEnglish();
    void putsNamesAtTheirPlaces();
    void saysWhyNothingChanges();
    void findsEveryErrorOfAFilter_data();
    void findsEveryErrorOfAFilter();
    void findsWhatStandsAgainstAPlanOrAVerb();
    void saysHowFarTheDemoIs();
    void saysWhyTheDesktopDidIt();
    void saysWhyAnAgentFailed_data();
    void saysWhyAnAgentFailed();
    void saysWhoLacksAPermission();
    void leavesWhatAMasterSays();
};

void TestOwnWords::staysAsItIsInEnglish() {
    for (const char* text :
         {"the master at db-7:7443 cannot be reached: no route to host",
          "waits for 3 of 40 machines of the batch 2 stage", "gray opened",
          "li (super admin) by certificate", "start-failed", "downloading 62 %",
          "1 failed, 1 reverted, 0 silent of 4 in the batch 3 stage: half or more of the stage",
          "cost: memory of 12 machines of the pilot stage rose from 20.1 to 80.5 "
          "MiB in the median (p = 0.001, Mann-Whitney)"}) {
        const QString line = QString::fromLatin1(text);
        QCOMPARE(OwnWords::of(line), line);
        QCOMPARE(OwnWords::ofProgress(line), line);
        QCOMPARE(OwnWords::ofTimeline(line), line);
        QCOMPARE(OwnWords::ofDetail(line), line);
        QCOMPARE(OwnWords::ofEvent(line), line);
        QCOMPARE(OwnWords::ofStep(line), line);
    }
}

void TestOwnWords::putsNamesAtTheirPlaces() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::of(
                 QStringLiteral("/a.ifrit is not an ifrit package: payload.tar.zst is cut off")),
             QStringLiteral("<payload.tar.zst is not an ifrit package: /a.ifrit is cut off>"));
    // A name that looks like a place is none.
    QCOMPARE(OwnWords::of(QStringLiteral("the master at %2 cannot be reached: why")),
             QStringLiteral("<the master at why cannot be reached: %2>"));
    QCOMPARE(OwnWords::ofProgress(QStringLiteral("the stage after batch 2 opens in 5 s")),
             QStringLiteral("<the stage after <5 s> opens in <batch 2>>"));
    QCOMPARE(OwnWords::ofProgress(QStringLiteral("soaks for another 59 min 52 s")),
             QStringLiteral("<soaks for another <52 min 59 s>>"));
    QCOMPARE(OwnWords::ofProgress(QStringLiteral("waits for 1 of 1 machine of the gray stage")),
             QStringLiteral("<waits for <1 machine> of 1 of the <gray> stage>"));
    // A line within a line.
    QCOMPARE(OwnWords::ofProgress(QStringLiteral("the batch 3 stage: half or more of the stage")),
             QStringLiteral("<<the <batch 3> stage>: half or more of the stage>"));
    QCOMPARE(OwnWords::ofTimeline(QStringLiteral("pilot opened")),
             QStringLiteral("<<pilot> opened>"));
    for (const char* word :
         {"approved", "approval ended", "held", "goes on", "machines may change again"})
        QCOMPARE(OwnWords::ofTimeline(QLatin1String(word)),
                 QStringLiteral("<%1>").arg(QLatin1String(word)));
    QCOMPARE(OwnWords::ofStep(QStringLiteral("crash loop: exited with code 3")),
             QStringLiteral("<crash loop: <exited with code 3>>"));
    for (const char* step : {"taking over", "starting", "crash loop"})
        QCOMPARE(OwnWords::ofStep(QLatin1String(step)),
                 QStringLiteral("<%1>").arg(QLatin1String(step)));
    QCOMPARE(OwnWords::ofStep(QStringLiteral("starting, after this failed: no address")),
             QStringLiteral("<starting, after this failed: no address>"));
    QCOMPARE(OwnWords::ofEventText(QStringLiteral("from 1.5.0")), QStringLiteral("<from 1.5.0>"));
    QCOMPARE(OwnWords::ofEventText(QStringLiteral("from 1.5.0; the cache is kept")),
             QStringLiteral("<from the cache is kept; 1.5.0>"));
    QCOMPARE(OwnWords::ofDetail(QStringLiteral("li (super admin) by token")),
             QStringLiteral("<<super admin> (li) by <token>>"));
}

// What a timeline's "held" says, and what a release waits for meanwhile: as the master says it.
void TestOwnWords::saysWhyNothingChanges() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    const auto inTimeline = [](const std::string& message) {
        return OwnWords::ofProgress(OwnWords::ofTimeline(QString::fromStdString(message)));
    };
    QCOMPARE(inTimeline("li froze the cluster: audit; week; nothing changes until it is unfrozen"),
             QStringLiteral("<audit; week froze the cluster: li; nothing changes until it is "
                            "unfrozen>"));
    for (const char* line :
         {"outside of the windows for changes, which open 2027-01-04 10:00 UTC",
          "outside of the windows for changes, and none opens within 400 days",
          "waits for the approval of a second person, other than li",
          "approved by wang; waits to be started",
          "a stage was open for 90 days",
          "every reachable machine runs what it ran before",
          "3 machines had not gone back by the deadline",
          "3 machines: the disk was full",
          "1 machine had not gone back by the deadline",
          "1 machine: the disk was full",
          "waits for a new approval: the plan that wang approved no longer holds",
          "soak over; a person let what had halted it pass",
          "nothing was allowed to change for 30 days",
          "nobody let it go on within 7 days",
          "nobody decided within 7 days",
          "the clock of the master that leads went ahead by 2 h, and no deadline counts that",
          "the clock of the master that leads went back by 2 h, and no deadline counts that",
          "no master turned this release for 2 h, and no deadline or soak counts that",
          "stood still",
          "the draft was not started within 30 days"})
        QVERIFY2(inTimeline(line).startsWith(QLatin1Char('<')), line);
}

void TestOwnWords::findsEveryErrorOfAFilter_data() {
    QTest::addColumn<QString>("filter");
    for (const char* filter : {"colour:red", "state:", "pin<3", "type:LINUX,", "uuid:/a",
                               "uuid:/(/", "label:=x", "batch:many", "state:ill", "seen>long"}) {
        QTest::newRow(filter) << QString::fromLatin1(filter);
    }
    QTest::newRow("long") << QString(5'000, QLatin1Char('x'));
}

void TestOwnWords::findsEveryErrorOfAFilter() {
    QFETCH(QString, filter);
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    const auto parsed = filter::MachineFilter::parse(filter.toStdString());
    QVERIFY(parsed.error);
    const QString sentence = QString::fromStdString(parsed.error->sentence);
    QVERIFY2(OwnWords::of(sentence).startsWith(QLatin1Char('<')), qPrintable(sentence));
    // What can be written is all named: "..." left who guessed wrong to guess again.
    QVERIFY2(!sentence.contains(QStringLiteral("...")), qPrintable(sentence));
    if (filter != QLatin1String("state:ill")) return;
    for (const std::string& state : filter::stateChoices())
        QVERIFY2(sentence.contains(QString::fromStdString(state)), state.c_str());
}

void TestOwnWords::findsWhatStandsAgainstAPlanOrAVerb() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::ofObjection(QStringLiteral(
                 "release 7 of logd for the same machine types is paused; one at a time: let it "
                 "end, abort or roll it back")),
             QStringLiteral("<release logd of 7 for the same machine types is <paused>; one at a "
                            "time: let it end, abort or roll it back>"));
    QCOMPARE(OwnWords::ofNote(
                 QStringLiteral("each machine downloads at most 500KB/s: up to 1 min 30 s")),
             QStringLiteral("<each machine downloads at most <30 min 1 s>: up to 500KB/s>"));
    QCOMPARE(OwnWords::ofNote(QStringLiteral("2 machines may change in 1 h in this cluster, and 1 "
                                             "did: 7 more take at least 4 h")),
             QStringLiteral("<<1 h> may change in <2 machines> in this cluster, and 1 did: 7 more "
                            "take at least <4 h>>"));
    QVERIFY(OwnWords::ofNote(
                QStringLiteral("the gray stage has no machine: none of the release's types has "
                               "such a uuid, pin or labels, and nothing is tried before the next "
                               "stage"))
                .startsWith(QLatin1Char('<')));
    QVERIFY(OwnWords::ofVerbRefusal(QStringLiteral("the gray stage has no machine; waits for an "
                                                   "operator to promote"))
                .startsWith(QLatin1Char('<')));
    QCOMPARE(OwnWords::ofVerbRefusal(
                 QStringLiteral("the release is rolled back; only a draft can be started")),
             QStringLiteral("<the release is rolled back; <only a draft can be started>>"));
    for (const char* text : {"it runs this version already", "it is not reachable now",
                             "this version failed there before; clear it to try again",
                             "machine i-7 of the gray list is gone",
                             "it has 64 agents, and logd would be one more, of which no master "
                             "hears; uninstall another one there first",
                             "its own order of batches names 9, and the ring has 12 since: make a "
                             "new draft with an order of those, or without one",
                             "release 7 of logd for the same machine types is rolling back; one at "
                             "a time: let that end",
                             "wang approved plan 3f2a of release 7, which no longer holds; look at "
                             "the plan that holds now and have it approved again, by any super "
                             "admin but li, or whom release.approve was granted",
                             "release 7 needs the approval of a second person: any super admin but "
                             "li, who made it, or whom release.approve was granted",
                             "needs kernel 99.0 or newer, this machine has 5.10",
                             "needs glibc 9.9 or newer, this machine has none",
                             "cannot be installed beside old; uninstall that first",
                             "logd 1.2 is for LINUX, CONTAINER, this machine is ARM64",
                             "li froze the cluster: audit; nothing changes until it is unfrozen"})
        QVERIFY2(OwnWords::ofObjection(QLatin1String(text)).startsWith(QLatin1Char('<')), text);
    for (const char* text :
         {"full is the last stage; there is no next one",
          "no machine failed, reverted or went silent", "the release is done; it has ended",
          "release 7 of logd for the same machine types is paused; one at a time: let it end, "
          "abort or roll it back",
          "release 8 moved these machines since; roll that one back first, or release the "
          "wanted version",
          "release 8 moved these machines since, and does not go back either; release the wanted "
          "version",
          "what each machine of release 3 did is not kept any more; its counts, plan, timeline and "
          "audit are. To go back, release the version that is wanted",
          "the release is rolling back already",
          "no machine of the gray stage came out well; promote goes on regardless",
          "soaks for another 30 s", "waits for 3 of 40 machines of the batch 2 stage"})
        QVERIFY2(OwnWords::ofVerbRefusal(QLatin1String(text)).startsWith(QLatin1Char('<')), text);
}

// As tools/demo_cluster says it.
void TestOwnWords::saysHowFarTheDemoIs() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::ofDemo(QStringLiteral("20 machines enrolled in 3.1 s")),
             QStringLiteral("<3.1 machines enrolled in 20 s>"));
    for (const char* line :
         {"cluster in /tmp/ifrit-demo-1", "downloading prometheus-node-exporter",
          "published node-exporter 1.5.0, 1.5.1", "1.5.0 everywhere in 4.0 s",
          "the release waits in its second batch for promote", "failed: no port is free"})
        QVERIFY2(OwnWords::ofDemo(QLatin1String(line)).startsWith(QLatin1Char('<')), line);
}

void TestOwnWords::saysWhyTheDesktopDidIt() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::ofReason(QStringLiteral("Undo of: pause")),
             QStringLiteral("<Undo of: <pause>>"));
    QCOMPARE(
        OwnWords::ofReason(QStringLiteral("A draft of the release wizard that was not started.")),
        QStringLiteral("<A draft of the release wizard that was not started.>"));
    // What a person typed stays theirs.
    QCOMPARE(OwnWords::ofReason(QStringLiteral("pause")), QStringLiteral("pause"));
}

// As agent/reconcile/probation.cpp and agent/supervise put it together.
void TestOwnWords::saysWhyAnAgentFailed_data() {
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* error, const char* said) {
        QTest::newRow(error) << QString::fromUtf8(error) << QString::fromUtf8(said);
    };
    row("in probation killed by signal 9 (SIGKILL)",
        "<in probation <killed by signal SIGKILL (9)>>");
    row("in probation exited with code 1; its last output: ended",
        "<ended; its last output: <in probation <exited with code 1>>>");
    row("in probation held at its CPU limit in 4 of 6 looks",
        "<in probation held at its CPU limit in 6 of 4 looks>");
    row("in probation it uses 80.0 MiB of memory, its limit is 64.0 MiB: ended",
        "<in probation <it uses 64.0 MiB of memory, its limit is 80.0 MiB: <ended>>>");
    row("could not be started: no such file", "<could not be started: no such file>");
    row("could not be judged: nothing is known of it",
        "<could not be judged: <nothing is known of it>>");
    row("connection refused in probation", "<connection refused in probation>");
    row("what a program said", "what a program said");
}

void TestOwnWords::saysWhyAnAgentFailed() {
    QFETCH(QString, error);
    QFETCH(QString, said);
    QCOMPARE(OwnWords::ofFailure(error), error);
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::ofFailure(error), said);
    QCOMPARE(OwnWords::ofEventText(error), said);
}

void TestOwnWords::saysWhoLacksAPermission() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    QCOMPARE(OwnWords::ofDenial(QStringLiteral(
                 "chen.yu lacks the permission cluster.freeze of the whole cluster in cluster "
                 "shop-north; super admins can grant it: admin, wang.fang")),
             QStringLiteral("<<cluster.freeze of the whole cluster> lacks the permission chen.yu "
                            "in cluster shop-north; <super admins can grant it: <wang.fang, "
                            "admin>>>"));
    for (const char* text :
         {"li may not do user.create: it is for super admins alone",
          "li may not do release.start: the permission release.start is missing; ask a super "
          "admin to grant it",
          "li lacks the permission release.start of agent logd on LINUX in cluster shop; super "
          "admins can grant it: a, b, c, d, e and others"})
        QVERIFY2(OwnWords::ofDenial(QLatin1String(text)).startsWith(QLatin1Char('<')), text);
}

void TestOwnWords::leavesWhatAMasterSays() {
    Marker marker;
    QCoreApplication::installTranslator(&marker);
    const QString refusal = QStringLiteral("release 7 is done (since monday) by li");
    QCOMPARE(OwnWords::of(refusal), refusal);
    QCOMPARE(OwnWords::ofVerbRefusal(refusal), refusal);
    QCOMPARE(OwnWords::ofTimeline(refusal), refusal);
}

QTEST_GUILESS_MAIN(TestOwnWords)
#include "tst_own_words.moc"
