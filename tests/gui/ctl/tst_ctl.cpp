// SPDX-License-Identifier: Apache-2.0
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <utility>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;
using tests::release;

class TestCtl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }
    void everyCommandHasHelpWithAnExample_data();
    void everyCommandHasHelpWithAnExample();
    void theTableBelowNamesEveryCommand();
    void callsWhatItSays_data();
    void callsWhatItSays();
    void refusesBadCommandLines_data();
    void refusesBadCommandLines();
    void formatsMachines_data();
    void formatsMachines();
    void csvHoldsNoFormula_data();
    void csvHoldsNoFormula();
    void mapsErrorsToExitCodes_data();
    void mapsErrorsToExitCodes();
    void aFilterThatCannotBeReadIsUsage();
    void whatIsMissingIsSaidOnce();
    void saysErrorCodeReasonAndRequest();
    void readsAllPagesAndHonoursTheLimit();
    void doctorShowsEachStep();
    void aBrokenAuditChainIsAFailure();
    void removingMachinesAsksForTheirNumber();
    void aLogOfAnAgentThatIsNotThereIsNotFound();
};

// Command line, call that it makes.
const std::vector<std::pair<const char*, const char*>> kCommands = {
    {"cluster show", "getCluster"},
    {"cluster load --since 10m", "listMasterLoads 600000"},
    {"cluster freeze --reason x", "freeze"},
    {"cluster unfreeze --reason x --yes", "unfreeze"},
    {"agent list", "listAgents"},
    {"machine list state:failed", "listMachines state:failed"},
    {"machine show m-1", "getMachine m-1"},
    {"machine explain m-1 --agent logd", "explain m-1 logd"},
    {"machine events m-1", "events m-1"},
    {"machine log m-1 logd", "tailLog m-1 logd"},
    {"machine clear-bad m-1 --agent logd --yes", "clearKnownBad logd"},
    {"machine remove m-1 m-2 --reason x --confirm-count 2", "removeMachines m-1 m-2"},
    {"package list --agent logd", "listPackages logd"},
    {"package show logd 1.1", "getPackage logd 1.1"},
    {"package publish /tmp/p.ifrit", "publish /tmp/p.ifrit"},
    {"package delete logd 1.1 --reason old --confirm-count 1", "deletePackage d1"},
    {"release create --agent logd --version 1.1 --types LINUX", "createRelease"},
    {"release plan 12", "planRelease 12"},
    {"release start 12 --yes", "act 12"},
    {"release approve 12 --plan p --yes", "act 12"},
    {"release verify 12 --yes", "act 12"},
    {"release promote 12 --yes", "act 12"},
    {"release promote-all 12 --reason x --confirm-count 2", "act 12"},
    {"release retry-failed 12 --yes", "act 12"},
    {"release pause 12", "act 12"},
    {"release resume 12", "act 12"},
    {"release abort 12 --reason x --confirm-count 2", "act 12"},
    {"release discard 12 --yes", ""},  // of a draft: tst_ctl_release
    {"release rollback 12 --reason x --confirm-count 2", "act 12"},
    {"release list --agent logd --running", "listReleases logd running"},
    {"release show 12", "getRelease 12"},
    {"release machines 12 --outcome failed", "releaseMachines 12"},
    {"release timeline 12", "timeline 12"},
    {"release watch 12", "watchRelease 12"},
    // tst_ctl_campaign has what these ask for.
    {"campaign create -f campaign.toml", ""},
    {"campaign list", ""},
    {"campaign show c-1", ""},
    {"campaign start c-1 --yes", ""},
    {"campaign advance c-1 --yes", ""},
    {"campaign watch c-1", ""},
    {"campaign abort c-1 --reason x --confirm-count 2", ""},
    {"campaign receipt c-1 --cluster one", ""},
    {"campaign present c-1 --cluster two --receipt FILE", ""},
    {"ring show", "listMachines "},
    {"ring locate m-1", "getCluster"},
    {"audit list --actor anna --result denied", "listAudit annadenied"},
    {"audit verify", "verifyAudit"},
    {"audit export", ""},  // of kept heads: tst_ctl_audit
    {"audit heads", ""},
    {"audit forget", ""},
    {"machine revoke m-1 --reason x --yes", "revokeMachine m-1"},
    {"user list", "listUsers"},
    {"user create anna --role super_admin --reason x --confirm-count 1",
     "createUser anna super_admin"},
    {"user passwd anna --reason x --confirm-count 1", "setPassword anna"},
    {"user role anna super_admin --reason x --confirm-count 1", "setRole anna super_admin"},
    {"user disable anna --reason x --confirm-count 1", "disableUser anna"},
    {"user enable anna --reason x --confirm-count 1", "enableUser anna"},
    {"user remove anna --reason x --confirm-count 1", "removeUser anna"},
    {"user check release.start --agent logd", "checkAccess release.start"},
    {"user certificates anna", "listCertificates anna"},
    {"user issue anna --out FILE --reason x --confirm-count 1", ""},
    {"user revoke --user anna --reason x --confirm-count 1", "revokeCertificates anna"},
    {"grant list --user anna", "listGrants anna"},
    {"grant give anna release.start --agent logd --reason x --confirm-count 1", "giveGrant anna"},
    {"grant take g1 --reason x --confirm-count 1", "takeGrant g1"},
    {"token list --all", "listTokens *"},
    {"token create nightly --reason x --yes", "createToken nightly"},
    {"token revoke t1 --yes", "revokeTokens t1"},
    {"doctor", "test"},
    {"login --user anna --password-stdin --context demo", "login anna pw"},
    {"logout --context demo", ""},
    {"version", ""},
    {"completion bash", ""},
    {"context list", ""},
    {"context show demo", ""},
    {"context use demo", ""},
    {"context import BUNDLE --replace", ""},
    {"context remove demo", ""},
    {"key generate KEY", ""},
    {"key show KEY", ""},
    {"package build SOURCE --key KEY", ""},
    {"package verify FILE --key KEY", ""}};

