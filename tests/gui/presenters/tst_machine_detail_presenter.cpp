// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/machine_detail_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineDetailPresenter;

namespace {

services::MachineInfo machine(domain::Integrity integrity, const std::string& note) {
    services::MachineInfo out;
    out.facts.uuid = "m-1";
    domain::AgentReport agent;
    agent.agent = "logd";
    agent.runningVersion = agent.desiredVersion = "1.0";
    agent.integrity = integrity;
    agent.integrityNote = note;
    out.agents = {agent};
    return out;
}

services::Page<domain::MachineEvent> eventPage(std::size_t events, const std::string& next) {
    services::Page<domain::MachineEvent> out;
    out.items.resize(events);
    out.nextToken = next;
    return out;
}

}  // namespace

class TestMachineDetailPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filesHaveALineOnceTheyWereChecked_data();
    void filesHaveALineOnceTheyWereChecked();
    void onlyWhatWasShownMayBeTriedAgain();
    void aBadVersionIsNamed();
    void aSecondMachineLeavesTheAnswersOfTheFirst();
    void theTimelineGoesOnBehindItsFirstPage();
    void theTimelineIsExportedToItsEnd();
    void whatCouldNotBeReadIsNoEmptyList();
    void theSummaryBeginsWithTheStateAndSinceWhen_data();
    void theSummaryBeginsWithTheStateAndSinceWhen();
    void furtherErrorsAreCounted();
};

void TestMachineDetailPresenter::filesHaveALineOnceTheyWereChecked_data() {
    QTest::addColumn<int>("integrity");
    QTest::addColumn<QString>("note");
    QTest::addColumn<QString>("line");
    const auto row = [](const char* name, domain::Integrity integrity, const char* note,
                        const char* line) {
        QTest::newRow(name) << static_cast<int>(integrity) << QString::fromUtf8(note)
                            << QString::fromUtf8(line);
    };
    row("unknown", domain::Integrity::Unknown, "", "");
    row("intact", domain::Integrity::Intact, "", "intact");
    row("repaired", domain::Integrity::Repaired, "1 changed: bin/logd",
        "repaired · 1 changed: bin/logd");
    row("damaged", domain::Integrity::Damaged, "1 missing: etc/logd.toml",
        "damaged · 1 missing: etc/logd.toml");
}

void TestMachineDetailPresenter::filesHaveALineOnceTheyWereChecked() {
    QFETCH(int, integrity);
    QFETCH(QString, note);
    QFETCH(QString, line);
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    fixture.master.fleet.machineCalls.deliver(
        machine(static_cast<domain::Integrity>(integrity), note.toStdString()));
    QString found;
    for (const auto& [name, text] : presenter.summary())
        if (name == QStringLiteral("logd, files")) found = text;
    QCOMPARE(found, line);
}

// The machine reverted another version while the sheet was open.
void TestMachineDetailPresenter::onlyWhatWasShownMayBeTriedAgain() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"machine.clear-known-bad"});
    presenter.show(QStringLiteral("m-1"));
    auto info = machine(domain::Integrity::Intact, {});
    info.agents[0].knownBad = {std::string(64, 'a')};
    fixture.master.fleet.machineCalls.deliver(info);
    QCOMPARE(presenter.clearBadFacts().commands.size(), 1);
    QVERIFY(presenter.clearBadFacts().commands[0].words.contains(QString(64, QLatin1Char('a'))));
    const auto shown = presenter.clearBadRequests();
    presenter.show(QStringLiteral("m-2"));
    presenter.show(QStringLiteral("m-1"));
    info.agents[0].knownBad.push_back(std::string(64, 'b'));
    fixture.master.fleet.machineCalls.deliver(info);
    QCOMPARE(presenter.clearBadRequests().size(), std::size_t{2});
    presenter.clearBad(shown, QStringLiteral("disk replaced"));
    auto& calls = fixture.master.fleet.clearCalls;
    QCOMPARE(calls.made(), std::size_t{1});
    QCOMPARE(calls.last().manifestDigest, std::string(64, 'a'));
    QCOMPARE(calls.last().uuids, std::vector<std::string>{"m-1"});
    QCOMPARE(calls.last().mutation.reason, std::string("disk replaced"));
}

