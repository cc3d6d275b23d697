// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <sstream>

#include "gui/ctl/exit_code.h"
#include "gui/ctl/shell.h"
#include "shared/domain/enum_names.h"
#include "tests/gui/ctl/fake_session.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::FakeSessions;

namespace {

constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};

/// ifritctl in this process, with everything around it faked.
struct Ctl {
    QTemporaryDir dir;
    FakeSessions sessions;
    std::istringstream in;
    bool interactive = false;
    std::string typed;  ///< what a person answers
    bool interrupted = false;
    std::map<std::string, std::string> variables;

    Ctl() {
        bundle::Bundle bundle{"demo", "test", {"127.0.0.1:7443"}, kPem, kPem, kPem};
        QFile file(dir.filePath(QStringLiteral("admin.bundle")));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        file.write(QByteArray::fromStdString(bundle::formatBundle(bundle)));
        variables["IFRIT_BUNDLE"] = file.fileName().toStdString();
    }

    std::string path(const char* name) const {
        return dir.filePath(QString::fromUtf8(name)).toStdString();
    }

    Outcome run(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        ctl::Terminal terminal{in, out, err, interactive,
                               [this, &err](const std::string& prompt, ctl::Echo) {
                                   err << prompt;
                                   return absl::StatusOr<std::string>(typed);
                               }};
        ctl::Shell shell({sessions, terminal, ctl::ContextStore(path("config")),
                          [this](const char* name) { return variables[name]; },
                          [this] { return interrupted; }});
        Outcome outcome;
        outcome.code = shell.run(std::move(arguments));
        outcome.out = out.str();
        outcome.err = err.str();
        return outcome;
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

services::MachineInfo machine(const std::string& uuid) {
    services::MachineInfo out;
    out.facts = {uuid,    "LINUX", "acme", {{"zone", "b"}}, "10.0.0.7",
                 "web-7", "6.1",   "2.36", "x86_64",        "0.1.0"};
    out.lastSeen = base::fromUnixMillis(1'700'000'000'000);
    out.state = domain::MachineState::Failed;
    domain::AgentReport agent;
    agent.agent = "logd";
    agent.runningVersion = "1.0";
    agent.desiredVersion = "1.1";
    agent.state = domain::MachineState::Failed;
    agent.lastError = domain::AgentError{"PROBE", "probe failed\x1b[31m", "watching", 2, {}};
    out.agents = {agent};
    return out;
}

services::ReleaseInfo release(domain::ReleaseState state,
                              std::map<domain::Outcome, std::uint32_t> outcomes,
                              std::uint32_t targeted = 2) {
    services::ReleaseInfo out;
    out.release.id = "r-1";
    out.release.number = 12;
    out.release.state = state;
    out.release.spec.agent = "logd";
    out.release.spec.version = "1.1";
    out.release.spec.machineTypes = {"LINUX"};
    out.release.stage = domain::StageKind::Gray;
    services::StageProgress stage;
    stage.counts.kind = domain::StageKind::Gray;
    stage.counts.targeted = targeted;
    stage.counts.outcomes = std::move(outcomes);
    out.stages = {stage};
    return out;
}

QStringList words(const char* line) {
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

std::vector<std::string> arguments(const char* line) {
    std::vector<std::string> out;
    for (const QString& word : words(line))
        out.push_back(word.toStdString());
    return out;
}

}  // namespace

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
    void mapsErrorsToExitCodes_data();
    void mapsErrorsToExitCodes();
    void saysErrorCodeReasonAndRequest();
    void readsAllPagesAndHonoursTheLimit();
    void asksBeforeItChangesMachines();
    void destructiveVerbsNeedReasonAndTheRightCount();
    void startPlansShowsAsksAndSendsThatPlan();
    void watchEndsWithTheReleasesCode_data();
    void watchEndsWithTheReleasesCode();
    void waitingHasALimitAndCtrlCStopsItAlone();
    void createReadsFlagsAndFile();
    void createRefusesBadFiles_data();
    void createRefusesBadFiles();
    void contextsAreImportedUsedAndRemoved();
    void badBundlesAreNamed();
    void loginKeepsItsTokenSecret();
    void doctorShowsEachStep();
    void keysAndPackagesAreMadeAndVerified();
    void aBrokenAuditChainIsAFailure();
};

// Command line, call that it makes.
const std::vector<std::pair<const char*, const char*>> kCommands = {
    {"cluster show", "getCluster"},
    {"agent list", "listAgents"},
    {"machine list state:failed", "listMachines state:failed"},
    {"machine show m-1", "getMachine m-1"},
    {"machine explain m-1 --agent logd", "explain m-1 logd"},
    {"machine events m-1", "events m-1"},
    {"machine clear-bad m-1 --agent logd --yes", "clearKnownBad logd"},
    {"package list --agent logd", "listPackages logd"},
    {"package show logd 1.1", "getPackage logd 1.1"},
    {"package publish /tmp/p.ifrit", "publish /tmp/p.ifrit"},
    {"package delete logd 1.1 --reason old --confirm-count 1", "deletePackage d1"},
    {"release create --agent logd --version 1.1 --types LINUX", "createRelease"},
    {"release plan 12", "planRelease 12"},
    {"release start 12 --yes", "act 12"},
    {"release verify 12 --yes", "act 12"},
    {"release pause 12", "act 12"},
    {"release resume 12", "act 12"},
    {"release abort 12 --reason x --confirm-count 2", "act 12"},
    {"release rollback 12 --reason x --confirm-count 2", "act 12"},
    {"release list --agent logd --running", "listReleases logd running"},
    {"release show 12", "getRelease 12"},
    {"release machines 12 --outcome failed", "releaseMachines 12"},
    {"release timeline 12", "timeline 12"},
    {"release watch 12", "watchRelease 12"},
    {"audit list --actor anna --result denied", "listAudit annadenied"},
    {"audit verify", "verifyAudit"},
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
        QStringList path = words(line);
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
    const Outcome outcome = ctl.run(line);
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
            QString::fromStdString(script).contains(QStringLiteral("\"%1 ").arg(path));
        if (isNoun) continue;
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
    fake.packages_ = {services::PackageInfo{}};
    fake.packages_[0].manifestDigest = "d1";
    fake.release = release(domain::ReleaseState::Running, {});
    fake.watched = {release(domain::ReleaseState::Done, {{domain::Outcome::Ok, 2}})};
    fake.verification.intact = true;
    ctl.in.str("pw\n");
    ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    const Outcome outcome = ctl.run(arguments(qPrintable(line)));
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
    row("", "subcommand is required");
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
    const Outcome outcome = ctl.run(arguments(qPrintable(line)));
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
                                  "STATE   UUID  ADDRESS   TYPE   PIN   AGENTS        LAST CONTACT "
                                  "         LAST ERROR\n"
                                  "failed  m-1   10.0.0.7  LINUX  acme  logd 1.0>1.1  "
                                  "2023-11-14T22:13:20Z  logd: probe "
                                  "failed?[31m\n");
    QTest::newRow("csv")
        << QStringLiteral("csv")
        << QStringLiteral(
               "state,uuid,address,type,pin,agents,last_contact,last_error,labels,batch,hostname,"
               "kernel,"
               "ifrit,first_seen\r\n"
               "failed,m-1,10.0.0.7,LINUX,acme,logd 1.0>1.1,2023-11-14T22:13:20Z,logd: probe "
               "failed\x1b[31m,zone=b,,web-7,6.1,0.1.0,-\r\n");
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
               "\"integrity\":\"unknown\",\"cpu_percent\":0,\"rss_bytes\":0,\"known_bad\":[],"
               "\"since_ms\":null,\"since\":null,\"next_retry_ms\":null,\"next_retry\":null,"
               "\"deadline_ms\":null,\"deadline\":null,\"last_error\":{\"reason\":\"PROBE\","
               "\"message\":\"probe failed\\u001b[31m\",\"step\":\"watching\",\"attempt\":2,"
               "\"at_ms\":null,\"at\":null}}]}\n");
}

