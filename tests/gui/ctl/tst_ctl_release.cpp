// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTest>

#include <algorithm>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;
using tests::release;

class TestCtlRelease : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }
    void asksBeforeItChangesMachines();
    void destructiveVerbsNeedReasonAndTheRightCount();
    void onlyADraftIsDiscarded();
    void aVerbAsksForTheMachinesThatItReaches();
    void startPlansShowsAsksAndSendsThatPlan();
    void aWideStartOrVerifyIsClassThree();
    void watchEndsWithTheReleasesCode_data();
    void watchEndsWithTheReleasesCode();
    void whatOpensTheNextStageNamesTheOneThatWasSeen();
    void waitingEndsWhereTheVerbDoes_data();
    void waitingEndsWhereTheVerbDoes();
    void waitingHasALimitAndCtrlCStopsItAlone();
    void whatIsNotKeptIsSaid();
    void createReadsFlagsAndFile();
    void createReadsStages();
    void createRefusesBadStages_data();
    void createRefusesBadStages();
    void createRefusesBadFiles_data();
    void createRefusesBadFiles();
};

void TestCtlRelease::asksBeforeItChangesMachines() {
    Ctl ctl;
    ctl.sessions.session.release = release(domain::ReleaseState::Running, {});
    tests::Outcome outcome = ctl.run({"release", "verify", "12"});
    QCOMPARE(outcome.code, 2);
    QVERIFY(has(outcome.err, "nobody can be asked"));
    ctl.interactive = true;
    ctl.typed = "n";
    outcome = ctl.run({"release", "verify", "12"});
    QVERIFY(has(outcome.err, "[y/N]"));
    QVERIFY(outcome.code != 0);
    QVERIFY2(ctl.sessions.session.lastAct.releaseId.empty(), "an answer No must change nothing");
    ctl.typed = "y";
    QCOMPARE(ctl.run({"release", "verify", "12"}).code, 0);
    QVERIFY(ctl.sessions.session.lastAct.verb == domain::ReleaseVerb::Verify);
}

void TestCtlRelease::destructiveVerbsNeedReasonAndTheRightCount() {
    for (const char* verb : {"abort", "rollback"}) {
        Ctl ctl;
        auto& fake = ctl.sessions.session;
        fake.release = release(domain::ReleaseState::Running, {}, 7);
        const auto run = [&](std::vector<std::string> more) {
            std::vector<std::string> line = {"release", verb, "12", "--reason", "CPU", "--yes"};
            line.insert(line.end(), more.begin(), more.end());
            return ctl.run(line);
        };
        // --yes is not enough for these.
        QCOMPARE(run({}).code, 2);
        const tests::Outcome mismatch = run({"--confirm-count", "6"});
        QCOMPARE(mismatch.code, 5);
        QVERIFY2(has(mismatch.err, "touches 7, not 6"), mismatch.err.c_str());
        QVERIFY(fake.lastAct.releaseId.empty());
        QCOMPARE(run({"--confirm-count", "7"}).code, 0);
        QCOMPARE(std::string(domain::nameOf(fake.lastAct.verb)), std::string(verb));
        QCOMPARE(fake.mutation.expectedCount.value_or(0), std::uint64_t{7});
        QCOMPARE(fake.mutation.reason, std::string("CPU"));
        fake.lastAct = {};
        ctl.interactive = true;
        ctl.typed = "8";
        QCOMPARE(run({}).code, 5);
        QVERIFY(fake.lastAct.releaseId.empty());
        ctl.typed = "7";
        QCOMPARE(run({}).code, 0);
    }
}