// Nobody knows by a digest which version a machine would try again.
void TestMachineDetailPresenter::aBadVersionIsNamed() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"machine.clear-known-bad"});
    presenter.show(QStringLiteral("m-1"));
    auto info = machine(domain::Integrity::Intact, {});
    info.agents[0].knownBad = {std::string(64, 'a'), std::string(64, 'b'), std::string(64, 'c')};
    info.agents[0].desiredDigest = std::string(64, 'a');
    fixture.master.fleet.machineCalls.deliver(info);
    const auto fact = [&presenter](int row) { return presenter.clearBadFacts().facts[row].second; };
    QVERIFY(fact(0).startsWith(QStringLiteral("1.0, package aaaa")));
    QVERIFY(fact(1).startsWith(QStringLiteral("bbbb")));
    auto& gets = fixture.master.packages.getCalls;
    QCOMPARE(gets.last().manifestDigest, std::string(64, 'b'));
    services::PackageInfo package;
    package.version = "0.9";
    gets.deliver(package);
    QVERIFY(fact(1).startsWith(QStringLiteral("0.9, package bbbb")));
    // One that was deleted is called as before, and not asked for again.
    gets.deliver(absl::NotFoundError("there is no such package"));
    QVERIFY(fact(2).startsWith(QStringLiteral("cccc")));
    QCOMPARE(gets.made(), std::size_t{2});
    // Whoever looks away while they are read finds them read when they look again.
    for (const char* uuid : {"m-2", "m-1"}) {
        presenter.show(QString::fromLatin1(uuid));
        fixture.master.fleet.machineCalls.deliver(info);
    }
    QCOMPARE(gets.made(), std::size_t{4});
    gets.deliver(package);
    QVERIFY(fact(1).startsWith(QStringLiteral("0.9, package bbbb")));
}

// The second request dropped the calls of the first, which then ended without a word.
void TestMachineDetailPresenter::aSecondMachineLeavesTheAnswersOfTheFirst() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"machine.clear-known-bad"});
    QSignalSpy acted(&presenter, &MachineDetailPresenter::acted);
    auto info = machine(domain::Integrity::Intact, {});
    info.agents[0].knownBad = {std::string(64, 'a'), std::string(64, 'b')};
    for (const char* uuid : {"m-1", "m-2"}) {
        presenter.show(QString::fromLatin1(uuid));
        fixture.master.fleet.machineCalls.deliver(info);
        presenter.clearBad(presenter.clearBadRequests(), QStringLiteral("disk replaced"));
    }
    auto& calls = fixture.master.fleet.clearCalls;
    QCOMPARE(calls.pending(), std::size_t{4});
    // Only the machine that is shown is read anew.
    const auto& reads = fixture.master.fleet.machineCalls;
    const std::size_t before = reads.made();
    calls.deliver(0, base::makeError(absl::StatusCode::kNotFound, "NO_MACHINE", "m-1",
                                     "there is no machine"));
    calls.deliver(0, std::uint64_t{1});
    QCOMPARE(acted.size(), 1);
    QCOMPARE(reads.made(), before);
    calls.deliver(0, std::uint64_t{1});
    calls.deliver(0, std::uint64_t{1});
    QCOMPARE(reads.made(), before + 1);
    QCOMPARE(acted.size(), 2);
    const QString first = acted[0][0].toString();
    QVERIFY2(first.startsWith(QStringLiteral("m-1, logd: There is no machine.")),
             qPrintable(first));
    QVERIFY2(first.contains(QStringLiteral("NO_MACHINE")), qPrintable(first));
    QCOMPARE(acted[1][0].toString(), QString());
    // What was asked over a line goes with it.
    fixture.master.fleet.machineCalls.deliver(info);
    presenter.clearBad(presenter.clearBadRequests(), QStringLiteral("disk replaced"));
    fixture.hub.close();
    while (calls.pending() > 0)
        calls.deliver(0, std::uint64_t{1});
    QCOMPARE(acted.size(), 2);
}

void TestMachineDetailPresenter::theTimelineGoesOnBehindItsFirstPage() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    fixture.master.fleet.eventCalls.deliver(eventPage(500, "p2"));
    QCOMPARE(presenter.eventModel().rowCount(), 500);
    QVERIFY(presenter.hasMoreEvents());
    presenter.moreEvents();
    fixture.master.fleet.eventCalls.deliver(eventPage(20, {}));
    QCOMPARE(presenter.eventModel().rowCount(), 520);
    QVERIFY(!presenter.hasMoreEvents());
}

void TestMachineDetailPresenter::theTimelineIsExportedToItsEnd() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    auto& calls = fixture.master.fleet.eventCalls;
    calls.deliver(eventPage(500, "p2"));
    const auto rows = presenter.eventRows();
    QString problem = QStringLiteral("not done");
    rows->read([](qint64) {}, [&problem](const QString& text) { problem = text; });
    calls.deliver(eventPage(500, "p2"));
    calls.deliver(eventPage(20, {}));
    QCOMPARE(problem, QString());
    QCOMPARE(rows->model().rowCount(), 520);
}