void TestCtl::formatsMachines() {
    QFETCH(QString, format);
    QFETCH(QString, golden);
    Ctl ctl;
    ctl.sessions.session.machines_ = {machine("m-1")};
    const Outcome outcome = ctl.run({"machine", "list", "-o", format.toStdString()});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QString::fromStdString(outcome.out), golden);
    QCOMPARE(outcome.err, std::string("1 shown / 1 matching / 12 total\n"));
}

void TestCtl::mapsErrorsToExitCodes_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exit");
    using absl::StatusCode;
    const auto row = [](const char* name, StatusCode code, int exit) {
        QTest::newRow(name) << static_cast<int>(code) << exit;
    };
    row("internal", StatusCode::kInternal, 1);
    row("invalid", StatusCode::kInvalidArgument, 1);
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
    const Outcome outcome = ctl.run({"machine", "show", "m-1"});
    QCOMPARE(outcome.code, exit);
    QVERIFY(has(outcome.err, "ifritctl: it is so ("));
    QVERIFY(outcome.out.empty());
}

void TestCtl::saysErrorCodeReasonAndRequest() {
    Ctl ctl;
    absl::Status status = base::permissionDenied("NOT_ALLOWED", "anna", "readers only read");
    status.SetPayload("ifrit/request-id", absl::Cord("req-7"));
    ctl.sessions.session.failure = status;
    const Outcome outcome = ctl.run({"release", "pause", "12"});
    QVERIFY2(has(outcome.err,
                 "ifritctl: readers only read (PERMISSION_DENIED NOT_ALLOWED, request req-7)\n"
                 "hint: "),
             outcome.err.c_str());
}

