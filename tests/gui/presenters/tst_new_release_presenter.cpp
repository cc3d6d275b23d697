// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>

#include "gui/presenters/new_release_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::NewReleasePresenter;

class TestNewReleasePresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void offersWhatIsPublished();
    void versionsAreReadToTheEnd();
    void aListThatFailedIsReadAgainAfterSignIn();
    void namesWhatIsMissing_data();
    void namesWhatIsMissing();
    void plansThenStartsWhatWasShown();
    void aRefusedDraftLeavesTheForm();
    void conflictsKeepItFromStarting();
    void rulesAreRead();
    void badRulesAreNamed_data();
    void badRulesAreNamed();
    void backEndsItsDraft();
    void aDraftThatComesLateIsEnded();
    void closingEndsTheDraft();
    void aRefusedPlanEndsItsDraft();
    void aSavedDraftStays();
    void aStartedReleaseIsNotEnded();
    void aDraftThatStaysIsTold();
    void aDraftOfALostSessionIsEndedLater();
    void aStartOfALostSessionIsNotEnded();
    void aStartThatWasLeftIsToldAsWell();
    void aStartThatIsRefusedLeavesTheDraft();

private:
    services::ReleaseInfo draft(const char* id = "draft") const {
        services::ReleaseInfo out;
        out.release.id = id;
        out.release.number = 12;
        return out;
    }
    void review() {
        m_presenter->setForm(goodForm());
        m_presenter->plan();
        m_fixture->master.releases.createCalls.deliver(draft());
        services::ReleasePlan plan;
        plan.planId = "p1";
        m_fixture->master.releases.planCalls.deliver(plan);
    }
    const services::ReleaseAct& lastAct() const {
        return m_fixture->master.releases.actCalls.last();
    }
    NewReleasePresenter::Form goodForm() const {
        NewReleasePresenter::Form form;
        form.agent = QStringLiteral("logd");
        form.version = QStringLiteral("1.10");
        form.types = {QStringLiteral("LINUX")};
        form.uuids = QStringLiteral("i-00000\ni-00001");
        return form;
    }
    std::unique_ptr<tests::HubFixture> m_fixture;
    std::unique_ptr<NewReleasePresenter> m_presenter;
    tests::FleetScript m_script;
};

void TestNewReleasePresenter::init() {
    m_presenter.reset();
    m_fixture = std::make_unique<tests::HubFixture>();
    m_presenter = std::make_unique<NewReleasePresenter>(m_fixture->hub, m_fixture->feed);
    m_fixture->connect({"release.create", "release.start"});
    auto machines = tests::plainMachines(5);
    machines[4].labels = "rack=7,zone=b";
    machines[4].pin = "zed";
    m_fixture->master.fleet.machineWatch.tell(m_script.snapshot(machines));
    m_presenter->begin();
    services::Page<services::PackageInfo> page;
    for (const char* version : {"1.9", "1.10", "1.2"}) {
        services::PackageInfo package;
        package.agent = "logd";
        package.version = version;
        package.machineTypes = {"LINUX", "ARM64"};
        page.items.push_back(package);
    }
    m_fixture->master.packages.listCalls.deliver(page);
}

void TestNewReleasePresenter::offersWhatIsPublished() {
    const QString agent = QStringLiteral("logd");
    QCOMPARE(m_presenter->agents(), QStringList{agent});
    QCOMPARE(m_presenter->versions(agent),
             (QStringList{QStringLiteral("1.10"), QStringLiteral("1.9"), QStringLiteral("1.2")}));
    QCOMPARE(m_presenter->types(agent, QStringLiteral("1.9"), NewReleasePresenter::Kind::Install),
             (QStringList{QStringLiteral("ARM64"), QStringLiteral("LINUX")}));
}

void TestNewReleasePresenter::versionsAreReadToTheEnd() {
    auto& calls = m_fixture->master.packages.listCalls;
    m_presenter->begin();
    services::PackageInfo package;
    package.agent = "logd";
    package.version = "2.0";
    calls.deliver(services::Page<services::PackageInfo>{{package}, "p2"});
    QVERIFY(m_presenter->loading());
    package.version = "2.1";
    calls.deliver(services::Page<services::PackageInfo>{{package}, {}});
    QVERIFY(!m_presenter->loading());
    QCOMPARE(m_presenter->versions(QStringLiteral("logd")),
             (QStringList{QStringLiteral("2.1"), QStringLiteral("2.0")}));
}