void TestMachineDetailPresenter::whatCouldNotBeReadIsNoEmptyList() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    QCOMPARE(presenter.emptyLines().explain, QStringLiteral("Loading."));
    QCOMPARE(presenter.emptyLines().events, QStringLiteral("Loading."));
    auto& fleet = fixture.master.fleet;
    fleet.explainCalls.deliver(absl::UnavailableError("the composed state is away"));
    fleet.eventCalls.deliver(absl::UnavailableError("the database is away"));
    QCOMPARE(presenter.emptyLines().explain, QStringLiteral("The composed state is away."));
    QCOMPARE(presenter.emptyLines().events, QStringLiteral("The database is away."));
    QCOMPARE(presenter.error(), QString());
    presenter.show({});
    presenter.show(QStringLiteral("m-1"));
    fleet.explainCalls.deliver(services::Explanation{});
    fleet.eventCalls.deliver(eventPage(0, {}));
    QVERIFY(presenter.emptyLines().events.startsWith(QStringLiteral("Nothing")));
    // Where rows stand the reason is told over them.
    presenter.show({});
    presenter.show(QStringLiteral("m-1"));
    fleet.eventCalls.deliver(eventPage(500, "p2"));
    presenter.moreEvents();
    fleet.eventCalls.deliver(absl::UnavailableError("the database is away"));
    QCOMPARE(presenter.error(), QStringLiteral("The database is away."));
}

void TestMachineDetailPresenter::theSummaryBeginsWithTheStateAndSinceWhen_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("offline");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("sinceMinute");
    const auto row = [](const char* name, domain::MachineState state, bool offline,
                        const char* word, const char* minute) {
        QTest::newRow(name) << static_cast<int>(state) << offline << QString::fromUtf8(word)
                            << QString::fromUtf8(minute);
    };
    row("failed", domain::MachineState::Failed, false, "failed since ", "07:05");
    row("in flight", domain::MachineState::Installing, false, "installing since ", "07:05");
    row("silent", domain::MachineState::Silent, false, "silent, last heard ", "07:20");
    row("offline", domain::MachineState::Healthy, true, "offline, last heard ", "07:20");
}

void TestMachineDetailPresenter::theSummaryBeginsWithTheStateAndSinceWhen() {
    QFETCH(int, state);
    QFETCH(bool, offline);
    QFETCH(QString, word);
    QFETCH(QString, sinceMinute);
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    services::MachineInfo info = machine(domain::Integrity::Unknown, {});
    info.state = info.agents[0].state = static_cast<domain::MachineState>(state);
    info.offline = offline;
    const base::WallTime hour = base::WallTime{} + std::chrono::hours(7);
    info.agents[0].since = hour + std::chrono::minutes(5);
    info.lastSeen = hour + std::chrono::minutes(20);
    // Another agent, which says nothing about the state of the machine.
    info.agents.push_back(info.agents[0]);
    info.agents[1].agent = "probed";
    info.agents[1].state = domain::MachineState::Already;
    info.agents[1].since = hour;
    fixture.master.fleet.machineCalls.deliver(info);
    const auto [name, text] = presenter.summary().front();
    QCOMPARE(name, QStringLiteral("State"));
    QVERIFY2(text.startsWith(word), qPrintable(text));
    QVERIFY2(text.contains(sinceMinute), qPrintable(text));
}

void TestMachineDetailPresenter::furtherErrorsAreCounted() {
    tests::HubFixture fixture;
    MachineDetailPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.show(QStringLiteral("m-1"));
    services::MachineInfo info = machine(domain::Integrity::Unknown, {});
    info.agents.resize(3, info.agents[0]);
    info.agents[0].lastError = domain::AgentError{"PROBE", "the probe was refused", {}};
    fixture.master.fleet.machineCalls.deliver(info);
    QCOMPARE(presenter.lastError(), QStringLiteral("logd: the probe was refused (PROBE)"));
    info.agents[1].lastError = info.agents[2].lastError = info.agents[0].lastError;
    presenter.show({});
    presenter.show(QStringLiteral("m-1"));
    fixture.master.fleet.machineCalls.deliver(info);
    QVERIFY2(presenter.lastError().contains(QStringLiteral("2 agent")),
             qPrintable(presenter.lastError()));
}

QTEST_GUILESS_MAIN(TestMachineDetailPresenter)
#include "tst_machine_detail_presenter.moc"