// It asked for all machines of the release, whatever the verb changed.
void TestCtlRelease::onlyADraftIsDiscarded() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Running, {}, 7);
    tests::Outcome outcome = ctl.run({"release", "discard", "12", "--yes"});
    QCOMPARE(outcome.code, 5);
    QVERIFY2(has(outcome.err, "running, and no draft"), outcome.err.c_str());
    QVERIFY(fake.lastAct.releaseId.empty());
    fake.release = release(domain::ReleaseState::Draft, {}, 0);
    ctl.interactive = true;
    ctl.typed = "n";
    for (const char* verb : {"discard", "abort"}) {
        outcome = ctl.run({"release", verb, "12"});
        QVERIFY2(has(outcome.err, "Discard draft 12?"), outcome.err.c_str());
        QVERIFY(outcome.code != 0 && fake.lastAct.releaseId.empty());
    }
    QCOMPARE(ctl.run({"release", "discard", "12", "--yes"}).code, 0);
    QVERIFY(fake.lastAct.verb == domain::ReleaseVerb::Abort);
    // One that somebody starts meanwhile has machines, and is not ended by this.
    QCOMPARE(fake.mutation.expectedCount, std::optional<std::uint64_t>(0));
    fake.release = release(domain::ReleaseState::Paused, {}, 0);
    outcome = ctl.run({"release", "abort", "12"});
    QVERIFY2(has(outcome.err, "Abort release 12?"), outcome.err.c_str());
}

void TestCtlRelease::aVerbAsksForTheMachinesThatItReaches() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Running, {}, 30);
    fake.release.clusterMachines = 100;
    fake.release.reached = {{domain::ReleaseVerb::Promote, 4}, {domain::ReleaseVerb::Rollback, 6}};
    ctl.interactive = true;
    ctl.typed = "y";
    const tests::Outcome few = ctl.run({"release", "promote", "12"});
    QCOMPARE(few.code, 0);
    QVERIFY2(has(few.err, "release 12, 4 machines"), few.err.c_str());
    QCOMPARE(fake.mutation.expectedCount.value_or(0), std::uint64_t{4});
    const auto back = [&ctl](const char* count) {
        return ctl.run({"release", "rollback", "12", "--reason", "x", "--confirm-count", count});
    };
    const tests::Outcome whole = back("30");
    QCOMPARE(whole.code, 5);
    QVERIFY2(has(whole.err, "touches 6, not 30"), whole.err.c_str());
    QCOMPARE(back("6").code, 0);
    QCOMPARE(fake.mutation.expectedCount.value_or(0), std::uint64_t{6});
    const tests::Outcome shown = ctl.run({"release", "show", "12", "-o", "json"});
    QVERIFY2(has(shown.out, "\"promote\": 4"), shown.out.c_str());
}

void TestCtlRelease::startPlansShowsAsksAndSendsThatPlan() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Running, {});
    fake.plan.planId = "plan-9";
    fake.plan.machinesTotal = 12;
    fake.plan.clusterMachines = 240;
    fake.plan.generation = 31;
    fake.plan.stages = {{domain::StageKind::Gray, 0, {{"LINUX", 2}}, {{"", 1}, {"1.0", 1}}}};
    const tests::Outcome dry = ctl.run({"release", "start", "12", "--dry-run"});
    QCOMPARE(dry.code, 0);
    QVERIFY2(has(dry.out, "plan-9") && has(dry.out, "not installed: 1, 1.0: 1"), dry.out.c_str());
    QVERIFY(fake.lastAct.releaseId.empty());
    QCOMPARE(ctl.run({"release", "start", "12", "--yes"}).code, 0);
    QCOMPARE(fake.lastAct.planId, std::string("plan-9"));
    QCOMPARE(ctl.run({"release", "start", "12", "--plan", "plan-8", "--yes"}).code, 0);
    QCOMPARE(fake.lastAct.planId, std::string("plan-8"));
    QCOMPARE(fake.mutation.expectedCount.value_or(0), std::uint64_t{12});
    QCOMPARE(fake.mutation.resolvedAtGeneration, std::uint64_t{31});
    fake.lastAct = {};
    fake.plan.conflicts = {"release 11 moves logd"};
    const tests::Outcome conflict = ctl.run({"release", "start", "12", "--yes"});
    QCOMPARE(conflict.code, 5);
    QVERIFY(has(conflict.err, "release 11 moves logd"));
    QVERIFY(fake.lastAct.releaseId.empty());
}