void TestCtl::everyCommandHasHelpWithAnExample_data() {
    QTest::addColumn<QStringList>("path");
    for (const auto& [line, call] : kCommands) {
        QStringList path = tests::words(line);
        const bool alone =
            QStringList{QStringLiteral("doctor"), QStringLiteral("login"), QStringLiteral("logout"),
                        QStringLiteral("version"), QStringLiteral("completion")}
                .contains(path[0]);
        path = path.mid(0, alone ? 1 : 2);
        QTest::newRow(qPrintable(path.join(QLatin1Char(' ')))) << path;
    }
}

void TestCtl::everyCommandHasHelpWithAnExample() {
    QFETCH(QStringList, path);
    Ctl ctl;
    std::vector<std::string> line;
    for (const QString& word : path)
        line.push_back(word.toStdString());
    line.emplace_back("--help");
    const tests::Outcome outcome = ctl.run(line);
    QCOMPARE(outcome.code, 0);
    const std::string command = "ifritctl " + path.join(QLatin1Char(' ')).toStdString();
    QVERIFY2(has(outcome.out, "Usage: " + command), outcome.out.c_str());
    QVERIFY2(has(outcome.out, "Example:\n  "), outcome.out.c_str());
    const std::string example = outcome.out.substr(outcome.out.find("Example:"));
    QVERIFY2(has(example, command), example.c_str());
    QVERIFY(outcome.err.empty());
}

void TestCtl::theTableBelowNamesEveryCommand() {
    Ctl ctl;
    const std::string script = ctl.run({"completion", "bash"}).out;
    // Each path of the script that has no verbs below it must be in kCommands.
    const QRegularExpression entry(QStringLiteral("^ +\"([a-z -]+)\"\\) words"),
                                   QRegularExpression::MultilineOption);
    int paths = 0;
    for (auto at = entry.globalMatch(QString::fromStdString(script)); at.hasNext();) {
        const QString path = at.next().captured(1);
        const bool isNoun =
            QString::fromStdString(script).contains(QStringLiteral(" \"%1 ").arg(path));
        if (isNoun || path.startsWith(QStringLiteral("help "))) continue;
        ++paths;
        const bool tested = std::any_of(kCommands.begin(), kCommands.end(), [&](const auto& row) {
            return QString::fromUtf8(row.first).startsWith(path);
        });
        QVERIFY2(tested, qPrintable(path));
    }
    QCOMPARE(paths, static_cast<int>(kCommands.size()));
}

