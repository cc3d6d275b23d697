// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <QTranslator>

#include "gui/models/text_format.h"
#include "gui/presenters/plan_facts.h"
#include "gui/presenters/spec_facts.h"

using namespace ifrit;
using gui::presenters::PlanFacts;
using gui::presenters::SpecFacts;
using gui::services::ReleasePlan;

namespace {

QString valueOf(const QList<QPair<QString, QString>>& facts, const char* label) {
    for (const auto& [key, value] : facts)
        if (key == QLatin1String(label)) return value;
    return {};
}

/// Every text in a language that is none.
class Backwards : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char*, const char*, const char*, int) const override {
        return QStringLiteral("??");
    }
};

}  // namespace

class TestPlanFacts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoIsSilentIsToldBesideWhoChanges();
    void anApprovalThatEndedIsTold();
    void versionsAreFromWhatTheMachinesHave();
    void grayMachinesAreNamed();
    void whyAMachineIsLeftOutIsInTheWindowsLanguage();
    void whatWillHoldItIsInTheWindowsLanguage();
};

void TestPlanFacts::whoIsSilentIsToldBesideWhoChanges() {
    ReleasePlan plan;
    plan.machinesTotal = 12;
    plan.changing = 12;
    plan.stages.emplace_back();
    plan.stages[0].machines = {{"LINUX", 12}};
    plan.stages[0].changing = 12;
    QVERIFY(valueOf(PlanFacts::totals(plan), "Silent").isEmpty());
    QVERIFY(valueOf(PlanFacts::totals(plan), "Change").isEmpty());
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Download"), gui::models::bytes(0));
    plan.bytesTotal = 12 << 20;
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Download"),
             QStringLiteral("at most %1").arg(gui::models::bytes(12 << 20)));
    plan.silent = 4;
    plan.silentBytes = 4 << 20;
    plan.stages[0].silent = 4;
    const auto facts = PlanFacts::of(plan);
    QCOMPARE(valueOf(facts, "Change"), QStringLiteral("12"));
    QVERIFY2(
        valueOf(facts, "Silent")
            .startsWith(QStringLiteral("4 of these, with %1").arg(gui::models::bytes(4 << 20))),
        qPrintable(valueOf(facts, "Silent")));
    QVERIFY2(facts.front().second.contains(QStringLiteral("12 change · 4 of these silent")),
             qPrintable(facts.front().second));
}

void TestPlanFacts::anApprovalThatEndedIsTold() {
    ReleasePlan plan;
    plan.approvalRequired = true;
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Approved by"), QStringLiteral("nobody yet"));
    plan.endedApproval = domain::Approval{"bob", {}, "plan-8", {}};
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Approved by"),
             QStringLiteral("nobody yet; what bob approved no longer holds"));
}

void TestPlanFacts::versionsAreFromWhatTheMachinesHave() {
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.version = "1.5.3";
    ReleasePlan plan;
    QCOMPARE(PlanFacts::versions(plan, spec), QStringLiteral("1.5.3"));
    plan.stages.resize(2);
    plan.stages[0].fromVersions = {{"1.5.0", 2}, {"1.5.3", 1}};
    QCOMPARE(PlanFacts::versions(plan, spec), QStringLiteral("1.5.0 → 1.5.3"));
    plan.stages[1].fromVersions = {{"", 9}, {"1.4.0", 1}, {"1.5.0", 90}};
    QCOMPARE(PlanFacts::versions(plan, spec),
             QStringLiteral("1.5.0, not installed, 1.4.0 → 1.5.3"));
    plan.stages[1].fromVersions["1.3.9"] = 4;
    QCOMPARE(PlanFacts::versions(plan, spec),
             QStringLiteral("1.5.0, not installed, 1.3.9, and 1 more → 1.5.3"));
    spec.action = domain::DesiredAction::Uninstall;
    QVERIFY(PlanFacts::versions(plan, spec).endsWith(QStringLiteral(" → absent")));
}

void TestPlanFacts::grayMachinesAreNamed() {
    domain::GraySelection gray;
    QCOMPARE(SpecFacts::grayNames(gray), QString());
    gray.uuids = {"i-1", "i-2"};
    gray.pin = "acme";
    gray.labels = {{"zone", "b"}};
    QCOMPARE(SpecFacts::grayNames(gray),
             QStringLiteral("i-1, i-2, those of pin acme, those labelled zone=b"));
    gray = {};
    for (int i = 0; i < 10; ++i)
        gray.uuids.push_back("i-" + std::to_string(i));
    QVERIFY(SpecFacts::grayNames(gray).endsWith(QStringLiteral("i-7, 2 more")));
}

// The wizard's own table said it so, and the sheet over it did not.
void TestPlanFacts::whyAMachineIsLeftOutIsInTheWindowsLanguage() {
    ReleasePlan plan;
    plan.refusals = {{"i-1", "ALREADY", "it runs this version already"}};
    plan.refusalCount = 1;
    QVERIFY(valueOf(PlanFacts::refused(plan), "Refused")
                .endsWith(QStringLiteral("i-1: it runs this version already")));
    Backwards translator;
    QCoreApplication::installTranslator(&translator);
    const auto facts = PlanFacts::refused(plan);
    QCoreApplication::removeTranslator(&translator);
    QVERIFY2(facts.front().second.endsWith(QStringLiteral("i-1: ??")),
             qPrintable(facts.front().second));
}

void TestPlanFacts::whatWillHoldItIsInTheWindowsLanguage() {
    ReleasePlan plan;
    plan.notes = {"the windows do not open long enough for it within 400 days",
                  "what a newer master says"};
    Backwards translator;
    QCoreApplication::installTranslator(&translator);
    const auto facts = PlanFacts::totals(plan);
    QCoreApplication::removeTranslator(&translator);
    QStringList values;
    for (const auto& fact : facts)
        values << fact.second;
    QVERIFY(!values.contains(QString::fromStdString(plan.notes[0])));
    // What nobody here knows stays as it came.
    QVERIFY(values.contains(QString::fromStdString(plan.notes[1])));
}

QTEST_GUILESS_MAIN(TestPlanFacts)
#include "tst_plan_facts.moc"
