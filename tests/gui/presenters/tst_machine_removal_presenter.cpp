// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/machine_removal_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineRemovalPresenter;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct RemovalFixture : tests::HubFixture {
    explicit RemovalFixture(std::vector<std::string> permissions = {"machine.remove"}) {
        connect(std::move(permissions));
        const auto machine = [this](const char* uuid, bool offline, auto ago) {
            tests::ScriptMachine out;
            out.uuid = uuid;
            out.offline = offline;
            out.lastSeenMs = base::toUnixMillis(clock.now() - ago);
            return out;
        };
        master.fleet.machineWatch.tell(script.snapshot(
            {machine("online", false, minutes(0)), machine("away", true, minutes(14)),
             machine("old1", true, hours(48)), machine("old2", true, minutes(16))},
            7));
    }
    tests::FleetScript script;
    MachineRemovalPresenter presenter{hub, feed};
};

QStringList names(std::initializer_list<const char*> all) {
    QStringList out;
    for (const char* name : all)
        out << QString::fromLatin1(name);
    return out;
}

}  // namespace

class TestMachineRemovalPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhoIsGoneIsOffered();
    void sendsWhatWasShown();
    void tellsWhyItWasRefused();
};

void TestMachineRemovalPresenter::onlyWhoIsGoneIsOffered() {
    RemovalFixture fixture;
    const auto why = [&](std::initializer_list<const char*> all) {
        return fixture.presenter.action(names(all)).whyNot;
    };
    QTRY_COMPARE(fixture.feed.store().size(), 4U);
    QCOMPARE(why({"old1", "old2"}), QString());
    QCOMPARE(why({}), QStringLiteral("No machine is chosen."));
    QVERIFY(why({"old1", "online", "away"}).startsWith(QStringLiteral("2 machine")));
    QVERIFY(why({"away"}).contains(QStringLiteral("15 minutes")));
    QStringList many;
    for (int i = 0; i <= 1'000; ++i)
        many << QString::number(i);
    QVERIFY(fixture.presenter.action(many).whyNot.contains(gui::models::grouped(1'000)));
    RemovalFixture reader({"machine.log"});
    QVERIFY(
        reader.presenter.action(names({"old1"})).whyNot.contains(QStringLiteral("machine.remove")));
}

void TestMachineRemovalPresenter::sendsWhatWasShown() {
    RemovalFixture fixture;
    QTRY_COMPARE(fixture.feed.store().size(), 4U);
    const QStringList shown = names({"old1", "old2"});
    const auto facts = fixture.presenter.facts(shown);
    QCOMPARE(facts.danger, domain::DangerClass::Wide);
    QCOMPARE(facts.machines, 2LL);
    QCOMPARE(facts.commands.front().count, std::uint64_t{2});
    QVERIFY(
        facts.facts.contains(qMakePair(QStringLiteral("Machines"), QStringLiteral("old1, old2"))));
    QSignalSpy removed(&fixture.presenter, &MachineRemovalPresenter::removed);
    QSignalSpy acted(&fixture.presenter, &MachineRemovalPresenter::acted);
    fixture.presenter.remove(shown, QStringLiteral("sold"));
    QVERIFY(!fixture.presenter.action(shown).enabled());
    auto& calls = fixture.master.fleet.removeCalls;
    QCOMPARE(calls.last().uuids, (std::vector<std::string>{"old1", "old2"}));
    QCOMPARE(calls.last().mutation.expectedCount, std::optional<std::uint64_t>(2));
    QCOMPARE(calls.last().mutation.reason, std::string("sold"));
    QVERIFY(!calls.last().force);
    calls.deliver(services::RemovedMachines{2, 2});
    QCOMPARE(removed.first().first().toStringList(), shown);
    QCOMPARE(acted.first().first().toString(), QString());
    QVERIFY(fixture.presenter.action(shown).enabled());
}

void TestMachineRemovalPresenter::tellsWhyItWasRefused() {
    RemovalFixture fixture;
    QTRY_COMPARE(fixture.feed.store().size(), 4U);
    QSignalSpy removed(&fixture.presenter, &MachineRemovalPresenter::removed);
    QSignalSpy acted(&fixture.presenter, &MachineRemovalPresenter::acted);
    fixture.presenter.remove(names({"old1"}), QStringLiteral("sold"));
    fixture.master.fleet.removeCalls.deliver(
        base::failedPrecondition("MACHINE_ALIVE", "old1", "machine old1 was heard of 3 s ago"));
    QVERIFY(acted.first().first().toString().contains(QStringLiteral("heard of 3 s ago")));
    QCOMPARE(removed.size(), 0);
    // One that came back while the sheet was open.
    fixture.presenter.remove(names({"old2", "online"}), QStringLiteral("sold"));
    QVERIFY(acted.last().first().toString().contains(QStringLiteral("Stop ifrit")));
    QCOMPARE(fixture.master.fleet.removeCalls.made(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestMachineRemovalPresenter)
#include "tst_machine_removal_presenter.moc"