void TestCtl::callsWhatItSays_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("call");
    for (const auto& [line, call] : kCommands) {
        if (*call == '\0') continue;
        QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(call);
    }
}

void TestCtl::callsWhatItSays() {
    QFETCH(QString, line);
    QFETCH(QString, call);
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.packages = {services::PackageInfo{}};
    fake.packages[0].manifestDigest = "d1";
    fake.release = release(domain::ReleaseState::Running, {});
    fake.watched = {release(domain::ReleaseState::Done, {{domain::Outcome::Ok, 2}})};
    fake.verification.intact = true;
    fake.log.text = "started\n";
    ctl.in.str("pw\n");
    ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    const tests::Outcome outcome = ctl.run(tests::arguments(qPrintable(line)));
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY2(std::count(fake.calls.begin(), fake.calls.end(), call.toStdString()) == 1,
             fake.calls.empty() ? "no call" : fake.calls.back().c_str());
    QCOMPARE(ctl.sessions.profile.via, std::string("ctl"));
}

void TestCtl::refusesBadCommandLines_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* line, const char* says) {
        QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(says);
    };
    row("release watch 12 --wait", "'--wait' is no option of 'ifritctl release watch'");
    row("machine", "'ifritctl machine' alone is no command; known here: list");
    row("--timeout", "--timeout");
    row("relase", "'ifritctl relase' is no command");
    row("release strat", "'ifritctl release strat' is no command");
    row("machine show", "UUID is required");
    row("machine list --lmit 3", "--lmit");
    row("machine list --limit many", "limit");
    row("machine list -o xml", "xml not in");
    row("machine list --timeout 3", "'3' is not a duration");
    row("machine list --timeout 0s", "more than zero");
    row("machine list --bundle a --context b", "exclude each other");
    row("machine clear-bad m-1", "--agent");
    row("machine remove --reason x", "UUID is required");
    row("machine remove m-1 --confirm-count 1", "needs --reason");
    row("release rollback 12 --wait-for verify", "--wait-for");
    row("package show logd", "by its digest");
    row("release create --agent logd", "--types");
    row("release create --agent logd --types LINUX", "--version");
    row("release create --agent logd --types LINUX --version 1 --action uninstall",
        "takes no version");
    row("release create --agent logd --types LINUX --version 1 --soak soon", "'soon'");
    row("release create --agent logd --types LINUX --version 1 --gray-label b", "KEY=VALUE");
    row("release create -f x --agent logd", "excludes");
    row("release start 12 --plan p --dry-run", "choose");
    row("release machines 12 --outcome bad", "bad not in");
    row("release abort 12 --confirm-count 2", "--reason");
    row("cluster load --since yesterday", "'yesterday' is not a duration");
    row("audit list --since yesterday", "'yesterday' is not a time");
    row("login --user anna", "--password-stdin");
    row("completion tcsh", "tcsh not in");
}

void TestCtl::refusesBadCommandLines() {
    QFETCH(QString, line);
    QFETCH(QString, says);
    Ctl ctl;
    ctl.sessions.session.release = release(domain::ReleaseState::Running, {});
    if (line.startsWith(QStringLiteral("login"))) {
        ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
        ctl.variables.clear();
    }
    const tests::Outcome outcome = ctl.run(tests::arguments(qPrintable(line)));
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
    QCOMPARE(outcome.code, 2);
    QVERIFY(has(outcome.err, "USAGE"));
    QVERIFY2(outcome.out.empty(), outcome.out.c_str());
    QVERIFY(ctl.sessions.session.lastAct.releaseId.empty());
}

