// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTest>

#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "tests/gui/ctl/ctl_harness.h"
#include "tests/shared/domain/a_campaign.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::StepState;
using tests::Ctl;
using tests::has;

namespace {

const std::string kId = tests::aCampaign().id;

void write(const std::string& path, const std::string& text) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
    file.write(QByteArray::fromStdString(text));
}

services::ReceiptInfo receiptOf(const std::string& cluster, std::uint32_t serial = 1) {
    services::ReceiptInfo out;
    out.carried = {"receipt of " + cluster, "signature"};
    out.receipt.cluster = cluster;
    out.receipt.serial = serial;
    out.receipt.counts[domain::Outcome::Ok] = 2;
    return out;
}

services::ReleaseInfo releaseIn(domain::ReleaseState state) {
    services::ReleaseInfo out = tests::release(state, {});
    out.clusterMachines = 100;
    if (state == domain::ReleaseState::Running) out.allowedVerbs = {domain::ReleaseVerb::Rollback};
    return out;
}

/// ifritctl with a context for each of the clusters "one" and "two".
struct Fleet {
    Fleet() {
        for (const char* cluster : {"one", "two"}) {
            const std::string path = ctl.path(cluster);
            write(
                path,
                bundle::formatBundle(
                    {cluster, "test", {"127.0.0.1:7443"}, tests::kPem, tests::kPem, tests::kPem}));
            if (ctl.run({"context", "import", path}).code != 0) qFatal("no context");
        }
        ctl.variables.clear();
        one().plan = two().plan = plan();
    }
    static services::ReleasePlan plan() {
        services::ReleasePlan out;
        out.planId = "p-1";
        out.machinesTotal = 2;
        out.clusterMachines = 100;
        return out;
    }
    tests::AnsweringMaster& one() { return ctl.sessions.others["one"]; }
    tests::AnsweringMaster& two() { return ctl.sessions.others["two"]; }

    /// Both hold it; what they are asked changes them as a master would be changed.
    void hold(StepState first, StepState second) {
        const StepState states[] = {first, second};
        for (std::size_t step = 0; step < 2; ++step) {
            services::CampaignInfo info;
            info.campaign = tests::aCampaign();
            info.document = "document";
            info.digest = std::string(64, 'd');
            info.step = step;
            info.state = states[step];
            (step == 0 ? one() : two()).campaign = info;
        }
        if (first == StepState::Verified) one().campaign->own = receiptOf("one");
        for (tests::AnsweringMaster* session : {&one(), &two()}) {
            session->turn = [](const std::string& what, services::CampaignInfo& info) {
                if (what == "prepare") info.release = releaseIn(domain::ReleaseState::Draft);
                if (what.rfind("present ", 0) == 0) {
                    info.previous = receiptOf("one");
                    info.state = StepState::Ready;
                }
                if (what.rfind("start ", 0) == 0) {
                    info.release = releaseIn(domain::ReleaseState::Done);
                    info.state = StepState::Verified;
                    info.own = receiptOf("two");
                }
                if (what == "abort") info.aborted = services::CampaignDeed{"anna", {}, "why"};
            };
        }
    }
    bool asked(tests::AnsweringMaster& session, const std::string& call) {
        return std::find(session.calls.begin(), session.calls.end(), call) != session.calls.end();
    }

    Ctl ctl;
};

constexpr char kRelease[] = "agent = 'logd'\nversion = '2'\nmachine_types = ['LINUX']\n";
constexpr char kCampaign[] =
    "name = 'logd 2'\nsettle = '1h'\nrelease = 'release.toml'\n"
    "[[clusters]]\ncontext = 'one'\n[[clusters]]\ncontext = 'two'\n";

}  // namespace

class TestCtlCampaign : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void createAsksAllAndThenTellsAll();
    void createIsMadeNowhereWhereOneRefuses();
    void dryRunMakesNothing();
    void filesAreReadStrictly_data();
    void filesAreReadStrictly();
    void showsClustersInTheirOrder();
    void listNamesWhoCannotBeAsked();
    void startAsksAndStartsTheFirst();
    void advanceCarriesTheReceiptAndStartsTheNext();
    void advanceSaysWhatItWaitsFor();
    void noDraftIsMadeWithoutTheReceipt();
    void oneOfSeveralContextsIsTheOneInUse();
    void carryOnlyStartsNothing();
    void waitEndsWithTheClustersCode();
    void watchFollowsEveryClusterAndStartsNothing();
    void watchEndsWhereAClusterStopsIt_data();
    void watchEndsWhereAClusterStopsIt();
    void abortWantsReasonAndCountAndTellsAll();
    void rollbackBeginsWithTheLastCluster();
    void receiptsGoThroughFiles();
    void aCampaignIsFoundByNameAndBeginning();
};

