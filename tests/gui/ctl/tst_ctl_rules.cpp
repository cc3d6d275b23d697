// SPDX-License-Identifier: Apache-2.0
// What a release may be held by, and the switch that stops all: as typed and as printed.
#include <QFile>
#include <QTest>

#include "shared/base/status.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;
using tests::release;

namespace {

const std::vector<std::string> kCreate = {"release",   "create", "--agent", "logd",
                                          "--version", "1.1",    "--types", "LINUX"};

std::vector<std::string> createWith(const std::vector<std::string>& more) {
    std::vector<std::string> out = kCreate;
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace

class TestCtlRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }
    void createReadsRules();
    void createReadsALongGrayList();
    void createRefusesBadRules_data();
    void createRefusesBadRules();
    void approvePlansShowsAsksAndSendsThatPlan();
    void aFreezeThatARestartForgetsIsNoSuccess();
    void freezeNeedsAReasonAndAsksNothing();
    void aFreezeThatAMasterDidNotConfirmIsNoSuccess();
    void showSaysThatItIsFrozen();
    void plansAndReleasesTellTheirRules();
    void aStartThatLacksAnApprovalSaysSo();
    void aRefusedVerbSaysWhatIsOpen();
    void whatHaltedItIsSaidOnce();
};

void TestCtlRules::createReadsRules() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    domain::ReleaseSpec expected;
    expected.agent = "logd";
    expected.version = "1.1";
    expected.machineTypes = {"LINUX"};
    expected.approvalRequired = true;
    expected.lateJoinersPerMinute = 12;
    expected.downloadRate = 2'000'000;
    expected.windows = {"Asia/Shanghai",
                        {domain::parseWeeklyWindow("Mon-Fri 09:00-17:00").value(),
                         domain::parseWeeklyWindow("Sat 22:00-02:00").value()},
                        {domain::parseDateRange("2026-12-24..2027-01-02").value()}};
    tests::Outcome outcome = ctl.run(
        createWith({"--approval", "--window", "Mon-Fri 09:00-17:00", "--window", "Sat 22:00-02:00",
                    "--blackout", "2026-12-24..2027-01-02", "--time-zone", "Asia/Shanghai",
                    "--late-joiners", "12", "--download-rate", "2MB/s"}));
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
    fake.spec = {};
    QFile file(QString::fromStdString(ctl.path("ruled.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        "agent = 'logd'\nversion = '1.1'\nmachine_types = ['LINUX']\napproval_required = true\n"
        "late_joiners_per_minute = 12\ndownload_rate = '2MB/s'\n[windows]\ntime_zone = "
        "'Asia/Shanghai'\n"
        "weekly = ['Mon-Fri 09:00-17:00', 'Sat 22:00-02:00']\n"
        "blackout = ['2026-12-24..2027-01-02']\n");
    file.close();
    outcome = ctl.run({"release", "create", "-f", ctl.path("ruled.toml")});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
    for (const char* bad :
         {"weekly = ['Mon']", "blackout = ['2026-13-01']", "time_zone = '../x'", "weekley = []"}) {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QByteArray("[windows]\n") + bad);
        file.close();
        outcome = ctl.run({"release", "create", "-f", ctl.path("ruled.toml")});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(has(outcome.err, "ruled.toml:2: windows."), outcome.err.c_str());
    }
}