void TestCtl::formatsMachines_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("golden");
    QTest::newRow("table") << QStringLiteral("table")
                           << QStringLiteral(
                                  "STATE   UUID  ADDRESS   TYPE   PIN   AGENTS        LAST SEEN    "
                                  "         LAST ERROR\n"
                                  "failed  m-1   10.0.0.7  LINUX  acme  logd 1.0>1.1  "
                                  "2023-11-14T22:13:20Z  logd: probe "
                                  "failed?[31m (PROBE)\n");
    QTest::newRow("csv")
        << QStringLiteral("csv")
        << QStringLiteral(
               "state,uuid,address,type,pin,agents,last_seen,last_error,labels,batch,hostname,"
               "kernel,"
               "ifrit,first_seen\r\n"
               "failed,m-1,10.0.0.7,LINUX,acme,logd 1.0>1.1,2023-11-14T22:13:20Z,logd: probe "
               "failed\x1b[31m (PROBE),zone=b,,web-7,6.1,0.1.0,\r\n");
    QTest::newRow("name") << QStringLiteral("name") << QStringLiteral("m-1\n");
    QTest::newRow("jsonl")
        << QStringLiteral("jsonl")
        << QStringLiteral(
               "{\"uuid\":\"m-1\",\"state\":\"failed\",\"offline\":false,\"machine_type\":"
               "\"LINUX\","
               "\"pin\":\"acme\",\"labels\":{\"zone\":\"b\"},\"address\":\"10.0.0.7\","
               "\"hostname\":\"web-7\",\"kernel\":\"6.1\",\"libc\":\"2.36\",\"architecture\":\"x86_"
               "64\","
               "\"ifrit_version\":\"0.1.0\",\"ifrit_cpu_percent\":0,\"ifrit_rss_bytes\":0,"
               "\"batch\":0,"
               "\"first_seen_ms\":null,\"first_seen\":null,\"last_seen_ms\":1700000000000,"
               "\"last_seen\":\"2023-11-14T22:13:20.000Z\",\"agents\":[{\"agent\":\"logd\","
               "\"state\":\"failed\",\"running_version\":\"1.0\",\"running_digest\":\"\","
               "\"desired_version\":\"1.1\",\"desired_digest\":\"\",\"release_id\":\"\",\"step\":"
               "\"\","
               "\"attempt\":0,\"pid\":0,\"restarts\":0,\"crash_looping\":false,"
               "\"integrity\":\"unknown\",\"integrity_note\":\"\",\"cpu_percent\":0,\"rss_bytes\":"
               "0,\"known_bad\":[],"
               "\"since_ms\":null,\"since\":null,\"next_retry_ms\":null,\"next_retry\":null,"
               "\"deadline_ms\":null,\"deadline\":null,\"last_error\":{\"reason\":\"PROBE\","
               "\"message\":\"probe failed\\u001b[31m\",\"step\":\"watching\",\"attempt\":2,"
               "\"at_ms\":null,\"at\":null}}]}\n");
}

void TestCtl::formatsMachines() {
    QFETCH(QString, format);
    QFETCH(QString, golden);
    Ctl ctl;
    ctl.sessions.session.machines = {tests::machine("m-1")};
    const tests::Outcome outcome = ctl.run({"machine", "list", "-o", format.toStdString()});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QString::fromStdString(outcome.out), golden);
    QCOMPARE(outcome.err, std::string("1 shown / 1 matching / 12 total\n"));
}

void TestCtl::csvHoldsNoFormula_data() {
    QTest::addColumn<QString>("hostname");
    QTest::addColumn<QString>("cell");
    const auto row = [](const char* hostname, const char* cell) {
        QTest::newRow(hostname) << QString::fromUtf8(hostname) << QString::fromUtf8(cell);
    };
    row("web-7", ",web-7,");
    row("=1+2", ",'=1+2,");
    row("-2+3", ",'-2+3,");
    row("-cmd|x", ",'-cmd|x,");
    row("-2.5", ",-2.5,");
    row("-", ",,");
    row("@here", ",'@here,");
}