void TestCtl::readsAllPagesAndHonoursTheLimit() {
    Ctl ctl;
    for (int i = 1; i <= 5; ++i)
        ctl.sessions.session.machines_.push_back(machine("m-" + std::to_string(i)));
    QCOMPARE(ctl.run({"machine", "list", "-o", "name"}).out,
             std::string("m-1\nm-2\nm-3\nm-4\nm-5\n"));
    const Outcome limited = ctl.run({"machine", "list", "-o", "name", "--limit", "3"});
    QCOMPARE(limited.out, std::string("m-1\nm-2\nm-3\n"));
    QCOMPARE(limited.err, std::string("3 shown / 5 matching / 12 total\n"));
}

void TestCtl::asksBeforeItChangesMachines() {
    Ctl ctl;
    ctl.sessions.session.release = release(domain::ReleaseState::Running, {});
    Outcome outcome = ctl.run({"release", "verify", "12"});
    QCOMPARE(outcome.code, 2);
    QVERIFY(has(outcome.err, "nobody can be asked"));
    ctl.interactive = true;
    ctl.typed = "n";
    outcome = ctl.run({"release", "verify", "12"});
    QVERIFY(has(outcome.err, "[y/N]"));
    QVERIFY(outcome.code != 0);
    QVERIFY2(ctl.sessions.session.calls.empty(), "an answer No must call nothing");
    ctl.typed = "y";
    QCOMPARE(ctl.run({"release", "verify", "12"}).code, 0);
    QVERIFY(ctl.sessions.session.lastAct.verb == domain::ReleaseVerb::Verify);
}