void TestCtlCampaign::createAsksAllAndThenTellsAll() {
    Fleet fleet;
    write(fleet.ctl.path("campaign.toml"), kCampaign);
    write(fleet.ctl.path("release.toml"), kRelease);
    fleet.one().turn = fleet.two().turn = [](const std::string&, services::CampaignInfo& info) {
        info.campaign = codec::campaignFromBytes(info.document).value();
        info.state = StepState::Waiting;
    };
    const auto done = fleet.ctl.run(
        {"campaign", "create", "-f", fleet.ctl.path("campaign.toml"), "--reason", "a leak"});
    QVERIFY2(done.code == 0, done.err.c_str());
    for (tests::AnsweringMaster* session : {&fleet.one(), &fleet.two()}) {
        QVERIFY(fleet.asked(*session, "validateCampaign"));
        QVERIFY(fleet.asked(*session, "importCampaign"));
        QCOMPARE(session->mutation.reason, std::string("a leak"));
    }
    QCOMPARE(fleet.one().campaign->document, fleet.two().campaign->document);
    const domain::Campaign made = fleet.one().campaign->campaign;
    QCOMPARE(made.settle, std::chrono::milliseconds(std::chrono::hours(1)));
    QCOMPARE(made.createdBy, std::string("anna"));
    QCOMPARE(made.steps[1].caPem, std::string(tests::kPem));
    QVERIFY(has(done.err, "campaign start"));
}

void TestCtlCampaign::createIsMadeNowhereWhereOneRefuses() {
    Fleet fleet;
    write(fleet.ctl.path("campaign.toml"), kCampaign);
    write(fleet.ctl.path("release.toml"), kRelease);
    fleet.two().failure = base::notFound("PACKAGE_UNKNOWN", "logd", "there is no package logd 2");
    const auto done = fleet.ctl.run({"campaign", "create", "-f", fleet.ctl.path("campaign.toml")});
    QCOMPARE(done.code, 3);
    QVERIFY(has(done.err, "two"));
    QVERIFY(!fleet.asked(fleet.one(), "importCampaign"));
    QVERIFY(!fleet.one().campaign);
}

void TestCtlCampaign::dryRunMakesNothing() {
    Fleet fleet;
    write(fleet.ctl.path("campaign.toml"), kCampaign);
    write(fleet.ctl.path("release.toml"), kRelease);
    const auto done =
        fleet.ctl.run({"campaign", "create", "-f", fleet.ctl.path("campaign.toml"), "--dry-run"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(has(done.out, "one") && has(done.out, "two"));
    QVERIFY(!fleet.asked(fleet.one(), "importCampaign"));
}

void TestCtlCampaign::filesAreReadStrictly_data() {
    QTest::addColumn<QString>("toml");
    QTest::addColumn<QString>("word");
    QTest::newRow("no name") << "release='r'\n[[clusters]]\ncontext='one'\n[[clusters]]\ncontext="
                                "'two'\n"
                             << "name";
    QTest::newRow("one cluster") << "name='n'\nrelease='r'\n[[clusters]]\ncontext='one'\n"
                                 << "2 to 64";
    QTest::newRow("no release") << "name='n'\n[[clusters]]\ncontext='one'\n[[clusters]]\ncontext="
                                   "'two'\n"
                                << "release";
    QTest::newRow("misspelt") << "name='n'\nsetle='1h'\nrelease='r'\n[[clusters]]\ncontext='one'\n"
                                 "[[clusters]]\ncontext='two'\n"
                              << "settle";
    QTest::newRow("unknown context")
        << "name='n'\nrelease='release.toml'\n[[clusters]]\ncontext='one'\n[[clusters]]\ncontext="
           "'nine'\n"
        << "nine";
    QTest::newRow("a cluster twice")
        << "name='n'\nrelease='release.toml'\n[[clusters]]\ncontext='one'\n[[clusters]]\ncontext="
           "'one'\n"
        << "one";
}

void TestCtlCampaign::filesAreReadStrictly() {
    QFETCH(QString, toml);
    QFETCH(QString, word);
    Fleet fleet;
    write(fleet.ctl.path("campaign.toml"), toml.toStdString());
    write(fleet.ctl.path("release.toml"), kRelease);
    const auto done = fleet.ctl.run({"campaign", "create", "-f", fleet.ctl.path("campaign.toml")});
    QVERIFY(done.code != 0);
    QVERIFY2(has(done.err, word.toStdString()), done.err.c_str());
    QVERIFY(!fleet.asked(fleet.one(), "importCampaign"));
}

void TestCtlCampaign::showsClustersInTheirOrder() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Waiting);
    fleet.two().campaign->waitsFor = "the receipt\x1b[31m";
    const auto done = fleet.ctl.run({"campaign", "show", kId});
    QVERIFY2(done.code == 0, done.err.c_str());
    const std::string table = done.out.substr(done.out.find("WAITS FOR"));
    QVERIFY(table.find("verified #1") < table.find("waiting"));
    QVERIFY(done.out.find('\x1b') == std::string::npos);
    const auto json = fleet.ctl.run({"-o", "json", "campaign", "show", kId});
    QVERIFY(has(json.out, "\"phase\": \"waiting\"") && has(json.out, "\"own_receipt\": {"));
    QCOMPARE(fleet.ctl.run({"-o", "name", "campaign", "list"}).out, kId + "\n");
    QVERIFY(has(fleet.ctl.run({"-o", "csv", "campaign", "list"}).out, "1/2"));
    QVERIFY(has(fleet.ctl.run({"-o", "wide", "campaign", "show", kId}).out, "CA SHA-256"));
}

