// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/machine_detail_presenter.h"
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

}  // namespace

class TestMachineDetailPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filesHaveALineOnceTheyWereChecked_data();
    void filesHaveALineOnceTheyWereChecked();
    void onlyWhatWasShownMayBeTriedAgain();
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

QTEST_GUILESS_MAIN(TestMachineDetailPresenter)
#include "tst_machine_detail_presenter.moc"