void TestCtlRelease::aWideStartOrVerifyIsClassThree() {
    for (const char* verb : {"start", "verify"}) {
        Ctl ctl;
        auto& fake = ctl.sessions.session;
        fake.release = release(domain::ReleaseState::Running, {}, 12);
        fake.release.clusterMachines = 239;  // 12 of them are over 5 %
        fake.plan.machinesTotal = 12;
        fake.plan.clusterMachines = 239;
        QCOMPARE(ctl.run({"release", verb, "12", "--yes"}).code, 2);
        QCOMPARE(ctl.run({"release", verb, "12", "--yes", "--reason", "x"}).code, 2);
        QCOMPARE(ctl.run({"release", verb, "12", "--reason", "x", "--confirm-count", "11"}).code,
                 5);
        QVERIFY(fake.lastAct.releaseId.empty());
        QCOMPARE(ctl.run({"release", verb, "12", "--reason", "x", "--confirm-count", "12"}).code,
                 0);
        QCOMPARE(fake.mutation.expectedCount.value_or(0), std::uint64_t{12});
    }
}

void TestCtlRelease::watchEndsWithTheReleasesCode_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("failures");
    QTest::addColumn<QString>("waitFor");
    QTest::addColumn<int>("exit");
    using domain::ReleaseState;
    const auto row = [](const char* name, ReleaseState state, bool failures, const char* waitFor,
                        int exit) {
        QTest::newRow(name) << static_cast<int>(state) << failures << QString::fromUtf8(waitFor)
                            << exit;
    };
    row("done", ReleaseState::Done, false, "done", 0);
    row("done with failures", ReleaseState::Done, true, "done", 6);
    row("halted", ReleaseState::Halted, true, "done", 6);
    row("aborted", ReleaseState::Aborted, false, "done", 6);
    row("rolled back", ReleaseState::RolledBack, false, "done", 6);
    row("gray is over", ReleaseState::Running, false, "verify", 0);
    row("gray failed", ReleaseState::Running, true, "verify", 6);
}

void TestCtlRelease::watchEndsWithTheReleasesCode() {
    QFETCH(int, state);
    QFETCH(bool, failures);
    QFETCH(QString, waitFor);
    QFETCH(int, exit);
    Ctl ctl;
    auto end = release(static_cast<domain::ReleaseState>(state),
                       {{failures ? domain::Outcome::Reverted : domain::Outcome::Ok, 2}});
    end.allowedVerbs = {domain::ReleaseVerb::Verify};
    ctl.sessions.session.watched = {
        release(domain::ReleaseState::Running, {{domain::Outcome::Pending, 2}}), end};
    const tests::Outcome outcome =
        ctl.run({"release", "watch", "12", "--wait-for", waitFor.toStdString(), "-o", "jsonl"});
    QCOMPARE(outcome.code, exit);
    QCOMPARE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 2);
}

void TestCtlRelease::whatOpensTheNextStageNamesTheOneThatWasSeen() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Running, {}, 7);
    fake.release.release.stage = domain::StageKind::Batch;
    fake.release.batch = 3;
    const auto seenBy = [&](const char* verb) {
        fake.lastAct = {};
        const auto outcome =
            ctl.run({"release", verb, "12", "--reason", "x", "--yes", "--confirm-count", "7"});
        if (outcome.code != 0) qWarning("%s", outcome.err.c_str());
        return fake.lastAct.seen;
    };
    const auto batch = services::SeenStage{domain::StageKind::Batch, 3};
    for (const char* verb : {"verify", "promote", "promote-all"})
        QCOMPARE(seenBy(verb), std::optional(batch));
    // These are about all machines of the release, wherever it stands.
    for (const char* verb : {"retry-failed", "abort", "rollback", "pause", "resume"})
        QCOMPARE(seenBy(verb), std::nullopt);
}