void TestCtl::csvHoldsNoFormula() {
    QFETCH(QString, hostname);
    QFETCH(QString, cell);
    Ctl ctl;
    ctl.sessions.session.machines = {tests::machine("m-1")};
    ctl.sessions.session.machines[0].facts.hostname = hostname.toStdString();
    const tests::Outcome outcome = ctl.run({"machine", "list", "-o", "csv"});
    QVERIFY2(has(outcome.out, cell.toStdString()), outcome.out.c_str());
}

void TestCtl::mapsErrorsToExitCodes_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exit");
    using absl::StatusCode;
    const auto row = [](const char* name, StatusCode code, int exit) {
        QTest::newRow(name) << static_cast<int>(code) << exit;
    };
    row("internal", StatusCode::kInternal, 1);
    row("invalid", StatusCode::kInvalidArgument, 2);
    row("data loss", StatusCode::kDataLoss, 1);
    row("not found", StatusCode::kNotFound, 3);
    row("denied", StatusCode::kPermissionDenied, 4);
    row("unauthenticated", StatusCode::kUnauthenticated, 4);
    row("precondition", StatusCode::kFailedPrecondition, 5);
    row("aborted", StatusCode::kAborted, 5);
    row("exists", StatusCode::kAlreadyExists, 5);
    row("unavailable", StatusCode::kUnavailable, 8);
    row("deadline", StatusCode::kDeadlineExceeded, 8);
}

void TestCtl::mapsErrorsToExitCodes() {
    QFETCH(int, code);
    QFETCH(int, exit);
    Ctl ctl;
    ctl.sessions.session.failure =
        base::makeError(static_cast<absl::StatusCode>(code), "SOME_REASON", "m-1", "it is so");
    const tests::Outcome outcome = ctl.run({"machine", "show", "m-1"});
    QCOMPARE(outcome.code, exit);
    QVERIFY(has(outcome.err, "ifritctl: it is so ("));
    QVERIFY(outcome.out.empty());
}

// It is the master who reads it; it was typed here.
void TestCtl::aFilterThatCannotBeReadIsUsage() {
    Ctl ctl;
    ctl.sessions.session.failure = base::makeError(absl::StatusCode::kInvalidArgument, "FILTER", "",
                                                   "there is no key \"foo\"");
    const tests::Outcome outcome = ctl.run({"machine", "show", "m-1"});
    QCOMPARE(outcome.code, 2);
    QVERIFY(has(outcome.err, "there is no key \"foo\" (INVALID_ARGUMENT FILTER"));
}

// The hint went on about --yes, which does not do for a command of class 3.
void TestCtl::whatIsMissingIsSaidOnce() {
    Ctl ctl;
    const tests::Outcome outcome =
        ctl.run({"machine", "remove", "m-1", "m-2", "--reason", "x", "--yes"});
    QCOMPARE(outcome.code, 2);
    QVERIFY2(has(outcome.err, "needs --confirm-count with the number that it touches, 2"),
             outcome.err.c_str());
    QVERIFY2(!has(outcome.err, "hint"), outcome.err.c_str());
}

void TestCtl::saysErrorCodeReasonAndRequest() {
    Ctl ctl;
    absl::Status status = base::permissionDenied("NOT_ALLOWED", "anna", "readers only read");
    status.SetPayload("ifrit/request-id", absl::Cord("req-7"));
    ctl.sessions.session.failure = status;
    const tests::Outcome outcome = ctl.run({"release", "pause", "12"});
    QVERIFY2(has(outcome.err,
                 "ifritctl: readers only read (PERMISSION_DENIED NOT_ALLOWED, request req-7)\n"
                 "hint: "),
             outcome.err.c_str());
}

void TestCtl::readsAllPagesAndHonoursTheLimit() {
    Ctl ctl;
    for (int i = 1; i <= 5; ++i)
        ctl.sessions.session.machines.push_back(tests::machine("m-" + std::to_string(i)));
    QCOMPARE(ctl.run({"machine", "list", "-o", "name"}).out,
             std::string("m-1\nm-2\nm-3\nm-4\nm-5\n"));
    const tests::Outcome limited = ctl.run({"machine", "list", "-o", "name", "--limit", "3"});
    QCOMPARE(limited.out, std::string("m-1\nm-2\nm-3\n"));
    QCOMPARE(limited.err, std::string("3 shown / 5 matching / 12 total\n"));
}

