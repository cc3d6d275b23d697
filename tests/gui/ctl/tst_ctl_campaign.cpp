// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "tests/gui/ctl/campaign_fleet.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::StepState;
using tests::Ctl;
using tests::has;
using tests::kId;
using tests::receiptOf;
using tests::releaseIn;
using tests::write;
using Fleet = tests::CampaignFleet;

namespace {

constexpr char kRelease[] = "agent = 'logd'\nversion = '2'\nmachine_types = ['LINUX']\n";
constexpr char kCampaign[] =
    "name = 'logd 2'\nsettle = '1h'\nexpires_in = '365d'\nrelease = 'release.toml'\n"
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
    // As long as --expires-in takes.
    QCOMPARE(base::toUnixMillis(made.expires) - base::toUnixMillis(made.created),
             std::int64_t{365 * 24} * 3'600'000);
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
