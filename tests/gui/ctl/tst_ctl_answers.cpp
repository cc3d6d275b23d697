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

    void aWrongValueNamesItsOption() {
        const auto duration = gui::ctl::parseDuration("--soak", "x");
        QVERIFY(has(std::string(duration.status().message()), "--soak: 'x' is not a duration"));
        const auto time = gui::ctl::parseTime("--since", "2026-13-01");
        QVERIFY(has(std::string(time.status().message()), "--since: '2026-13-01' is not a time"));
        QVERIFY(!gui::ctl::parseDuration("--for", "60d").ok());
        QVERIFY(gui::ctl::parseDuration("--for", "60d", std::chrono::hours(90 * 24)).ok());
        QVERIFY(!gui::ctl::parseDuration("--for", "91d", std::chrono::hours(90 * 24)).ok());
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
                QVERIFY2(has(outcome.err, "not in range 0 to 1000000"), outcome.err.c_str());
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

    // A verb that the state refuses is not asked about: its count would be 0.
    void whatTheStateRefusesSaysTheState() {
        Ctl ctl;
        services::ReleaseInfo draft = tests::release(domain::ReleaseState::Draft, {});
        draft.refusedVerbs[domain::ReleaseVerb::Rollback] = "the release is draft";
        ctl.sessions.session.release = draft;
        const tests::Outcome outcome =
            ctl.run({"release", "rollback", "12", "--reason", "r", "--confirm-count", "2"});
        QCOMPARE(outcome.code, 5);
        QVERIFY2(has(outcome.err,
                     "the release is draft; it takes no verb any more (FAILED_PRECONDITION "
                     "RELEASE_STATE"),
                 outcome.err.c_str());
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
