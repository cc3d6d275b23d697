// SPDX-License-Identifier: Apache-2.0
// ifritctl that stays until a campaign has come somewhere.
#include <QTest>

#include "shared/base/status.h"
#include "tests/gui/ctl/campaign_fleet.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::StepState;
using tests::has;
using tests::kId;
using tests::receiptOf;
using tests::releaseIn;
using Fleet = tests::CampaignFleet;

class TestCtlCampaignWatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void waitEndsWithTheClustersCode();
    void watchFollowsEveryClusterAndStartsNothing();
    void watchEndsWhereAClusterStopsIt_data();
    void watchEndsWhereAClusterStopsIt();
};

void TestCtlCampaignWatch::waitEndsWithTheClustersCode() {
    Fleet fleet;
    fleet.hold(StepState::Ready, StepState::Waiting);
    fleet.one().turn = [](const std::string& what, services::CampaignInfo& info) {
        if (what == "prepare") info.release = releaseIn(domain::ReleaseState::Draft);
        if (what.rfind("start ", 0) == 0) info.state = StepState::Halted;
    };
    QCOMPARE(fleet.ctl.run({"campaign", "start", kId, "--yes", "--wait"}).code, 6);
    fleet.hold(StepState::Running, StepState::Waiting);
    fleet.one().campaign->release = releaseIn(domain::ReleaseState::Running);
    const auto late = fleet.ctl.run({"campaign", "advance", kId, "--wait", "--timeout", "100ms"});
    QCOMPARE(late.code, 7);
}

void TestCtlCampaignWatch::watchFollowsEveryClusterAndStartsNothing() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Running);
    int looks = 0;
    fleet.two().turn = [&looks](const std::string& what, services::CampaignInfo& info) {
        if (what != "get" || ++looks < 2) return;
        info.state = StepState::Verified;
        info.own = receiptOf("two");
    };
    const auto done = fleet.ctl.run({"campaign", "watch", kId, "--timeout", "30s"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY2(has(done.err, "one: verified\ntwo: running\ntwo: verified\n"), done.err.c_str());
    QVERIFY2(has(done.out, "complete"), done.out.c_str());
    // As lines: the campaign at each change, nothing beside it.
    looks = 0;
    fleet.two().campaign->state = StepState::Running;
    fleet.two().campaign->own.reset();
    const auto lines = fleet.ctl.run({"campaign", "watch", kId, "-o", "jsonl"});
    QCOMPARE(lines.code, 0);
    QCOMPARE(std::count(lines.out.begin(), lines.out.end(), '\n'), 2);
    QVERIFY2(has(lines.out, "\"phase\":\"running\"") && has(lines.out, "\"phase\":\"complete\""),
             lines.out.c_str());
    QVERIFY2(lines.err.empty(), lines.err.c_str());
    // Where a person is waited for it says what to do, and waits on.
    fleet.hold(StepState::Verified, StepState::Ready);
    const auto late = fleet.ctl.run({"campaign", "watch", kId, "--timeout", "100ms"});
    QCOMPARE(late.code, 7);
    QVERIFY2(has(late.err, "go on with: ifritctl campaign advance " + kId), late.err.c_str());
    // A cluster that cannot be asked is named, and is no end.
    fleet.hold(StepState::Running, StepState::Waiting);
    fleet.two().failure = base::makeError(absl::StatusCode::kUnavailable, "UNREACHABLE", "two",
                                          "nobody answers there");
    const auto partly = fleet.ctl.run({"campaign", "watch", kId, "--timeout", "100ms"});
    QCOMPARE(partly.code, 7);
    QVERIFY2(has(partly.err, "two: cannot be seen: nobody answers there"), partly.err.c_str());
    for (tests::AnsweringMaster* session : {&fleet.one(), &fleet.two()}) {
        for (const std::string& call : session->calls)
            QVERIFY2(call.find("Campaign") != std::string::npos &&
                         (call.rfind("get", 0) == 0 || call.rfind("list", 0) == 0),
                     call.c_str());
    }
}

void TestCtlCampaignWatch::watchEndsWhereAClusterStopsIt_data() {
    QTest::addColumn<StepState>("first");
    QTest::addColumn<StepState>("second");
    QTest::addColumn<QString>("says");
    QTest::newRow("halted") << StepState::Halted << StepState::Waiting
                            << QStringLiteral("cluster one is halted");
    QTest::newRow("failed after a receipt")
        << StepState::Verified << StepState::Failed << QStringLiteral("cluster two is failed");
    QTest::newRow("aborted") << StepState::Verified << StepState::Aborted
                             << QStringLiteral("cluster two is aborted");
    QTest::newRow("expired") << StepState::Expired << StepState::Expired
                             << QStringLiteral("cluster one is expired");
}

void TestCtlCampaignWatch::watchEndsWhereAClusterStopsIt() {
    QFETCH(const StepState, first);
    QFETCH(const StepState, second);
    QFETCH(const QString, says);
    Fleet fleet;
    fleet.hold(first, second);
    const auto done = fleet.ctl.run({"campaign", "watch", kId, "--timeout", "30s"});
    QCOMPARE(done.code, 6);
    QVERIFY2(has(done.err, says.toStdString()), done.err.c_str());
}

QTEST_GUILESS_MAIN(TestCtlCampaignWatch)
#include "tst_ctl_campaign_watch.moc"
