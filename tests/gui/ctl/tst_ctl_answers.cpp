// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "gui/ctl/text.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;
using tests::has;
namespace services = gui::services;

/// How ifritctl puts what it says and asks: counts, times, hints.
class TestCtlAnswers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "UTC");
        tzset();
    }

    void oneIsNotMany() {
        using gui::ctl::countOf;
        QCOMPARE(countOf(1, "packages"), std::string("1 package"));
        QCOMPARE(countOf(0, "packages"), std::string("0 packages"));
        QCOMPARE(countOf(1, "entries"), std::string("1 entry"));
        QCOMPARE(countOf(2, "entries"), std::string("2 entries"));
    }

    /// As after a restore without archives: something was done.
    void aPublishSaysThatAnArchiveWasPutBack() {
        Ctl ctl;
        ctl.sessions.session.packages = {services::PackageInfo{}};
        const auto told = [&ctl] {
            return ctl.run({"package", "publish", "/tmp/p.ifrit", "--reason", "x"}).err;
        };
        QVERIFY2(has(told(), "published"), told().c_str());
        ctl.sessions.session.archivePutBack = true;
        QVERIFY2(has(told(), "its archive was missing and was put back"), told().c_str());
    }

    void explainSaysWhatIsHeldAndWhatHoldsBack() {
        Ctl ctl;
        services::Explanation& explanation = ctl.sessions.session.explanation;
        domain::DesiredEntry entry;
        entry.agent = "logd";
        entry.version = "2";
        explanation = {"m-1", 15, {{entry, domain::Verdict::Chosen}}};
        const auto run = [&ctl](const char* format) {
            return ctl.run({"machine", "explain", "m-1", "-o", format});
        };
        QVERIFY2(has(run("table").err, "this master does not know"), run("table").err.c_str());
        explanation.heldGeneration = 12;
        QVERIFY2(has(run("table").err, "holds generation 12, and has not come for this one yet"),
                 run("table").err.c_str());
        explanation.holdsEntries = true;
        explanation.heldBack = {
            {"logd", "OUTSIDE_WINDOW", "which open later", base::fromUnixMillis(1'000)}};
        const tests::Outcome held = run("table");
        QVERIFY2(has(held.err, "holds generation 12, which says the same"), held.err.c_str());
        QVERIFY2(has(held.err, "logd is held back: OUTSIDE_WINDOW: which open later"),
                 held.err.c_str());
        const std::string json = run("json").out;
        QVERIFY2(has(json, "\"held_generation\": 12"), json.c_str());
        QVERIFY2(has(json, "\"reason\": \"OUTSIDE_WINDOW\""), json.c_str());
        QVERIFY2(has(json, "\"opens\": \"1970-01-01T00:00:01"), json.c_str());
        // Another agent's hold is not this one's.
        explanation.entries.front().entry.agent = "metricsd";
        const std::string other = run("json").out;
        QVERIFY2(has(other, "\"held_back\": null"), other.c_str());
        // Of the machine as a whole.
        explanation.heldGeneration = 20;
        QVERIFY2(has(run("table").err, "holds generation 20, which says the same"),
                 run("table").err.c_str());
        explanation.holdsEntries = false;
        explanation.heldBack = {{{}, "GENERATION_BACKWARDS", "it follows nothing", std::nullopt}};
        const tests::Outcome ahead = run("table");
        QVERIFY2(has(ahead.err, "holds generation 20\n"), ahead.err.c_str());
        QVERIFY2(has(ahead.err, "m-1 is held back: GENERATION_BACKWARDS"), ahead.err.c_str());
        QVERIFY2(has(run("json").out, "GENERATION_BACKWARDS"), run("json").out.c_str());
    }

    // Each option of a release said what it excludes, and the file thirty of them in one line.
    void helpSaysWhatOptionsAreAndNotWhatTheyExclude() {
        Ctl ctl;
        const tests::Outcome help = ctl.run({"help", "release", "create"});
        QVERIFY(has(help.out, "--file FILE"));
        QVERIFY2(!has(help.out, "Excludes"), help.out.c_str());
    }

    void aWrongValueNamesItsOption() {
        const auto duration = gui::ctl::parseDuration("--soak", "x");
        QVERIFY(has(std::string(duration.status().message()), "--soak: 'x' is not a duration"));
        const auto time = gui::ctl::parseTime("--since", "2026-13-01");
        QVERIFY(has(std::string(time.status().message()), "--since: '2026-13-01' is not a time"));
        // What is one is not called none.
        const auto longer = gui::ctl::parseDuration("--for", "60d");
        QVERIFY(has(std::string(longer.status().message()), "--for: 60d is more than 30d"));
        QVERIFY(gui::ctl::parseDuration("--for", "60d", std::chrono::hours(90 * 24)).ok());
        QVERIFY(!gui::ctl::parseDuration("--for", "91d", std::chrono::hours(90 * 24)).ok());
    }

    // One spelling, which the desktop's exports have too; a table has what it last was, beside.
    void anOfflineMachineIsOneWordInFiles() {
        Ctl ctl;
        ctl.sessions.session.machines = {tests::machine("m-1"), tests::machine("m-2")};
        for (auto& machine : ctl.sessions.session.machines)
            machine.offline = true;
        ctl.sessions.session.machines[1].state = domain::MachineState::Silent;
        const std::string csv = ctl.run({"machine", "list", "-o", "csv"}).out;
        QVERIFY2(has(csv, "\noffline,m-1,"), csv.c_str());
        QVERIFY2(has(csv, "\nsilent,m-2,"), csv.c_str());
        const std::string table = ctl.run({"machine", "list"}).out;
        QVERIFY2(has(table, "offline (failed)"), table.c_str());
        QVERIFY2(!has(table, "(silent)"), table.c_str());
    }

    // -1 was taken for the largest number that there is.
    void aLimitThatIsNoneNamesItsRange() {
        Ctl ctl;
        for (const char* list :
             {"machine list", "machine events m-1", "package list", "release list",
              "release machines 12", "release timeline 12", "campaign list", "audit list"}) {
            for (const char* limit : {"-1", "1000001", "99999999999999999999"}) {
                const std::string line = std::string(list) + " --limit " + limit;
                const tests::Outcome outcome = ctl.run(tests::arguments(line.c_str()));
                QVERIFY2(outcome.code == 2, line.c_str());
                QVERIFY2(has(outcome.err, "in range 0 to 1000000"), outcome.err.c_str());
                QVERIFY2(has(outcome.err, limit), outcome.err.c_str());
            }
        }
        QVERIFY(ctl.sessions.session.calls.empty());
    }

    // As in the desktop: who writes a day means all of it.
    void aDayIsPartOfTheSpanThatItEnds() {
        const auto at = [](const char* text) {
            return base::toUnixMillis(*gui::ctl::parseUntil("--until", text));
        };
        QCOMPARE(at("2026-01-31"), at("2026-02-01T00:00:00"));
        QCOMPARE(at("2026-01-31T12:00:00Z"), at("2026-01-31T12:00:00+00:00"));
        QVERIFY(!gui::ctl::parseUntil("--until", "2026-02-31").ok());
    }

    void aPersonIsAskedForTheReason() {
        Ctl ctl;
        const std::vector<std::string> line = {"package", "delete",          "logd",
                                               "1.0",     "--confirm-count", "1"};
        QCOMPARE(ctl.run(line).code, 2);
        ctl.interactive = true;
        ctl.typed.clear();
        const tests::Outcome none = ctl.run(line);
        QCOMPARE(none.code, 2);
        QVERIFY2(has(none.err, "needs a reason; nothing was changed"), none.err.c_str());
        ctl.typed = "too old";
        const tests::Outcome outcome = ctl.run(line);
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(has(outcome.err, "Why package delete?"), outcome.err.c_str());
        QCOMPARE(ctl.sessions.session.mutation.reason, std::string("too old"));
    }

    void whoHasContextsIsToldToChooseOne() {
        Ctl ctl;
        const std::string bundle = ctl.variables["IFRIT_BUNDLE"];
        ctl.variables.clear();
        for (const char* name : {"shop", "depot"})
            QCOMPARE(ctl.run({"context", "import", bundle, "--name", name}).code, 0);
        const tests::Outcome removed = ctl.run({"context", "remove", "depot"});
        QVERIFY2(has(removed.err, "ifritctl context use shop"), removed.err.c_str());
        const tests::Outcome none = ctl.run({"machine", "list"});
        QCOMPARE(none.code, 2);
        QVERIFY2(has(none.err, "there are: shop"), none.err.c_str());
        QVERIFY2(has(none.err, "choose one: ifritctl context use"), none.err.c_str());
        const tests::Outcome unknown = ctl.run({"machine", "list", "--context", "stop"});
        QVERIFY2(!has(unknown.err, "context import"), unknown.err.c_str());
        QCOMPARE(ctl.run({"context", "remove", "shop"}).code, 0);
        const tests::Outcome nowhere = ctl.run({"context", "use", "shop"});
        QVERIFY2(has(nowhere.err, "hint: import a bundle"), nowhere.err.c_str());
    }

    // Who signs in again is refused again.
    void whoIsDisabledIsNotSentToSignIn() {
        Ctl ctl;
        ctl.sessions.session.failure = base::makeError(
            absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED", "anna", "anna is disabled");
        const tests::Outcome outcome = ctl.run({"release", "list"});
        QCOMPARE(outcome.code, 4);
        QVERIFY2(has(outcome.err, "hint: ask a super admin for 'ifritctl user enable'"),
                 outcome.err.c_str());
        QVERIFY2(!has(outcome.err, "login"), outcome.err.c_str());
    }

    // A verb that the state refuses is not asked about: its count would be 0.
    void whatTheStateRefusesSaysTheState() {
        Ctl ctl;
        services::ReleaseInfo draft = tests::release(domain::ReleaseState::Draft, {});
        draft.refusedVerbs[domain::ReleaseVerb::Rollback] = "the release is a draft";
        ctl.sessions.session.release = draft;
        const tests::Outcome outcome =
            ctl.run({"release", "rollback", "12", "--reason", "r", "--confirm-count", "2"});
        QCOMPARE(outcome.code, 5);
        QVERIFY2(has(outcome.err,
                     "the release is a draft; it takes no verb any more (FAILED_PRECONDITION "
                     "RELEASE_STATE"),
                 outcome.err.c_str());
    }

    // A program reads one answer: what was started, and not the plan before it.
    void aStartAnswersWithOneThing() {
        Ctl ctl;
        auto& master = ctl.sessions.session;
        master.plan.planId = "plan-8";
        master.plan.machinesTotal = 1;
        master.plan.clusterMachines = 100;
        master.release = tests::release(domain::ReleaseState::Running, {}, 1);
        ctl.interactive = true;
        ctl.typed = "y";
        for (const char* verb : {"start", "approve"}) {
            tests::Outcome done = ctl.run({"release", verb, "12", "-o", "name"});
            QCOMPARE(done.out, std::string("12\n"));
            // The person who is asked sees it.
            QVERIFY2(has(done.err, "plan-8"), done.err.c_str());
            done = ctl.run({"release", verb, "12", "-o", "json"});
            QVERIFY2(!has(done.out, "plan-8") && has(done.out, "\"number\": 12"), done.out.c_str());
            done = ctl.run({"release", verb, "12"});
            QVERIFY2(has(done.out, "plan-8"), done.out.c_str());
        }
        QVERIFY(has(ctl.run({"release", "start", "12", "--dry-run", "-o", "json"}).out, "plan-8"));
    }

    void aReleaseSaysWhatItTakesAndHowManyThatReaches() {
        Ctl ctl;
        services::ReleaseInfo release = tests::release(domain::ReleaseState::Running, {}, 30);
        release.allowedVerbs = {domain::ReleaseVerb::Pause, domain::ReleaseVerb::Rollback};
        release.reached = {{domain::ReleaseVerb::Rollback, 6}};
        ctl.sessions.session.release = release;
        const std::string out = ctl.run({"release", "show", "12"}).out;
        QVERIFY2(has(out, "Takes now") && has(out, "pause, rollback 6"), out.c_str());
    }

    // A small stage lets none through, and one that is not open has no budget yet: both said
    // "0 of 0".
    void aBudgetOfNoneIsSaid() {
        Ctl ctl;
        services::ReleaseInfo release = tests::release(domain::ReleaseState::Running, {}, 3);
        const auto bad = [&](bool opened, std::uint32_t limit) {
            release.stages[0].counts.opened =
                opened ? std::optional(base::fromUnixMillis(1'700'000'000'000)) : std::nullopt;
            release.stages[0].badLimit = limit;
            ctl.sessions.session.release = release;
            return ctl.run({"release", "show", "12"}).out;
        };
        QVERIFY2(has(bad(true, 0), "0, none may fail"), bad(true, 0).c_str());
        QVERIFY2(has(bad(true, 2), "0 of 2"), bad(true, 2).c_str());
        const std::string later = bad(false, 0);
        QVERIFY2(!has(later, "0 of 0") && !has(later, "none may fail"), later.c_str());
    }

    void whereCostsWereAcceptedIsToldToPrograms() {
        Ctl ctl;
        services::ReleaseInfo release = tests::release(domain::ReleaseState::Running, {}, 3);
        release.stages[0].costAccepted = true;
        ctl.sessions.session.release = release;
        const std::string out = ctl.run({"release", "show", "12", "-o", "jsonl"}).out;
        QVERIFY2(has(out, "\"cost_accepted\":true"), out.c_str());
    }

    void errorsAndBadVersionsHaveTheirReason() {
        Ctl ctl;
        services::MachineInfo machine = tests::machine("m-1");
        machine.agents[0].lastError = domain::AgentError{"EXITED_AT_START", "exited with 1", "", 1};
        machine.agents[0].desiredDigest = std::string(64, 'b');
        machine.agents[0].knownBad = {std::string(64, 'b')};
        ctl.sessions.session.machines = {machine};
        services::PackageInfo package;
        package.version = "1.4";
        ctl.sessions.session.packages = {package};
        const std::string error = "exited with 1 (EXITED_AT_START)";
        const std::string list = ctl.run({"machine", "list"}).out;
        QVERIFY2(has(list, "logd: " + error), list.c_str());
        const std::string shown = ctl.run({"machine", "show", "m-1"}).out;
        QVERIFY2(has(shown, error) && has(shown, "logd 1.4 (EXITED_AT_START)"), shown.c_str());
        const std::string json = ctl.run({"machine", "show", "m-1", "-o", "jsonl"}).out;
        const std::string bad =
            "\"known_bad\":[{\"agent\":\"logd\",\"version\":\"1.4\",\"manifest_digest\":\"" +
            std::string(64, 'b') + "\",\"reason\":\"EXITED_AT_START\"}]";
        QVERIFY2(has(json, bad), json.c_str());
    }

    void aRingWithoutASeedSaysSo() {
        Ctl ctl;
        const std::vector<std::string> line = {"ring", "locate", "m-1", "--batches", "4"};
        const tests::Outcome done = ctl.run(line);
        QVERIFY2(has(done.err, "computed for seed 0"), done.err.c_str());
        std::vector<std::string> with = line;
        with.insert(with.end(), {"--seed", "4711"});
        QCOMPARE(ctl.run(with).err, std::string());
        // What was typed wrongly is usage.
        QCOMPARE(ctl.run({"ring", "locate", "", "--batches", "4"}).code, 2);
    }

    void whoSignsOutIsToldWhatActsNext() {
        Ctl ctl;
        const std::string bundle = ctl.variables["IFRIT_BUNDLE"];
        ctl.variables.clear();
        QCOMPARE(ctl.run({"context", "import", bundle, "--name", "demo"}).code, 0);
        ctl.in.str("secret\n");
        QCOMPARE(ctl.run({"login", "--user", "anna", "--password-stdin"}).code, 0);
        const tests::Outcome done = ctl.run({"logout"});
        QVERIFY2(has(done.err, "signed out; the certificate of context demo acts from now on"),
                 done.err.c_str());
    }

    void csvHasPlainNumbersAndNothingForNone() {
        Ctl ctl;
        services::PackageInfo package;
        package.agent = "logd";
        package.version = "1.0";
        package.machineTypes = {"LINUX"};
        package.archiveSizeBytes = 18'000'000;
        package.manifestDigest = std::string(64, 'a');
        ctl.sessions.session.packages = {package};
        const std::string csv = ctl.run({"package", "list", "-o", "csv"}).out;
        QVERIFY2(has(csv, ",18000000,"), csv.c_str());
        QVERIFY2(has(csv, std::string(64, 'a')), csv.c_str());
        QVERIFY2(!has(csv, ",-,"), csv.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCtlAnswers)
#include "tst_ctl_answers.moc"