/// As many as a gray list takes, of the longest.
void TestCtlRules::createReadsALongGrayList() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    QByteArray text =
        "agent = 'logd'\nversion = '1.1'\nmachine_types = ['LINUX']\n[gray]\nuuids = [";
    for (int i = 0; i < 10'000; ++i)
        text += '\'' + QByteArray::number(i).rightJustified(128, 'm') + "',\n";
    QFile file(QString::fromStdString(ctl.path("long.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text + "]\n");
    file.close();
    const tests::Outcome outcome = ctl.run({"release", "create", "-f", ctl.path("long.toml")});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QCOMPARE(fake.spec.gray.uuids.size(), std::size_t{10'000});
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Append));
    file.write(QByteArray(1 << 20, '#'));
    file.close();
    QVERIFY(
        has(ctl.run({"release", "create", "-f", ctl.path("long.toml")}).err, "is over 2048 KiB"));
}

void TestCtlRules::createRefusesBadRules_data() {
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, std::initializer_list<const char*> flags,
                        const char* says) {
        QStringList list;
        for (const char* flag : flags)
            list << QString::fromLatin1(flag);
        QTest::newRow(name) << list << QString::fromLatin1(says);
    };
    row("window", {"--window", "office hours"}, "Mon-Fri 09:00-17:00");
    row("date", {"--blackout", "christmas"}, "2026-12-24");
    row("zone of nothing", {"--time-zone", "Asia/Shanghai"}, "there are none");
    row("zone", {"--window", "Mon 09:00-10:00", "--time-zone", "../x"}, "no time zone");
    row("rate", {"--download-rate", "fast"}, "is not a download rate: write 2MB/s");
    row("low rate", {"--download-rate", "1KB/s"}, "must be 65536");
    row("cost", {"--cost-gate", "full=cheap"}, "no percentage");
    row("cost stage", {"--cost-gate", "night=5%"}, "stages are gray");
    row("cost twice", {"--cost-gate", "full=5%", "--cost-gate", "full=6%"}, "there are two");
    row("general cost twice", {"--cost-gate", "5%", "--cost-gate", "6%"}, "two of every stage");
    row("late joiners", {"--late-joiners", "0"}, "--late-joiners");
}

void TestCtlRules::createRefusesBadRules() {
    QFETCH(const QStringList, flags);
    QFETCH(const QString, says);
    Ctl ctl;
    std::vector<std::string> more;
    for (const QString& flag : flags)
        more.push_back(flag.toStdString());
    const tests::Outcome outcome = ctl.run(createWith(more));
    QCOMPARE(outcome.code, 2);
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
    QVERIFY(ctl.sessions.session.calls.empty());
}

void TestCtlRules::approvePlansShowsAsksAndSendsThatPlan() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    fake.plan.planId = "plan-9";
    fake.plan.machinesTotal = 12;
    fake.plan.conflicts = {"release 12 needs the approval of a second person"};
    QCOMPARE(ctl.run({"release", "approve", "12"}).code, 2);
    QVERIFY(fake.lastAct.releaseId.empty());
    const tests::Outcome outcome = ctl.run({"release", "approve", "12", "--yes"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(has(outcome.out, "plan-9"));
    QVERIFY(fake.lastAct.verb == domain::ReleaseVerb::Approve);
    QCOMPARE(fake.lastAct.planId, std::string("plan-9"));
    // One that was shown before is no less of a decision.
    QCOMPARE(ctl.run({"release", "approve", "12", "--plan", "plan-8"}).code, 2);
    QCOMPARE(fake.lastAct.planId, std::string("plan-9"));
    QCOMPARE(ctl.run({"release", "approve", "12", "--plan", "plan-8", "--yes"}).code, 0);
    QCOMPARE(fake.lastAct.planId, std::string("plan-8"));
}

void TestCtlRules::aFreezeThatAMasterDidNotConfirmIsNoSuccess() {
    tests::Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.unconfirmed = {{"10.0.0.2:7443", "UNREACHABLE"},
                        {"10.0.0.3:7443", "DATABASE_AWAY"},
                        {"10.0.0.4:7443", "UNIMPLEMENTED"}};
    const tests::Outcome frozen = ctl.run({"cluster", "freeze", "--reason", "it burns"});
    QCOMPARE(frozen.code, 1);
    for (const char* part : {"10.0.0.2:7443 cannot be reached", "10.0.0.3:7443 said DATABASE_AWAY",
                             "10.0.0.4:7443 is too old to be told of a freeze",
                             "FREEZE_UNCONFIRMED", "the cluster is frozen, but"})
        QVERIFY2(has(frozen.err, part), frozen.err.c_str());
    const tests::Outcome shown = ctl.run({"cluster", "show", "-o", "json"});
    QCOMPARE(shown.code, 0);
    for (const char* part : {"\"address\": \"10.0.0.2:7443\"", "\"why\": \"UNREACHABLE\""})
        QVERIFY2(has(shown.out, part), shown.out.c_str());
    QVERIFY2(has(shown.err, "not confirmed: 10.0.0.2:7443"), shown.err.c_str());
    QCOMPARE(ctl.run({"cluster", "unfreeze", "--reason", "over", "--yes"}).code, 0);
}

void TestCtlRules::aFreezeThatARestartForgetsIsNoSuccess() {
    tests::Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.freezeRecorded = false;
    fake.forgetsFreeze = true;
    const tests::Outcome frozen = ctl.run({"cluster", "freeze", "--reason", "it burns"});
    QCOMPARE(frozen.code, 1);
    for (const char* part :
         {"FREEZE_NOT_KEPT", "a restart of the master forgets it", "in memory alone", "free space"})
        QVERIFY2(has(frozen.err, part), frozen.err.c_str());
    const tests::Outcome shown = ctl.run({"cluster", "show", "-o", "json"});
    QVERIFY2(has(shown.out, "\"forgotten_by_restart\": true"), shown.out.c_str());
}

void TestCtlRules::freezeNeedsAReasonAndAsksNothing() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    QCOMPARE(ctl.run({"cluster", "freeze"}).code, 2);
    QCOMPARE(ctl.run({"cluster", "unfreeze", "--yes"}).code, 2);
    QVERIFY(fake.turns.empty());
    const tests::Outcome frozen = ctl.run({"cluster", "freeze", "--reason", "it burns"});
    QVERIFY2(frozen.code == 0, frozen.err.c_str());
    QVERIFY2(has(frozen.err, "frozen by me"), frozen.err.c_str());
    QCOMPARE(ctl.run({"cluster", "unfreeze", "--reason", "over"}).code, 2);
    QCOMPARE(fake.turns, (std::vector<std::string>{"freeze: it burns"}));
    QCOMPARE(ctl.run({"cluster", "unfreeze", "--reason", "over", "--yes"}).code, 0);
    QCOMPARE(fake.turns.back(), std::string("unfreeze: over"));
}

void TestCtlRules::showSaysThatItIsFrozen() {
    {
        Ctl ctl;
        auto& rules = ctl.sessions.session.cluster.rules;
        const std::string plain = ctl.run({"cluster", "show"}).out;
        QVERIFY2(has(plain, "where a release asks for it"), plain.c_str());
        rules.requireApproval = true;
        rules.blackouts = {
            "Asia/Shanghai", {}, {domain::parseDateRange("2026-12-24..2027-01-02").value()}};
        const std::string ruled = ctl.run({"cluster", "show"}).out;
        QVERIFY2(has(ruled, "of every plan, by a second person") &&
                     has(ruled, "2026-12-24..2027-01-02 (Asia/Shanghai)"),
                 ruled.c_str());
    }
    Ctl ctl;
    auto& cluster = ctl.sessions.session.cluster;
    cluster.name = "shop";
    QVERIFY(has(ctl.run({"cluster", "show", "-o", "json"}).out, "\"freeze\": null"));
    cluster.freeze =
        services::ClusterFreeze{"ada", "it burns", base::fromUnixMillis(1'700'000'000'000), false};
    cluster.rules.maxChange = 500;
    cluster.rules.changed = 12;
    cluster.rules.maxChangeWindow = std::chrono::hours(1);
    const tests::Outcome people = ctl.run({"cluster", "show", "-o", "wide"});
    QVERIFY2(has(people.out, "frozen by ada since 2023-11-14") &&
                 has(people.out, "until its database takes it") &&
                 has(people.out, "12 of 500 in 1 h"),
             people.out.c_str());
    const tests::Outcome program = ctl.run({"cluster", "show", "-o", "json"});
    for (const char* part : {"\"by\": \"ada\"", "\"recorded\": false", "\"at_ms\": 1700000000000",
                             "\"max_change\": 500", "\"changed_in_window\": 12"})
        QVERIFY2(has(program.out, part), program.out.c_str());
}

void TestCtlRules::aStartThatLacksAnApprovalSaysSo() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.plan.approvalRequired = true;
    fake.plan.conflicts = {"who approves is missing"};
    const auto start = [&ctl] { return ctl.run({"release", "start", "12", "--yes"}); };
    QCOMPARE(start().code, 5);
    QVERIFY2(has(start().err, "APPROVAL_MISSING"), start().err.c_str());
    fake.plan.endedApproval = domain::Approval{"bob", {}, "plan-8", {}};
    fake.plan.conflicts = {"bob approved plan plan-8, which no longer holds"};
    QVERIFY2(has(start().err, "bob approved plan plan-8") && has(start().err, "APPROVAL_ENDED"),
             start().err.c_str());
    fake.plan.conflicts.emplace_back("release 11 moves logd");
    QVERIFY2(has(start().err, "PLAN_CONFLICT"), start().err.c_str());
    QVERIFY(fake.lastAct.releaseId.empty());
    fake.release = release(domain::ReleaseState::Draft, {});
    fake.release.approvalRequired = true;
    fake.release.release.endedApproval = fake.plan.endedApproval;
    const std::string wide = ctl.run({"release", "show", "12", "-o", "wide"}).out;
    QVERIFY2(has(wide, "asked for again, bob's has ended"), wide.c_str());
}