// It stayed empty, with "Choose an agent.", until the wizard was closed and opened again.
void TestNewReleasePresenter::aListThatFailedIsReadAgainAfterSignIn() {
    tests::HubFixture fixture;
    NewReleasePresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"release.create"});
    presenter.begin();
    auto& lists = fixture.master.packages.listCalls;
    lists.deliver(absl::UnauthenticatedError("the login has expired"));
    QVERIFY2(presenter.problem().contains(QStringLiteral("login has expired")),
             qPrintable(presenter.problem()));
    fixture.hub.signIn(QStringLiteral("wang"), QStringLiteral("secret"),
                       [](const absl::Status&) {});
    fixture.master.connection.loginCalls.deliver(services::LoginSession{"token", "wang", {}});
    QCOMPARE(lists.pending(), std::size_t{1});
    services::PackageInfo package;
    package.agent = "logd";
    lists.deliver(services::Page<services::PackageInfo>{{package}, {}});
    QCOMPARE(presenter.agents(), QStringList{QStringLiteral("logd")});
    // What is there is not read anew for every line that comes back.
    fixture.master.connection.tell(services::LinkState::Reconnecting);
    fixture.master.connection.tell(services::LinkState::Connected);
    QCOMPARE(lists.pending(), std::size_t{0});
}

void TestNewReleasePresenter::namesWhatIsMissing_data() {
    QTest::addColumn<QString>("uuids");
    QTest::addColumn<QString>("pin");
    QTest::addColumn<QString>("labels");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* uuids, const char* pin, const char* labels, const char* names) {
        QTest::newRow(names) << QString::fromLatin1(uuids) << QString::fromLatin1(pin)
                             << QString::fromLatin1(labels) << QString::fromLatin1(names);
    };
    row("", "", "", "Name the gray machines");
    row("i-99999", "", "", "i-99999");
    row("i-00000 -bad-", "", "", "-bad-");
    row("", "nobody", "", "matches no machine");
    row("", "", "zone", "key=value");
    row("", "", "zone=x", "matches no machine");
}

void TestNewReleasePresenter::namesWhatIsMissing() {
    QFETCH(QString, uuids);
    QFETCH(QString, pin);
    QFETCH(QString, labels);
    QFETCH(QString, names);
    auto form = goodForm();
    form.uuids = uuids;
    form.pin = pin;
    form.labels = labels;
    m_presenter->setForm(form);
    QVERIFY2(m_presenter->problem().contains(names), qPrintable(m_presenter->problem()));
    m_presenter->plan();
    QCOMPARE(m_fixture->master.releases.createCalls.made(), std::size_t{0});
}