void TestCtlRelease::waitingEndsWhereTheVerbDoes_data() {
    QTest::addColumn<QString>("verb");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("exit");
    using domain::ReleaseState;
    const auto row = [](const char* name, const char* verb, ReleaseState before, ReleaseState end,
                        int exit) {
        QTest::newRow(name) << QString::fromLatin1(verb) << static_cast<int>(before)
                            << static_cast<int>(end) << exit;
    };
    row("rolled back", "rollback", ReleaseState::Done, ReleaseState::RolledBack, 0);
    row("rolled back after halt", "rollback", ReleaseState::Halted, ReleaseState::RolledBack, 0);
    row("rollback that was aborted", "rollback", ReleaseState::Halted, ReleaseState::Aborted, 6);
    row("aborted", "abort", ReleaseState::Running, ReleaseState::Aborted, 0);
    row("abort that came too late", "abort", ReleaseState::Running, ReleaseState::Done, 6);
    row("resumed and done", "resume", ReleaseState::Halted, ReleaseState::Done, 0);
    row("resumed and halted", "resume", ReleaseState::Paused, ReleaseState::Halted, 6);
    row("resumed and rolled back", "resume", ReleaseState::Paused, ReleaseState::RolledBack, 6);
    row("tried again", "retry-failed", ReleaseState::Halted, ReleaseState::Done, 0);
}

// A master that follows tells the state before the verb first, and that was taken for the end.
void TestCtlRelease::waitingEndsWhereTheVerbDoes() {
    QFETCH(QString, verb);
    QFETCH(int, before);
    QFETCH(int, end);
    QFETCH(int, exit);
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    const auto at = [](int state, std::uint64_t revision) {
        auto info =
            release(static_cast<domain::ReleaseState>(state), {{domain::Outcome::Ok, 7}}, 7);
        info.release.revision = revision;
        return info;
    };
    fake.release = at(before, 5);
    fake.watched = {at(before, 4), at(end, 6)};
    const tests::Outcome outcome =
        ctl.run({"release", verb.toStdString(), "12", "--reason", "x", "--yes", "--confirm-count",
                 "7", "--wait", "-o", "jsonl"});
    QVERIFY2(outcome.code == exit, outcome.err.c_str());
    QCOMPARE(fake.watchedAtLeast, std::uint64_t{5});
    QCOMPARE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
}

void TestCtlRelease::waitingHasALimitAndCtrlCStopsItAlone() {
    Ctl ctl;
    ctl.sessions.session.watched = {release(domain::ReleaseState::Running, {})};
    const tests::Outcome late = ctl.run({"release", "watch", "12", "--timeout", "100ms"});
    QCOMPARE(late.code, 7);
    QVERIFY(has(late.err, "the release goes on"));
    ctl.interrupted = true;
    const tests::Outcome cut = ctl.run({"release", "watch", "12"});
    QCOMPARE(cut.code, 130);
    QVERIFY(has(cut.err, "the release goes on"));
    // Where nothing runs on there is nothing to say of it.
    const tests::Outcome list = ctl.run({"machine", "list"});
    QCOMPARE(list.code, 130);
    QVERIFY2(!has(list.err, "hint:"), list.err.c_str());
    QVERIFY(ctl.sessions.session.lastAct.releaseId.empty());
}