void TestCtlRules::aRefusedVerbSaysWhatIsOpen() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::RollingBack, {});
    fake.release.allowedVerbs = {domain::ReleaseVerb::Pause, domain::ReleaseVerb::Abort};
    fake.release.refusedVerbs = {{domain::ReleaseVerb::Verify, "soaks for another 59 min 52 s"},
                                 {domain::ReleaseVerb::Promote, ""}};
    const auto refused = [&ctl](const char* verb) {
        return ctl.run({"release", verb, "12", "--yes"});
    };
    QCOMPARE(refused("verify").code, 5);
    QVERIFY2(has(refused("verify").err,
                 "verify is refused for release 12: soaks for another 59 "
                 "min 52 s; it takes pause, abort (FAILED_PRECONDITION "
                 "RELEASE_STATE"),
             refused("verify").err.c_str());
    fake.release.allowedVerbs.clear();
    QVERIFY2(has(refused("promote").err, "it is rolling back; it takes no verb any more"),
             refused("promote").err.c_str());
}

void TestCtlRules::whatHaltedItIsSaidOnce() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Halted, {});
    fake.release.release.haltReason = "2 failed of 4";
    fake.release.waitsFor = "halted; waits for resume";
    const std::string shown = ctl.run({"release", "show", "12"}).out;
    QVERIFY2(has(shown, "halted; waits for resume"), shown.c_str());
    const std::size_t at = shown.find("2 failed of 4");
    QVERIFY2(at != std::string::npos && shown.find("2 failed of 4", at + 1) == std::string::npos,
             shown.c_str());
    // Machines may have failed since: the stages below it count more.
    QVERIFY2(has(shown, "when it halted: 2 failed of 4"), shown.c_str());
    // Of many, why matters most.
    QVERIFY(has(ctl.run({"release", "list"}).out, "when it halted: 2 failed of 4"));
    QVERIFY(
        has(ctl.run({"release", "list", "-o", "jsonl"}).out, "\"halt_reason\":\"2 failed of 4"));
    const std::string csv = ctl.run({"release", "list", "-o", "csv"}).out;
    QVERIFY2(has(csv, ",2 failed of 4,"), csv.c_str());
    fake.watched = {fake.release};
    const std::string told = ctl.run({"release", "watch", "12"}).err;
    QVERIFY2(has(told, "; when it halted: 2 failed of 4;"), told.c_str());
}