void TestNewReleasePresenter::plansThenStartsWhatWasShown() {
    auto form = goodForm();
    form.labels = QStringLiteral("rack=7 zone=b");
    form.reason = QStringLiteral("OPS-1");
    m_presenter->setForm(form);
    QCOMPARE(m_presenter->problem(), QString());
    QCOMPARE(m_presenter->grayMachines(), 3);
    QVERIFY2(m_presenter->runsNow().contains(QStringLiteral("5 of 5 change")),
             qPrintable(m_presenter->runsNow()));
    m_fixture->master.fleet.machineWatch.tell(m_script.delta({}, {"i-00004"}));
    QCOMPARE(m_presenter->grayMachines(), 2);
    QVERIFY2(m_presenter->runsNow().contains(QStringLiteral("4 of 4 change")),
             qPrintable(m_presenter->runsNow()));
    m_presenter->plan();
    auto& releases = m_fixture->master.releases;
    const domain::ReleaseSpec& spec = releases.createCalls.last().first;
    QCOMPARE(spec.gray.uuids.size(), std::size_t{2});
    QCOMPARE(spec.gray.labels.at("zone"), std::string("b"));
    QCOMPARE(spec.soak, std::chrono::milliseconds(600'000));
    services::ReleaseInfo draft;
    draft.release.id = "draft";
    releases.createCalls.deliver(draft);
    QCOMPARE(releases.planCalls.last(), std::string("draft"));
    services::ReleasePlan plan;
    plan.planId = "p1";
    plan.machinesTotal = 5;
    plan.generation = 9;
    releases.planCalls.deliver(plan);
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Review);
    QVERIFY(m_presenter->startAction().enabled());
    m_presenter->start({});
    QCOMPARE(releases.actCalls.last().planId, std::string("p1"));
    QCOMPARE(releases.actCalls.last().mutation.expectedCount, std::optional<std::uint64_t>(5));
    QCOMPARE(releases.actCalls.last().mutation.reason, std::string("OPS-1"));
    QSignalSpy started(m_presenter.get(), &NewReleasePresenter::started);
    releases.actCalls.deliver(draft);
    QCOMPARE(started.size(), 1);
}

void TestNewReleasePresenter::aRefusedDraftLeavesTheForm() {
    m_presenter->setForm(goodForm());
    m_presenter->plan();
    m_fixture->master.releases.createCalls.deliver(
        base::notFound("VERSION_UNKNOWN", "1.10", "logd has no version 1.10"));
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Form);
    QVERIFY(m_presenter->error().contains(QStringLiteral("VERSION_UNKNOWN")));
    QCOMPARE(m_presenter->form().agent, QStringLiteral("logd"));
}

void TestNewReleasePresenter::conflictsKeepItFromStarting() {
    m_presenter->setForm(goodForm());
    m_presenter->plan();
    m_fixture->master.releases.createCalls.deliver(services::ReleaseInfo{});
    services::ReleasePlan plan;
    plan.conflicts = {"release 7 of logd is running"};
    m_fixture->master.releases.planCalls.deliver(plan);
    QVERIFY(!m_presenter->startAction().enabled());
    m_presenter->start(QStringLiteral("x"));
    QCOMPARE(m_fixture->master.releases.actCalls.made(), std::size_t{0});
    m_presenter->back();
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Form);
}

void TestNewReleasePresenter::rulesAreRead() {
    auto form = goodForm();
    form.approval = true;
    form.windows = QStringLiteral("Mon-Fri 09:00-17:00;  Sat 22:00-02:00 ;");
    form.blackouts = QStringLiteral("2026-12-24..2027-01-02, 2026-10-01");
    form.timeZone = QStringLiteral(" Asia/Shanghai ");
    form.lateJoiners = 12;
    m_presenter->setForm(form);
    QCOMPARE(m_presenter->problem(), QString());
    m_presenter->plan();
    const domain::ReleaseSpec& spec = m_fixture->master.releases.createCalls.last().first;
    QVERIFY(spec.approvalRequired);
    QCOMPARE(spec.lateJoinersPerMinute, 12U);
    QCOMPARE(spec.windows.timeZone, std::string("Asia/Shanghai"));
    QCOMPARE(spec.windows.weekly.size(), std::size_t{2});
    QCOMPARE(domain::formatWeeklyWindow(spec.windows.weekly[1]), std::string("Sat 22:00-02:00"));
    QCOMPARE(spec.windows.blackouts.size(), std::size_t{2});
}

void TestNewReleasePresenter::badRulesAreNamed_data() {
    QTest::addColumn<QString>("windows");
    QTest::addColumn<QString>("blackouts");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<QString>("names");
    const QString good = QStringLiteral("Mon 09:00-10:00");
    QTest::newRow("window") << QStringLiteral("office hours") << QString() << QString()
                            << QStringLiteral("office hours");
    QTest::newRow("date") << good << QStringLiteral("christmas") << QString()
                          << QStringLiteral("christmas");
    QTest::newRow("zone") << good << QString() << QStringLiteral("../x") << QStringLiteral("../x");
}

