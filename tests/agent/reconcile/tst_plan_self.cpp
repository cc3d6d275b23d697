// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/reconcile/plan.h"
#include "shared/domain/enum_names.h"
#include "tests/agent/reconcile/reconcile_facts.h"

namespace reconcile = ifrit::agent::reconcile;
using namespace reconcile::test;  // NOLINT: one test file
using ifrit::domain::DesiredAction;
using reconcile::PackageProgress;
using reconcile::SelfFacts;
using std::chrono::seconds;

namespace {

std::string shown(const reconcile::AgentPlan& plan) {
    std::string out(ifrit::domain::nameOf(plan.state));
    out += ":";
    if (plan.actions.empty()) return out + " -";
    for (const auto& action : plan.actions) {
        out += ' ';
        out += reconcile::nameOf(action.kind);
        out += ',';
    }
    out.pop_back();
    return out;
}

/// ifrit-agent, of which a program with this digest runs; "": the one that came with the machine.
FactsBuilder self(const std::string& digest, SelfFacts::Trial trial = SelfFacts::Trial::None) {
    FactsBuilder facts;
    if (!digest.empty()) facts.has("1", digest);
    facts.runs(digest);
    facts.raw().agent = "ifrit-agent";
    facts.raw().self = SelfFacts{trial, kNow + seconds(60)};
    return facts;
}

}  // namespace

Q_DECLARE_METATYPE(reconcile::AgentFacts)

class PlanSelfTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void plans_data() {
        QTest::addColumn<reconcile::AgentFacts>("facts");
        QTest::addColumn<QString>("plan");
        const auto row = [](const char* name, const reconcile::AgentFacts& facts,
                            const char* plan) {
            QTest::newRow(name) << facts << QString::fromLatin1(plan);
        };
        using Trial = SelfFacts::Trial;
        row("nobody names it", self(""), "unmanaged: -");
        row("runs what is wanted", self(kDigest1).wants("1", kDigest1), "healthy: -");
        row("ran it before", self(kDigest1).wants("1", kDigest1, "R2"), "already: -");
        row("a new one is wanted", self("").wants("2", kDigest2),
            "scheduled: fetch manifest, preflight, download, unpack, ask permit, switch, watch, "
            "commit");
        row("permitted",
            self(kDigest1)
                .wants("2", kDigest2)
                .package(PackageProgress::Unpacked, true)
                .permit(kDigest2, seconds(5)),
            "installing: switch, watch, commit");
        row("known bad, on a slot", self(kDigest1).wants("2", kDigest2).knownBad(kDigest2),
            "reverted: -");
        row("known bad, on the machine's own", self("").wants("2", kDigest2).knownBad(kDigest2),
            "reverted: -");
        row("to be removed", self(kDigest1).wantsRemoved(DesiredAction::Uninstall),
            "failed: uninstall");
        row("the machine's own, to be removed", self("").wantsRemoved(DesiredAction::Uninstall),
            "failed: uninstall");
        row("removal was refused",
            self(kDigest1).wantsRemoved(DesiredAction::Uninstall).failed("", "X", seconds(9)),
            "failed: wait");
        row("on trial",
            self(kDigest2, Trial::Running).wants("2", kDigest2).step("watching", kDigest2),
            "watching: watch, commit");
        row("on trial, another is wanted",
            self(kDigest2, Trial::Running).wants("3", kDigest1).step("watching", kDigest2),
            "watching: watch, commit");
        row("passed", self(kDigest2, Trial::Passed).wants("2", kDigest2).step("watching", kDigest2),
            "watching: commit");
        row("makes room",
            self(kDigest1, Trial::Leaving).wants("2", kDigest2).step("switching", kDigest2),
            "installing: -");
        row("makes room, the journal does not know",
            self(kDigest1, Trial::Leaving).wants("2", kDigest2), "installing: -");
        row("a switch that did not come to be",
            self(kDigest1).wants("2", kDigest2).step("switching", kDigest2), "installing: recover");
    }
    void plans() {
        QFETCH(const reconcile::AgentFacts, facts);
        QFETCH(const QString, plan);
        QCOMPARE(QString::fromStdString(shown(reconcile::planAgent(facts, kNow))), plan);
    }

    /// Others, while the ifrit-agent that plans for them is on trial.
    void aVersionOnTrialChangesNothingElse() {
        const reconcile::AgentFacts trial =
            self(kDigest2, SelfFacts::Trial::Running).step("watching", kDigest2);
        const auto planned = [&](const reconcile::AgentFacts& other) {
            return shown(reconcile::planMachine({trial, other}, kNow)[1]);
        };
        FactsBuilder wantsTwo = FactsBuilder().wants("2", kDigest2);
        QCOMPARE(planned(wantsTwo), std::string("scheduled: wait"));
        // What is there is started and kept, and what was begun is brought to its end.
        QCOMPARE(planned(FactsBuilder(wantsTwo).has("1", kDigest1)),
                 std::string("scheduled: start"));
        QCOMPARE(planned(FactsBuilder().wants("1", kDigest1).has("1", kDigest1).runs(kDigest1)),
                 std::string("healthy: -"));
        QCOMPARE(planned(FactsBuilder(wantsTwo).has("1", kDigest1).step("switching", kDigest2)),
                 std::string("installing: recover"));
        QCOMPARE(planned(FactsBuilder().has("1", kDigest1).wantsRemoved(DesiredAction::Uninstall)),
                 std::string("scheduled: start"));
        QVERIFY(reconcile::planMachine({trial}, kNow)[0].actions[0].until <= kNow + seconds(1));
    }
};

QTEST_APPLESS_MAIN(PlanSelfTest)
#include "tst_plan_self.moc"