void TestCtlRules::plansAndReleasesTellTheirRules() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Draft, {});
    fake.release.approvalRequired = true;
    fake.release.release.spec.downloadRate = 2'000'000;
    fake.release.release.spec.windows.weekly = {
        domain::parseWeeklyWindow("Mon-Fri 09:00-17:00").value()};
    const std::string wide = ctl.run({"release", "show", "12", "-o", "wide"}).out;
    QVERIFY2(has(wide, "asked for") && has(wide, "2MB/s"), wide.c_str());
    fake.release.release.approval =
        domain::Approval{"bob", base::fromUnixMillis(1'700'000'000'000), "plan-9", "seen"};
    fake.release.changeClosed = true;
    fake.release.opens = base::fromUnixMillis(1'700'000'100'000);
    const tests::Outcome shown = ctl.run({"release", "show", "12", "-o", "json"});
    for (const char* part :
         {"\"approval_required\": true", "\"by\": \"bob\"", "\"plan_id\": \"plan-9\"",
          "\"Mon-Fri 09:00-17:00\"", "\"change_closed\": true", "\"opens_ms\": 1700000100000",
          "\"late_joiners_per_minute\": 300", "\"download_rate\": 2000000"})
        QVERIFY2(has(shown.out, part), part);
    fake.plan.planId = "plan-9";
    fake.plan.notes = {"5 machines may change in 1h"};
    fake.plan.targets = {{"LINUX", domain::DesiredAction::Install, "1.1", "ab", 77, "1.0"}};
    fake.plan.stages = {
        {domain::StageKind::Gray, 0, {{"LINUX", 2}}, {}, 1, 77, std::chrono::seconds(90)},
        {domain::StageKind::Pilot, 0, {}, {}, 0, 0, std::chrono::seconds(75)},
        {domain::StageKind::Full, 0, {}, {}, 0, 0, std::chrono::seconds(0)}};
    const tests::Outcome plan = ctl.run({"release", "plan", "12"});
    QVERIFY2(has(plan.err, "5 machines may change in 1h"), plan.err.c_str());
    // A pilot without machines soaks all the same; what the release passes by takes no time.
    QVERIFY2(has(plan.out + plan.err, "1 min 30 s"), plan.err.c_str());
    QVERIFY2(has(plan.out + plan.err, "1 min 15 s"), plan.err.c_str());
    QVERIFY2(!has(plan.out + plan.err, "0 s "), plan.err.c_str());
    QVERIFY2(!has(plan.err, "silent"), plan.err.c_str());
    fake.plan.changing = 12;
    fake.plan.silent = 4;
    fake.plan.silentBytes = 4 << 20;
    fake.plan.stages[0].silent = 1;
    const tests::Outcome silent = ctl.run({"release", "plan", "12"});
    QVERIFY2(has(silent.out, "CHANGE  SILENT"), silent.out.c_str());
    QVERIFY2(has(silent.err,
                 "4 of 12 machines that change are silent (4.0 MiB of the download): "
                 "they follow when they are back"),
             silent.err.c_str());
    const tests::Outcome json = ctl.run({"release", "plan", "12", "-o", "json"});
    for (const char* part : {"\"silent\": 4", "\"silent\": 1", "\"silent_bytes\": 4194304",
                             "\"ended_approval\": null"})
        QVERIFY2(has(json.out, part), json.out.c_str());
    for (const char* part : {"\"notes\"", "\"previous_version\": \"1.0\"", "\"archive_bytes\": 77",
                             "\"changing\": 1", "\"bytes\": 77"})
        QVERIFY2(has(json.out, part), json.out.c_str());
}

QTEST_GUILESS_MAIN(TestCtlRules)
#include "tst_ctl_rules.moc"