void TestNewReleasePresenter::badRulesAreNamed() {
    QFETCH(const QString, windows);
    QFETCH(const QString, blackouts);
    QFETCH(const QString, zone);
    QFETCH(const QString, names);
    auto form = goodForm();
    form.windows = windows;
    form.blackouts = blackouts;
    form.timeZone = zone;
    m_presenter->setForm(form);
    QVERIFY2(m_presenter->problem().contains(names), qPrintable(m_presenter->problem()));
    m_presenter->plan();
    QCOMPARE(m_fixture->master.releases.createCalls.made(), std::size_t{0});
}

// Anybody could start what was left behind.
void TestNewReleasePresenter::backEndsItsDraft() {
    /// Of a window in another language.
    class Foreign : public QTranslator {
    public:
        QString translate(const char*, const char*, const char*, int) const override {
            return QStringLiteral("%1");
        }
        bool isEmpty() const override { return false; }
    } foreign;
    review();
    QCoreApplication::installTranslator(&foreign);
    m_presenter->back();
    auto& releases = m_fixture->master.releases;
    QCOMPARE(releases.actCalls.made(), std::size_t{1});
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Abort);
    QCOMPARE(lastAct().releaseId, std::string("draft"));
    // As the audit speaks, whatever the window does.
    QCOMPARE(lastAct().mutation.reason,
             std::string("A draft of the release wizard that was not started."));
    // A draft that a colleague started meanwhile has machines, and is not ended.
    QCOMPARE(lastAct().mutation.expectedCount, std::optional<std::uint64_t>(0));
    releases.actCalls.deliver(draft());
    m_presenter->plan();
    QCOMPARE(releases.createCalls.made(), std::size_t{2});
    QCOMPARE(releases.actCalls.made(), std::size_t{1});
}

void TestNewReleasePresenter::aDraftThatComesLateIsEnded() {
    m_presenter->setForm(goodForm());
    m_presenter->plan();
    m_presenter->dismiss();
    auto& releases = m_fixture->master.releases;
    QCOMPARE(releases.actCalls.made(), std::size_t{0});
    releases.createCalls.deliver(draft("late"));
    QCOMPARE(releases.actCalls.made(), std::size_t{1});
    QCOMPARE(lastAct().releaseId, std::string("late"));
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Form);
    QCOMPARE(releases.planCalls.made(), std::size_t{0});
}

void TestNewReleasePresenter::closingEndsTheDraft() {
    review();
    m_presenter->dismiss();
    QCOMPARE(m_fixture->master.releases.actCalls.made(), std::size_t{1});
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Abort);
    m_presenter->dismiss();
    m_presenter->begin();
    QCOMPARE(m_fixture->master.releases.actCalls.made(), std::size_t{1});
}

void TestNewReleasePresenter::aRefusedPlanEndsItsDraft() {
    m_presenter->setForm(goodForm());
    m_presenter->plan();
    m_fixture->master.releases.createCalls.deliver(draft());
    m_fixture->master.releases.planCalls.deliver(base::notFound("PACKAGE_UNKNOWN", "x", "gone"));
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Abort);
    QVERIFY(m_presenter->error().contains(QStringLiteral("PACKAGE_UNKNOWN")));
}

void TestNewReleasePresenter::aSavedDraftStays() {
    QSignalSpy saved(m_presenter.get(), &NewReleasePresenter::saved);
    auto& releases = m_fixture->master.releases;
    QVERIFY(!m_presenter->saveAction().enabled());
    m_presenter->setForm(goodForm());
    QVERIFY(m_presenter->saveAction().enabled());
    m_presenter->save();
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Saving);
    QVERIFY(!m_presenter->saveAction().enabled());
    releases.createCalls.deliver(draft("kept"));
    QCOMPARE(saved.size(), 1);
    QCOMPARE(saved[0][0].toString(), QStringLiteral("kept"));
    m_presenter->begin();
    review();
    m_presenter->save();
    QCOMPARE(saved.size(), 2);
    m_presenter->dismiss();
    QCOMPARE(releases.createCalls.made(), std::size_t{2});
    QCOMPARE(releases.actCalls.made(), std::size_t{0});
}

