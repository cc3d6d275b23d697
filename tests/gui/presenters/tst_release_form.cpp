// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHash>
#include <QTest>

#include "gui/presenters/release_form.h"
#include "gui/presenters/spec_facts.h"
#include "shared/domain/gate_text.h"

using namespace ifrit;
using gui::presenters::ReleaseForm;
using gui::presenters::ReleaseFormRules;

class TestReleaseForm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFreshFormHasTheDomainsGates();
    void gatesOrderAndPilotAreRead();
    void whatCannotBeReadIsNamed_data();
    void whatCannotBeReadIsNamed();
    void anOrderOfNoBatchesIsNotJudged();
    void gateTextsComeBack();
    void ratesAndLimitsOfCostAreRead();
    void badRatesAndLimitsOfCostAreNamed_data();
    void badRatesAndLimitsOfCostAreNamed();
    void factsNameRatesAndLimitsOfCost();
};

void TestReleaseForm::aFreshFormHasTheDomainsGates() {
    const domain::ReleaseSpec spec = ReleaseFormRules::specOf({});
    QVERIFY(spec.gates == domain::GatePolicy{});
    QVERIFY(spec.batches == domain::BatchPlan{});
    QVERIFY(spec.pilot.empty());
}

void TestReleaseForm::gatesOrderAndPilotAreRead() {
    ReleaseForm form;
    form.gray = false;
    form.pilotCount = 3;
    form.soakMinutes = 7;
    form.batches = true;
    form.order = QStringLiteral("3, 1 2");
    form.badGate = {2, 4, 6};
    form.gates = QStringLiteral("silent@batch=10%,2,5; failed=3%");
    form.costGate = false;
    QCOMPARE(ReleaseFormRules::problem(form, 3), QString());
    const domain::ReleaseSpec spec = ReleaseFormRules::specOf(form);
    QCOMPARE(spec.pilot.count, 3U);
    // A pilot of a number alone soaks too.
    QCOMPARE(spec.soak, std::chrono::milliseconds(420'000));
    QCOMPARE(spec.batches.order, (std::vector<std::uint32_t>{3, 1, 2}));
    QVERIFY(!spec.gates.cost.enabled);
    QCOMPARE(spec.gates.rules.size(), std::size_t{3});
    QVERIFY(limitsOf(spec.gates, domain::GateKind::Bad, domain::StageKind::Full) ==
            (domain::GateLimits{2, 4, 6}));
    QVERIFY(limitsOf(spec.gates, domain::GateKind::Silent, domain::StageKind::Batch) ==
            (domain::GateLimits{10, 2, 5}));
    QVERIFY(limitsOf(spec.gates, domain::GateKind::Failed, domain::StageKind::Gray) ==
            (domain::GateLimits{3, 1, 1}));
}

void TestReleaseForm::whatCannotBeReadIsNamed_data() {
    QTest::addColumn<QString>("order");
    QTest::addColumn<QString>("gates");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const char* order, const char* gates, const char* names) {
        QTest::newRow(name) << QString::fromLatin1(order) << QString::fromLatin1(gates)
                            << QString::fromLatin1(names);
    };
    row("no number", "1 two 3", "", "\"two\" is no batch");
    row("zero", "0 1 2", "", "\"0\" is no batch");
    row("twice", "1 2 2", "", "batch 2 twice");
    row("beyond", "1 2 4", "", "no batch 4: this cluster has 3");
    row("missing", "3 1", "", "batch 2 is missing");
    row("no gate", "", "strict", "\"strict\" is no gate");
    row("kind", "", "slow=3%", "\"slow=3%\" is no gate");
    row("stage", "", "failed@later=3%", "is no gate");
    row("percent", "", "failed=3", "is no gate");
    row("over", "", "failed=101%", "is no gate");
    row("trailing", "", "failed=3%,", "is no gate");
    row("four", "", "failed=3%,1,1,1", "is no gate");
    row("cost", "", "cost=3%", "is no gate");
    row("two", "", "failed=3% failed=4%", "two gates \"failed\"");
    row("two bad", "", "bad=3%", "two gates \"bad\"");
}

void TestReleaseForm::whatCannotBeReadIsNamed() {
    QFETCH(const QString, order);
    QFETCH(const QString, gates);
    QFETCH(const QString, names);
    ReleaseForm form;
    form.batches = true;
    form.badGate.percent = 9;
    form.order = order;
    form.gates = gates;
    const QString problem = ReleaseFormRules::problem(form, 3);
    QVERIFY2(problem.contains(names), qPrintable(problem));
}

void TestReleaseForm::anOrderOfNoBatchesIsNotJudged() {
    ReleaseForm form;
    form.order = QStringLiteral("x");
    QCOMPARE(ReleaseFormRules::problem(form, 3), QString());
    QVERIFY(ReleaseFormRules::specOf(form).batches.order.empty());
    form.batches = true;
    form.order = QStringLiteral("2 1");
    // How many there are is not known before the cluster is.
    QCOMPARE(ReleaseFormRules::problem(form, 0), QString());
}

void TestReleaseForm::gateTextsComeBack() {
    for (const char* text : {"bad=5%,1,1", "silent@batch=10%,2,5", "crash-looping@full=0%,0,0"}) {
        const auto rule = domain::parseGateRule(text);
        QVERIFY(rule.ok());
        QCOMPARE(domain::formatGateRule(*rule), std::string(text));
    }
}

void TestReleaseForm::ratesAndLimitsOfCostAreRead() {
    ReleaseForm form;
    form.downloadRate = QStringLiteral(" 2MB/s ");
    form.costLimits = QStringLiteral("full=20%,1.5,8MiB,9; 30% gray=none");
    QCOMPARE(ReleaseFormRules::problem(form, 3), QString());
    domain::ReleaseSpec spec = ReleaseFormRules::specOf(form);
    QCOMPARE(spec.downloadRate, std::uint64_t{2'000'000});
    QVERIFY(spec.gates.cost == (domain::CostLimits{true, 30}));
    QCOMPARE(spec.gates.stageCosts.size(), std::size_t{2});
    QVERIFY(*ownCostOf(spec.gates, domain::StageKind::Full) ==
            (domain::CostLimits{true, 20, 1.5, 8U << 20U, 9}));
    QVERIFY(!ownCostOf(spec.gates, domain::StageKind::Gray)->enabled);
    // Without the gate, only the stages that have limits of their own are judged.
    form.costGate = false;
    spec = ReleaseFormRules::specOf(form);
    QVERIFY(!spec.gates.cost.enabled);
    QVERIFY(ownCostOf(spec.gates, domain::StageKind::Full)->enabled);
    for (const char* text : {"full=20%,1.5,8MiB,9", "30%,2,16MiB,5", "gray=none", "none"}) {
        const auto rule = domain::parseCostRule(text);
        QVERIFY(rule.ok());
        QCOMPARE(domain::formatCostRule(*rule), std::string(text));
    }
}

void TestReleaseForm::badRatesAndLimitsOfCostAreNamed_data() {
    QTest::addColumn<QString>("rate");
    QTest::addColumn<QString>("costs");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const char* rate, const char* costs, const char* names) {
        QTest::newRow(name) << QString::fromLatin1(rate) << QString::fromLatin1(costs)
                            << QString::fromLatin1(names);
    };
    row("word", "fast", "", "\"fast\" is no download rate");
    row("too slow", "1KB/s", "", "from 64KiB/s");
    row("stage", "", "later=20%", "\"later=20%\" is no limit of cost");
    row("percent", "", "full=20", "is no limit of cost");
    row("points", "", "full=20%,x", "is no limit of cost");
    row("memory", "", "full=20%,1,much", "is no limit of cost");
    row("sample", "", "full=20%,1,8MiB,4", "is no limit of cost");
    row("five", "", "full=20%,1,8MiB,5,1", "is no limit of cost");
    row("trailing", "", "full=20%,", "is no limit of cost");
    row("two", "", "full=20% full=none", "two limits of cost");
    row("two of all", "", "20% 30%", "two limits of cost");
}