void TestCtl::doctorShowsEachStep() {
    Ctl ctl;
    services::TestStepResult dns;
    dns.detail = "127.0.0.1";
    services::TestStepResult tcp;
    tcp.step = services::TestStep::Tcp;
    tcp.status = base::makeError(absl::StatusCode::kUnavailable, "TCP", "", "no TCP connection");
    tcp.hint = "check the firewall";
    services::TestStepResult tls;
    tls.step = services::TestStep::Tls;
    tls.status = absl::CancelledError("skipped");
    ctl.sessions.session.steps = {dns, tcp, tls};
    const tests::Outcome outcome = ctl.run({"doctor"});
    QCOMPARE(outcome.code, 8);
    QCOMPARE(outcome.out, std::string("STEP  RESULT   TOOK  DETAIL\n"
                                      "dns   ok       0 ms  127.0.0.1\n"
                                      "tcp   failed   0 ms  no TCP connection; check the firewall\n"
                                      "tls   skipped  0 ms  an earlier step failed\n"));
}

void TestCtl::aBrokenAuditChainIsAFailure() {
    Ctl ctl;
    ctl.sessions.session.verification = {10, "ab", false, 7, "row 7 was changed"};
    const tests::Outcome outcome = ctl.run({"audit", "verify"});
    QCOMPARE(outcome.code, 1);
    QVERIFY(has(outcome.err, "row 7 was changed"));
}

void TestCtl::removingMachinesAsksForTheirNumber() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    const auto run = [&](std::vector<std::string> more) {
        // One that is named twice is one machine.
        std::vector<std::string> line = {"machine", "remove",   "m-1", "m-2",
                                         "m-1",     "--reason", "sold"};
        line.insert(line.end(), more.begin(), more.end());
        return ctl.run(line);
    };
    // A yes is not enough, nor is another number.
    QCOMPARE(run({"--yes"}).code, 2);
    QCOMPARE(run({"--confirm-count", "3"}).code, 5);
    ctl.interactive = true;
    ctl.typed = "3";
    QCOMPARE(run({}).code, 5);
    QVERIFY2(fake.calls.empty(), "an answer No must change nothing");
    ctl.typed = "2";
    const tests::Outcome outcome = run({});
    QCOMPARE(outcome.code, 0);
    QVERIFY2(has(outcome.err, "2 machines removed, 2 certificates revoked"), outcome.err.c_str());
    QCOMPARE(fake.calls.front(), std::string("removeMachines m-1 m-2"));
    QCOMPARE(fake.mutation.expectedCount, std::optional<std::uint64_t>(2));
    QCOMPARE(fake.mutation.reason, std::string("sold"));
    fake.calls.clear();
    QCOMPARE(run({"--force"}).code, 0);
    QCOMPARE(fake.calls.front(), std::string("removeMachines m-1 m-2 by force"));
}

void TestCtl::aLogOfAnAgentThatIsNotThereIsNotFound() {
    Ctl ctl;
    ctl.sessions.session.machines = {tests::machine("m-1")};
    const tests::Outcome silent = ctl.run({"machine", "log", "m-1", "logd"});
    QCOMPARE(silent.code, 0);
    QCOMPARE(silent.err, std::string("logd has written no log there\n"));
    const tests::Outcome absent = ctl.run({"machine", "log", "m-1", "lgod", "-o", "json"});
    QCOMPARE(absent.code, 3);
    QVERIFY2(has(absent.err, "m-1 reports no agent lgod; it has logd"), absent.err.c_str());
    QVERIFY2(absent.out.empty(), absent.out.c_str());
    ctl.sessions.session.machines.front().agents.clear();
    const tests::Outcome bare = ctl.run({"machine", "log", "m-1", "logd"});
    QCOMPARE(bare.code, 3);
    QVERIFY2(has(bare.err, "it has none"), bare.err.c_str());
}

QTEST_GUILESS_MAIN(TestCtl)
#include "tst_ctl.moc"