void TestNewReleasePresenter::aStartedReleaseIsNotEnded() {
    QSignalSpy told(m_presenter.get(), &NewReleasePresenter::draftLeft);
    review();
    m_presenter->start({});
    m_presenter->dismiss();
    auto& releases = m_fixture->master.releases;
    QCOMPARE(releases.actCalls.made(), std::size_t{1});
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Start);
    releases.actCalls.deliver(base::notFound("X", "x", "the plan changed"));
    QCOMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().contains(QStringLiteral("NOT_FOUND (X)")));
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Form);
    QCOMPARE(releases.actCalls.made(), std::size_t{1});
}

void TestNewReleasePresenter::aDraftThatStaysIsTold() {
    QSignalSpy told(m_presenter.get(), &NewReleasePresenter::draftLeft);
    review();
    m_presenter->back();
    m_fixture->master.releases.actCalls.deliver(base::notFound("X", "x", "no way"));
    QCOMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().contains(QStringLiteral("12")));
    QVERIFY(told[0][0].toString().contains(QStringLiteral("NOT_FOUND (X)")));
}

void TestNewReleasePresenter::aDraftOfALostSessionIsEndedLater() {
    QSignalSpy told(m_presenter.get(), &NewReleasePresenter::draftLeft);
    review();
    auto& actCalls = m_fixture->master.releases.actCalls;
    const std::size_t before = actCalls.made();
    m_fixture->hub.close();
    QTRY_COMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().contains(QStringLiteral("12")));
    QVERIFY(told[0][0].toString().contains(QStringLiteral("demo")));
    // Another cluster has nothing to do with it.
    m_fixture->bundle.cluster = "other";
    m_fixture->connect({"release.start"});
    QCOMPARE(actCalls.made(), before);
    m_fixture->hub.close();
    m_fixture->bundle.cluster = "demo";
    m_fixture->connect({"release.start"});
    QCOMPARE(actCalls.made(), before + 1);
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Abort);
    QCOMPARE(lastAct().mutation.expectedCount, 0U);
    // The line goes before the answer: it is asked for again.
    m_fixture->hub.close();
    m_fixture->connect({"release.start"});
    QCOMPARE(actCalls.made(), before + 2);
    actCalls.deliver(draft("ended"));
    m_fixture->hub.close();
    m_fixture->connect({"release.start"});
    QCOMPARE(actCalls.made(), before + 2);
}

// It may run by now: nobody can say, and it is not ours to end.
void TestNewReleasePresenter::aStartOfALostSessionIsNotEnded() {
    QSignalSpy told(m_presenter.get(), &NewReleasePresenter::draftLeft);
    review();
    m_presenter->start({});
    auto& actCalls = m_fixture->master.releases.actCalls;
    QCOMPARE(actCalls.made(), std::size_t{1});
    m_fixture->hub.close();
    QTRY_COMPARE(told.size(), 1);
    const QString sentence = told[0][0].toString();
    QVERIFY2(sentence.startsWith(QStringLiteral("It is not known whether release 12 was started")),
             qPrintable(sentence));
    m_fixture->connect({"release.start"});
    QCOMPARE(actCalls.made(), std::size_t{1});
    QCoreApplication::processEvents();
    QCOMPARE(told.size(), 1);
}

void TestNewReleasePresenter::aStartThatWasLeftIsToldAsWell() {
    QSignalSpy told(m_presenter.get(), &NewReleasePresenter::draftLeft);
    review();
    m_presenter->start({});
    m_presenter->dismiss();
    m_fixture->hub.close();
    QTRY_COMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().startsWith(QStringLiteral("It is not known")));
}

void TestNewReleasePresenter::aStartThatIsRefusedLeavesTheDraft() {
    review();
    m_presenter->start({});
    QCOMPARE(m_presenter->draftId(), QStringLiteral("draft"));
    auto& actCalls = m_fixture->master.releases.actCalls;
    actCalls.deliver(base::notFound("X", "x", "the plan changed"));
    QCOMPARE(m_presenter->step(), NewReleasePresenter::Step::Review);
    QCOMPARE(m_presenter->draftId(), QStringLiteral("draft"));
    m_presenter->dismiss();
    QCOMPARE(lastAct().verb, domain::ReleaseVerb::Abort);
}

QTEST_GUILESS_MAIN(TestNewReleasePresenter)
#include "tst_new_release_presenter.moc"