void TestReleaseForm::badRatesAndLimitsOfCostAreNamed() {
    QFETCH(const QString, rate);
    QFETCH(const QString, costs);
    QFETCH(const QString, names);
    ReleaseForm form;
    form.downloadRate = rate;
    form.costLimits = costs;
    const QString problem = ReleaseFormRules::problem(form, 3);
    QVERIFY2(problem.contains(names), qPrintable(problem));
}

void TestReleaseForm::factsNameRatesAndLimitsOfCost() {
    gui::services::ReleaseInfo info;
    info.release.spec.downloadRate = 2'000'000;
    info.release.spec.gates.stageCosts = {{domain::StageKind::Full, {true, 20, 1.5, 8U << 20U, 9}},
                                          {domain::StageKind::Batch, {false}}};
    QHash<QString, QString> facts;
    for (const auto& [label, value] : gui::presenters::SpecFacts::of(info))
        facts[label] = value;
    QCOMPARE(facts[QStringLiteral("Download rate")],
             QStringLiteral("at most 2MB/s for each machine"));
    QCOMPARE(facts[QStringLiteral("Cost gate, Batches")], QStringLiteral("none"));
    const QString cost = facts[QStringLiteral("Cost gate, Full")].simplified();
    QVERIFY2(cost.contains(QStringLiteral("20 %")) && cost.contains(QStringLiteral("8.0 MiB")) &&
                 cost.contains(QStringLiteral("1.5 %")),
             qPrintable(cost));
    info.release.spec.downloadRate = 0;
    QVERIFY(gui::presenters::SpecFacts::of(info).contains(qMakePair(
        QStringLiteral("Download rate"), QStringLiteral("as each machine is configured"))));
}

QTEST_GUILESS_MAIN(TestReleaseForm)
#include "tst_release_form.moc"