void TestCtlCampaign::listNamesWhoCannotBeAsked() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Waiting);
    fleet.two().failure = absl::UnavailableError("nobody there");
    const auto done = fleet.ctl.run({"campaign", "list"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(has(done.err, "cluster two cannot be asked"));
    QVERIFY(has(done.out, kId));
    fleet.one().failure = fleet.two().failure;
    QCOMPARE(fleet.ctl.run({"campaign", "list"}).code, 8);
    QCOMPARE(fleet.ctl.run({"campaign", "list", "--contexts", "nine"}).code, 3);
}

void TestCtlCampaign::startAsksAndStartsTheFirst() {
    Fleet fleet;
    fleet.hold(StepState::Ready, StepState::Waiting);
    auto done = fleet.ctl.run({"campaign", "start", kId});
    QCOMPARE(done.code, 2);
    QVERIFY(!fleet.asked(fleet.one(), "startCampaign " + kId + " p-1"));
    done = fleet.ctl.run({"campaign", "start", kId, "--yes", "--wait"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(fleet.asked(fleet.one(), "startCampaign " + kId + " p-1"));
    QCOMPARE(fleet.one().mutation.expectedCount.value_or(0), std::uint64_t{2});
    QVERIFY(!fleet.asked(fleet.two(), "prepareCampaign " + kId));
    // A wide one wants the number of machines.
    fleet.hold(StepState::Ready, StepState::Waiting);
    fleet.one().plan.clusterMachines = 10;
    QCOMPARE(fleet.ctl.run({"campaign", "start", kId, "--yes", "--reason", "r"}).code, 2);
    QCOMPARE(
        fleet.ctl.run({"campaign", "start", kId, "--reason", "r", "--confirm-count", "3"}).code, 5);
    QCOMPARE(
        fleet.ctl.run({"campaign", "start", kId, "--reason", "r", "--confirm-count", "2"}).code, 0);
}

void TestCtlCampaign::advanceCarriesTheReceiptAndStartsTheNext() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Waiting);
    // One number cannot be that of every cluster.
    const auto counted = fleet.ctl.run(
        {"campaign", "advance", kId, "--all", "--reason", "x", "--confirm-count", "3"});
    QCOMPARE(counted.code, 2);
    QVERIFY2(counted.err.find("one by one") != std::string::npos, counted.err.c_str());
    const auto help = fleet.ctl.run({"campaign", "advance", "--help"});
    QVERIFY2(has(help.out, "Class 2") && has(help.out, "Class 3"), help.out.c_str());
    const auto done = fleet.ctl.run({"campaign", "advance", kId, "--yes", "--all"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(has(done.err, "carried the receipt of one to two"));
    QVERIFY(fleet.asked(fleet.two(), "presentReceipt " + kId + " receipt of one"));
    QVERIFY(fleet.asked(fleet.two(), "startCampaign " + kId + " p-1"));
    QVERIFY(has(done.out, "complete"));
    // Nothing is left to do.
    const std::size_t calls = fleet.two().calls.size();
    QCOMPARE(fleet.ctl.run({"campaign", "advance", kId, "--yes"}).code, 0);
    for (std::size_t i = calls; i < fleet.two().calls.size(); ++i)
        QVERIFY(fleet.two().calls[i] == "listCampaigns");
}

void TestCtlCampaign::advanceSaysWhatItWaitsFor() {
    Fleet fleet;
    fleet.hold(StepState::Halted, StepState::Waiting);
    fleet.one().campaign->waitsFor = "2 of 2 failed";
    const auto done = fleet.ctl.run({"campaign", "advance", kId, "--yes"});
    QCOMPARE(done.code, 5);
    QVERIFY(has(done.err, "CAMPAIGN_WAITS") && has(done.err, "2 of 2 failed"));
    QVERIFY(!fleet.asked(fleet.two(), "prepareCampaign " + kId));
}

void TestCtlCampaign::noDraftIsMadeWithoutTheReceipt() {
    Fleet fleet;
    fleet.hold(StepState::Running, StepState::Waiting);
    const auto done =
        fleet.ctl.run({"campaign", "advance", kId, "--cluster", "two", "--yes", "--reason", "r"});
    QCOMPARE(done.code, 5);
    QVERIFY(has(done.err, "receipt of cluster one is missing"));
    QVERIFY(has(done.err, "RECEIPT_MISSING"));
    QVERIFY(!fleet.asked(fleet.two(), "prepareCampaign " + kId));
}

void TestCtlCampaign::oneOfSeveralContextsIsTheOneInUse() {
    Fleet fleet;
    fleet.hold(StepState::Ready, StepState::Waiting);
    // Before "two" by its name.
    QCOMPARE(fleet.ctl.run({"context", "import", fleet.ctl.path("two"), "--name", "anna"}).code, 0);
    fleet.two().failure = absl::UnavailableError("nobody there");
    auto done = fleet.ctl.run({"campaign", "show", kId});
    QVERIFY2(has(done.err, "two (context anna) cannot be asked"), done.err.c_str());
    for (const char* option : {"--context", "--contexts"}) {
        done = fleet.ctl.run({"campaign", "show", kId, option, "two"});
        QVERIFY2(has(done.err, "cluster two cannot be asked"), done.err.c_str());
    }
    QCOMPARE(fleet.ctl.run({"context", "use", "one"}).code, 0);
    for (const std::vector<std::string>& asked :
         {std::vector<std::string>{"campaign", "show", kId},
          {"campaign", "show", kId, "--clusters", "two"},
          {"campaign", "create", "--from-release", "7", "--of", "two", "--name", "logd 2",
           "--clusters", "one,two"}}) {
        done = fleet.ctl.run(asked);
        QCOMPARE(done.code, 2);
        QVERIFY2(has(done.err, "contexts anna, two are all of cluster two"), done.err.c_str());
    }
}

void TestCtlCampaign::carryOnlyStartsNothing() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Waiting);
    QCOMPARE(fleet.ctl.run({"campaign", "advance", kId, "--carry-only"}).code, 0);
    QVERIFY(fleet.asked(fleet.two(), "presentReceipt " + kId + " receipt of one"));
    QVERIFY(!fleet.asked(fleet.two(), "prepareCampaign " + kId));
    // One that does not hold it is given the document.
    fleet.two().campaign.reset();
    QCOMPARE(fleet.ctl.run({"campaign", "advance", kId, "--carry-only"}).code, 0);
    QVERIFY(fleet.asked(fleet.two(), "importCampaign"));
}

void TestCtlCampaign::waitEndsWithTheClustersCode() {
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

void TestCtlCampaign::watchFollowsEveryClusterAndStartsNothing() {
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

void TestCtlCampaign::watchEndsWhereAClusterStopsIt_data() {
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

void TestCtlCampaign::watchEndsWhereAClusterStopsIt() {
    QFETCH(const StepState, first);
    QFETCH(const StepState, second);
    QFETCH(const QString, says);
    Fleet fleet;
    fleet.hold(first, second);
    const auto done = fleet.ctl.run({"campaign", "watch", kId, "--timeout", "30s"});
    QCOMPARE(done.code, 6);
    QVERIFY2(has(done.err, says.toStdString()), done.err.c_str());
}

void TestCtlCampaign::abortWantsReasonAndCountAndTellsAll() {
    Fleet fleet;
    fleet.hold(StepState::Running, StepState::Waiting);
    fleet.one().campaign->release = releaseIn(domain::ReleaseState::Running);
    QCOMPARE(fleet.ctl.run({"campaign", "abort", kId, "--confirm-count", "2"}).code, 2);
    QCOMPARE(fleet.ctl.run({"campaign", "abort", kId, "--reason", "r", "--yes"}).code, 2);
    QVERIFY(!fleet.one().campaign->aborted);
    const auto done =
        fleet.ctl.run({"campaign", "abort", kId, "--reason", "CPU", "--confirm-count", "2"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(fleet.one().campaign->aborted && fleet.two().campaign->aborted);
    QVERIFY(fleet.one().lastAct.releaseId.empty());
    // One that cannot be told is named, and the code says so.
    fleet.hold(StepState::Ready, StepState::Waiting);
    fleet.two().failure = absl::UnavailableError("nobody there");
    const auto partly =
        fleet.ctl.run({"campaign", "abort", kId, "--reason", "CPU", "--confirm-count", "0"});
    QCOMPARE(partly.code, 8);
    QVERIFY(has(partly.err, "cluster two was not told"));
    QVERIFY(fleet.one().campaign->aborted.has_value());
}

void TestCtlCampaign::rollbackBeginsWithTheLastCluster() {
    Fleet fleet;
    fleet.hold(StepState::Running, StepState::Running);
    for (tests::AnsweringMaster* session : {&fleet.one(), &fleet.two()})
        session->campaign->release = releaseIn(domain::ReleaseState::Running);
    const auto done = fleet.ctl.run(
        {"campaign", "abort", kId, "--rollback", "--reason", "CPU", "--confirm-count", "4"});
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(fleet.one().lastAct.verb == domain::ReleaseVerb::Rollback);
    QVERIFY(fleet.two().lastAct.verb == domain::ReleaseVerb::Rollback);
    QVERIFY(done.err.find("aborted in two") < done.err.find("aborted in one"));
}

void TestCtlCampaign::receiptsGoThroughFiles() {
    Fleet fleet;
    fleet.hold(StepState::Verified, StepState::Waiting);
    const std::string path = fleet.ctl.path("one.receipt");
    auto done = fleet.ctl.run({"campaign", "receipt", kId, "--cluster", "one", "--save", path});
    QVERIFY2(done.code == 0, done.err.c_str());
    // It is never overwritten.
    QCOMPARE(fleet.ctl.run({"campaign", "receipt", kId, "--cluster", "one", "--save", path}).code,
             5);
    QCOMPARE(
        fleet.ctl.run({"campaign", "present", kId, "--cluster", "two", "--receipt", path}).code, 0);
    QVERIFY(fleet.asked(fleet.two(), "presentReceipt " + kId + " receipt of one"));
    QCOMPARE(fleet.ctl.run({"campaign", "receipt", kId, "--cluster", "two"}).code, 5);
    const auto unknown = fleet.ctl.run({"campaign", "receipt", kId, "--cluster", "nine"});
    QCOMPARE(unknown.code, 3);
    QVERIFY2(has(unknown.err, "its clusters are one, two"), unknown.err.c_str());
    write(path, "rubbish\n");
    done = fleet.ctl.run({"campaign", "present", kId, "--cluster", "two", "--receipt", path});
    QCOMPARE(done.code, 1);
    QVERIFY(has(done.err, "RECEIPT_FILE"));
}

void TestCtlCampaign::aCampaignIsFoundByNameAndBeginning() {
    Fleet fleet;
    fleet.hold(StepState::Ready, StepState::Waiting);
    QCOMPARE(fleet.ctl.run({"campaign", "show", "logd 2"}).code, 0);
    QCOMPARE(fleet.ctl.run({"campaign", "show", kId.substr(0, 8)}).code, 0);
    QCOMPARE(fleet.ctl.run({"campaign", "show", kId.substr(0, 3)}).code, 3);
    QCOMPARE(fleet.ctl.run({"campaign", "show", "nothing"}).code, 3);
}

QTEST_GUILESS_MAIN(TestCtlCampaign)
#include "tst_ctl_campaign.moc"