void TestCtl::destructiveVerbsNeedReasonAndTheRightCount() {
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
        const Outcome mismatch = run({"--confirm-count", "6"});
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

void TestCtl::startPlansShowsAsksAndSendsThatPlan() {
    Ctl ctl;
    auto& fake = ctl.sessions.session;
    fake.release = release(domain::ReleaseState::Running, {});
    fake.plan_.planId = "plan-9";
    fake.plan_.machinesTotal = 12;
    fake.plan_.stages = {{domain::StageKind::Gray, 0, {{"LINUX", 2}}, {{"", 1}, {"1.0", 1}}}};
    const Outcome dry = ctl.run({"release", "start", "12", "--dry-run"});
    QCOMPARE(dry.code, 0);
    QVERIFY2(has(dry.out, "plan-9") && has(dry.out, "not installed: 1, 1.0: 1"), dry.out.c_str());
    QVERIFY(fake.lastAct.releaseId.empty());
    QCOMPARE(ctl.run({"release", "start", "12", "--yes"}).code, 0);
    QCOMPARE(fake.lastAct.planId, std::string("plan-9"));
    QCOMPARE(ctl.run({"release", "start", "12", "--plan", "plan-8", "--yes"}).code, 0);
    QCOMPARE(fake.lastAct.planId, std::string("plan-8"));
    fake.lastAct = {};
    fake.plan_.conflicts = {"release 11 moves logd"};
    const Outcome conflict = ctl.run({"release", "start", "12", "--yes"});
    QCOMPARE(conflict.code, 5);
    QVERIFY(has(conflict.err, "release 11 moves logd"));
    QVERIFY(fake.lastAct.releaseId.empty());
}

void TestCtl::watchEndsWithTheReleasesCode_data() {
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

void TestCtl::watchEndsWithTheReleasesCode() {
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
    const Outcome outcome =
        ctl.run({"release", "watch", "12", "--wait-for", waitFor.toStdString(), "-o", "jsonl"});
    QCOMPARE(outcome.code, exit);
    QCOMPARE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 2);
}

void TestCtl::waitingHasALimitAndCtrlCStopsItAlone() {
    Ctl ctl;
    ctl.sessions.session.watched = {release(domain::ReleaseState::Running, {})};
    const Outcome late = ctl.run({"release", "watch", "12", "--timeout", "100ms"});
    QCOMPARE(late.code, 7);
    QVERIFY(has(late.err, "the release goes on"));
    ctl.interrupted = true;
    QCOMPARE(ctl.run({"release", "watch", "12"}).code, 130);
    QVERIFY(ctl.sessions.session.lastAct.releaseId.empty());
}

void TestCtl::createReadsFlagsAndFile() {
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
    const Outcome outcome =
        ctl.run({"release", "create", "-f", ctl.path("release.toml"), "--dry-run"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(fake.spec == expected);
    QCOMPARE(fake.calls.back(), std::string("planRelease r-1"));
}

void TestCtl::createRefusesBadFiles_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("says");
    QTest::newRow("not toml") << QByteArray("agent") << QStringLiteral("release.toml:1: not TOML");
    QTest::newRow("unknown") << QByteArray("agent='a'\ncolour=1")
                             << QStringLiteral("release.toml:2: unknown key 'colour'");
    QTest::newRow("gray unknown") << QByteArray("[gray]\nuuid=['a']")
                                  << QStringLiteral("unknown key 'uuid'");
    QTest::newRow("type") << QByteArray("agent=3") << QStringLiteral("'agent' must be a text");
    QTest::newRow("list") << QByteArray("machine_types='LINUX'") << QStringLiteral("list of texts");
    QTest::newRow("duration") << QByteArray("soak=10")
                              << QStringLiteral("'soak' must be a duration");
    QTest::newRow("action") << QByteArray("action='remove'") << QStringLiteral("'action' must be");
}

void TestCtl::createRefusesBadFiles() {
    QFETCH(QByteArray, content);
    QFETCH(QString, says);
    Ctl ctl;
    QFile file(QString::fromStdString(ctl.path("release.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const Outcome outcome = ctl.run({"release", "create", "-f", ctl.path("release.toml")});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, says.toStdString()), outcome.err.c_str());
    QVERIFY(ctl.sessions.session.calls.empty());
    QCOMPARE(ctl.run({"release", "create", "-f", ctl.path("nothing.toml")}).code, 1);
}

void TestCtl::contextsAreImportedUsedAndRemoved() {
    Ctl ctl;
    const std::string bundle = ctl.variables["IFRIT_BUNDLE"];
    ctl.variables.clear();
    Outcome none = ctl.run({"machine", "list"});
    QVERIFY(has(none.err, "context import"));
    QCOMPARE(ctl.run({"context", "import", bundle}).code, 0);
    QCOMPARE(ctl.run({"context", "import", bundle, "--name", "second"}).code, 0);
    QCOMPARE(ctl.run({"context", "list", "-o", "name"}).out, std::string("demo\nsecond\n"));
    for (const char* file : {"config/contexts/demo", "config/current"}) {
        const auto permissions = QFile::permissions(QString::fromStdString(ctl.path(file)));
        QVERIFY(!(permissions &
                  (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    }
    QVERIFY(has(ctl.run({"context", "show", "-o", "json"}).out, "\"name\": \"second\""));
    QVERIFY(!has(ctl.run({"context", "show", "-o", "json"}).out, "BEGIN"));
    QCOMPARE(ctl.run({"context", "use", "demo"}).code, 0);
    QCOMPARE(ctl.run({"machine", "list"}).code, 0);
    QCOMPARE(ctl.sessions.profile.bundle.cluster, std::string("demo"));
    QCOMPARE(ctl.run({"context", "use", "third"}).code, 3);
    QCOMPARE(ctl.run({"context", "show", "../../etc/passwd"}).code, 2);
    QCOMPARE(ctl.run({"context", "remove", "demo"}).code, 0);
    QCOMPARE(ctl.run({"context", "list", "-o", "name"}).out, std::string("second\n"));
}

void TestCtl::badBundlesAreNamed() {
    Ctl ctl;
    QFile file(QString::fromStdString(ctl.path("bad.bundle")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("format = 1\ncolour = 2\n");
    file.close();
    Outcome outcome = ctl.run({"machine", "list", "--bundle", ctl.path("bad.bundle")});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, "bad.bundle:2: unknown key 'colour'"), outcome.err.c_str());
    outcome = ctl.run({"context", "import", ctl.path("nothing.bundle")});
    QCOMPARE(outcome.code, 1);
    QVERIFY(has(outcome.err, "nothing.bundle"));
    QCOMPARE(ctl.sessions.opened, 0);
    // A folder that cannot be made.
    QFile blocker(QString::fromStdString(ctl.path("config")));
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    outcome = ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(has(outcome.err, "cannot write"), outcome.err.c_str());
}

void TestCtl::loginKeepsItsTokenSecret() {
    Ctl ctl;
    ctl.run({"context", "import", ctl.variables["IFRIT_BUNDLE"]});
    ctl.variables.clear();
    ctl.interactive = true;
    ctl.typed = "pw";
    const Outcome outcome = ctl.run({"login", "--user", "anna"});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(ctl.sessions.session.calls.back(), std::string("login anna pw"));
    QVERIFY(!has(outcome.out + outcome.err, "secret-token") && !has(outcome.err, "pw\n"));
    const QString token = QString::fromStdString(ctl.path("config/tokens/demo"));
    QVERIFY(QFile::exists(token));
    QVERIFY(!(QFile::permissions(token) & (QFile::ReadGroup | QFile::ReadOther)));
    ctl.run({"machine", "list"});
    QCOMPARE(ctl.sessions.profile.bearerToken, std::string("secret-token"));
    QCOMPARE(ctl.run({"logout"}).code, 0);
    QVERIFY(!QFile::exists(token));
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
    const Outcome outcome = ctl.run({"doctor"});
    QCOMPARE(outcome.code, 8);
    QCOMPARE(outcome.out, std::string("STEP  RESULT   TOOK  DETAIL\n"
                                      "dns   ok       0 ms  127.0.0.1\n"
                                      "tcp   failed   0 ms  no TCP connection; check the firewall\n"
                                      "tls   skipped  0 ms  an earlier step failed\n"));
}

void TestCtl::keysAndPackagesAreMadeAndVerified() {
    Ctl ctl;
    const std::string key = ctl.path("publisher.pem");
    QCOMPARE(ctl.run({"key", "generate", key}).code, 0);
    QVERIFY(
        !(QFile::permissions(QString::fromStdString(key)) & (QFile::ReadGroup | QFile::ReadOther)));
    QCOMPARE(ctl.run({"key", "generate", key}).code, 5);
    const std::string id = ctl.run({"key", "show", key, "-o", "name"}).out;
    QCOMPARE(id.size(), std::size_t{17});
    QCOMPARE(ctl.run({"key", "show", key + ".pub.pem", "-o", "name"}).out, id);
    QVERIFY(QDir(ctl.dir.path()).mkpath(QStringLiteral("src/files/bin")));
    QFile program(QString::fromStdString(ctl.path("src/files/bin/logd")));
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("#!/bin/sh\nexec sleep 1000\n");
    program.close();
    program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile source(QString::fromStdString(ctl.path("src/package.toml")));
    QVERIFY(source.open(QIODevice::WriteOnly));
    source.write(
        "format = 1\nname = \"logd\"\nversion = \"1.0\"\nmachine_types = [\"LINUX\"]\n"
        "[start]\ncommand = [\"bin/logd\"]\n");
    source.close();
    const Outcome built = ctl.run({"package", "build", ctl.path("src"), "--key", key, "--out",
                                   ctl.path("logd.ifrit"), "-o", "name"});
    QVERIFY2(built.code == 0, built.err.c_str());
    QCOMPARE(ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", key + ".pub.pem"}).code,
             0);
    // Another key is not enough, and a changed byte is found.
    QCOMPARE(ctl.run({"key", "generate", ctl.path("other.pem")}).code, 0);
    const Outcome foreign =
        ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", ctl.path("other.pem")});
    QCOMPARE(foreign.code, 5);
    QVERIFY2(has(foreign.err, "PACKAGE_UNKNOWN_KEY"), foreign.err.c_str());
    QFile package(QString::fromStdString(ctl.path("logd.ifrit")));
    QVERIFY(package.open(QIODevice::ReadWrite));
    QByteArray bytes = package.readAll();
    const qsizetype at = bytes.indexOf("version = \"1.0\"");
    QVERIFY(at > 0);
    bytes[at + 11] = '2';
    package.seek(0);
    package.write(bytes);
    package.close();
    const Outcome changed =
        ctl.run({"package", "verify", ctl.path("logd.ifrit"), "--key", key + ".pub.pem"});
    QVERIFY2(changed.code != 0 && has(changed.err, "PACKAGE_SIGNATURE"), changed.err.c_str());
}

void TestCtl::aBrokenAuditChainIsAFailure() {
    Ctl ctl;
    ctl.sessions.session.verification = {10, "ab", false, 7, "row 7 was changed"};
    const Outcome outcome = ctl.run({"audit", "verify"});
    QCOMPARE(outcome.code, 1);
    QVERIFY(has(outcome.err, "row 7 was changed"));
}

QTEST_GUILESS_MAIN(TestCtl)
#include "tst_ctl.moc"