void TestCtlRelease::whatIsNotKeptIsSaid() {
    Ctl ctl;
    services::ReleaseInfo& old = ctl.sessions.session.release;
    old = release(domain::ReleaseState::Done, {});
    old.release.lastChange = domain::ReleaseChange{7, "done", "", base::fromUnixMillis(1'000)};
    old.release.historyRemoval =
        domain::HistoryRemoval{base::fromUnixMillis(2'000), 4'003, std::nullopt};
    tests::Outcome outcome = ctl.run({"release", "show", "12", "-o", "json"});
    QVERIFY2(has(outcome.out, "\"what\": \"done\"") && has(outcome.out, "\"rows\": 4003"),
             outcome.out.c_str());
    ctl.sessions.session.failure =
        base::failedPrecondition("MACHINES_PRUNED", "r", "it is not kept any more");
    outcome = ctl.run({"release", "machines", "12"});
    QCOMPARE(outcome.code, 5);
    QVERIFY2(has(outcome.err, "it is not kept any more") && has(outcome.err, "MACHINES_PRUNED") &&
                 has(outcome.err, "hint: its counts"),
             outcome.err.c_str());
}

void TestCtlRelease::createReadsFlagsAndFile() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    domain::ReleaseSpec expected;
    expected.agent = "logd";
    expected.version = "1.1";
    expected.machineTypes = {"LINUX", "ARM64"};
    expected.gray = {{"a", "b"}, "acme", {{"zone", "b"}}};
    expected.soak = std::chrono::minutes(10);
    expected.machineDeadline = std::chrono::minutes(5);
    expected.autoVerify = true;
    QCOMPARE(ctl.run({"release",    "create",      "--agent",      "logd",     "--version",   "1.1",
                      "--types",    "LINUX,ARM64", "--gray-uuid",  "a",        "--gray-uuid", "b",
                      "--gray-pin", "acme",        "--gray-label", "zone=b",   "--soak",      "10m",
                      "--deadline", "5m",          "--auto",       "--reason", "leak"})
                 .code,
             0);
    QVERIFY(fake.spec == expected);
    QCOMPARE(fake.mutation.reason, std::string("leak"));
    fake.spec = {};
    QFile file(QString::fromStdString(ctl.path("release.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "agent = 'logd'\nversion = '1.1'\nmachine_types = ['LINUX', 'ARM64']\nsoak = '10m'\n"
        "machine_deadline = '5m'\nauto_verify = true\n[gray]\nuuids = ['a', 'b']\n"
        "pin = 'acme'\nlabels = {zone = 'b'}\n");
    file.close();
    const tests::Outcome outcome =
        ctl.run({"release", "create", "-f", ctl.path("release.toml"), "--dry-run"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
    QCOMPARE(fake.calls.back(), std::string("planRelease r-1"));
}

void TestCtlRelease::createReadsStages() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    domain::ReleaseSpec expected;
    expected.agent = "logd";
    expected.version = "1.1";
    expected.machineTypes = {"LINUX"};
    expected.pilot.percent = 5;
    expected.batches = {true, std::chrono::minutes(3), domain::BatchAdvance::Promote, {2, 1, 3}};
    expected.maxInFlight = 40;
    expected.gates.rules = {{domain::GateKind::Failed, {}, {2, 0, 1}},
                            {domain::GateKind::Silent, domain::StageKind::Batch, {10, 2, 5}}};
    std::vector<std::string> line = {"release",
                                     "create",
                                     "--agent",
                                     "logd",
                                     "--version",
                                     "1.1",
                                     "--types",
                                     "LINUX",
                                     "--pilot",
                                     "5%",
                                     "--batches",
                                     "--batch-interval",
                                     "3m",
                                     "--batch-promote",
                                     "--batch-order",
                                     "2,1,3",
                                     "--max-in-flight",
                                     "40",
                                     "--gate",
                                     "failed=2%,0",
                                     "--gate",
                                     "silent@batch=10%,2,5"};
    tests::Outcome outcome = ctl.run(line);
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
    line.emplace_back("--no-cost-gate");
    QCOMPARE(ctl.run(line).code, 0);
    QVERIFY(!fake.spec.gates.cost.enabled);

    expected.pilot = {0, 20};
    expected.gates.cost = {true, 30, 1.5, 8'000'000, 10};
    expected.gates.stageCosts = {{domain::StageKind::Full, {true, 20, 5, 8'000'000, 10}}};
    QFile file(QString::fromStdString(ctl.path("staged.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "agent = 'logd'\nversion = '1.1'\nmachine_types = ['LINUX']\nmax_in_flight = 40\n"
        "[pilot]\ncount = 20\n"
        "[batches]\ninterval = '3m'\nadvance = 'promote'\norder = [2, 1, 3]\n"
        "[gates.failed]\npercent = 2\ncount = 0\n"
        "[gates.silent.batch]\npercent = 10\ncount = 2\nmin_sample = 5\n"
        "[gates.cost]\npercent = 30\ncpu_points = 1.504\nrss_bytes = 8000000\nmin_sample = 10\n"
        "[gates.cost.full]\npercent = 20\ncpu_points = 5\n");
    file.close();
    outcome = ctl.run({"release", "create", "-f", ctl.path("staged.toml")});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
}

void TestCtlRelease::createRefusesBadStages_data() {
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QStringList& flags, const char* says) {
        QTest::newRow(name) << flags << QString::fromLatin1(says);
    };
    row("no pilot", {QStringLiteral("--pilot"), QStringLiteral("0")}, "no pilot");
    row("pilot", {QStringLiteral("--pilot"), QStringLiteral("few")}, "no whole number");
    row("over", {QStringLiteral("--pilot"), QStringLiteral("101%")}, "over 100%");
    row("interval alone", {QStringLiteral("--batch-interval"), QStringLiteral("3m")}, "--batches");
    row("gate kind", {QStringLiteral("--gate"), QStringLiteral("luck=5%")},
        "kinds are bad, failed");
    row("gate cost", {QStringLiteral("--gate"), QStringLiteral("cost=5%")},
        "kinds are bad, failed");
    row("gate stage", {QStringLiteral("--gate"), QStringLiteral("bad@night=5%")}, "stages gray");
    row("gate count", {QStringLiteral("--gate"), QStringLiteral("bad=5")}, "no percentage");
    row("gate parts", {QStringLiteral("--gate"), QStringLiteral("bad=5%,1,1,1")}, "COUNT");
}

void TestCtlRelease::createRefusesBadStages() {
    QFETCH(QStringList, flags);
    QFETCH(QString, says);
    Ctl ctl;
    std::vector<std::string> line = {"release",   "create", "--agent", "logd",
                                     "--version", "1.1",    "--types", "LINUX"};
    for (const QString& flag : flags)
        line.push_back(flag.toStdString());
    const tests::Outcome outcome = ctl.run(line);
    QCOMPARE(outcome.code, 2);
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
    QVERIFY(ctl.sessions.session.calls.empty());
}

void TestCtlRelease::createRefusesBadFiles_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("says");
    QTest::newRow("not toml") << QByteArray("agent") << QStringLiteral("release.toml:1: not TOML");
    QTest::newRow("unknown") << QByteArray("agent='a'\ncolour=1")
                             << QStringLiteral("release.toml:2: colour: is not a known key");
    QTest::newRow("gray unknown") << QByteArray("[gray]\nuuid=['a']")
                                  << QStringLiteral(
                                         "gray.uuid: is not a known key; did you mean gray.uuids?");
    QTest::newRow("type") << QByteArray("agent=3")
                          << QStringLiteral("release.toml:1: agent: must be a text");
    QTest::newRow("list") << QByteArray("machine_types='LINUX'") << QStringLiteral("list of texts");
    QTest::newRow("duration") << QByteArray("soak=10")
                              << QStringLiteral("soak: must be a duration");
    QTest::newRow("action") << QByteArray("action='remove'") << QStringLiteral("action: must be");
    QTest::newRow("pilot") << QByteArray("[pilot]\npercent=101")
                           << QStringLiteral("pilot.percent: must be a whole number from 0 to 100");
    QTest::newRow("advance") << QByteArray("[batches]\nadvance='never'")
                             << QStringLiteral("batches.advance: must be auto or promote");
    QTest::newRow("order") << QByteArray("[batches]\norder=[1, 'two']")
                           << QStringLiteral("batches.order: must be a list of whole numbers");
    QTest::newRow("gate") << QByteArray("[gates.luck]\npercent=1")
                          << QStringLiteral("gates.luck: is not a known key");
    QTest::newRow("gate stage") << QByteArray("[gates.failed.night]\npercent=1")
                                << QStringLiteral("gates.failed.night: is not a known key");
}

void TestCtlRelease::createRefusesBadFiles() {
    QFETCH(QByteArray, content);
    QFETCH(QString, says);
    Ctl ctl;
    QFile file(QString::fromStdString(ctl.path("release.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const tests::Outcome outcome = ctl.run({"release", "create", "-f", ctl.path("release.toml")});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
    QVERIFY(ctl.sessions.session.calls.empty());
    QCOMPARE(ctl.run({"release", "create", "-f", ctl.path("nothing.toml")}).code, 1);
}

QTEST_GUILESS_MAIN(TestCtlRelease)
#include "tst_ctl_release.moc"
