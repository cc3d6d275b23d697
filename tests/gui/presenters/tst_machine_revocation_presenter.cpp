// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/machine_revocation_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineRevocationPresenter;

namespace {

const QString kMachine = QStringLiteral("i-0c77b2");

struct RevocationFixture : tests::HubFixture {
    explicit RevocationFixture(const std::vector<std::string>& permissions = {"machine.revoke"},
                               const std::string& kind = "test") {
        connect(permissions, kind);
    }
    MachineRevocationPresenter presenter{hub, feed};
};

}  // namespace

class TestMachineRevocationPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneAtATime();
    void asksAsForWhatIsDestructive();
    void sendsWhatWasShown();
    void tellsWhyItWasRefused();
};

void TestMachineRevocationPresenter::oneAtATime() {
    RevocationFixture fixture;
    QVERIFY(fixture.presenter.action({kMachine}).enabled());
    QCOMPARE(fixture.presenter.action({}).whyNot, QStringLiteral("No machine is chosen."));
    QVERIFY(!fixture.presenter.action({kMachine, QStringLiteral("i-2")}).enabled());
    RevocationFixture reader({"machine.remove"});
    QVERIFY(reader.presenter.action({kMachine}).whyNot.contains(QStringLiteral("machine.revoke")));
    fixture.master.connection.tell(services::LinkState::Reconnecting);
    QVERIFY(!fixture.presenter.action({kMachine}).enabled());
    fixture.presenter.revoke(kMachine, QStringLiteral("stolen"));
    QCOMPARE(fixture.master.access.revokeMachineCalls.made(), std::size_t{0});
}

void TestMachineRevocationPresenter::asksAsForWhatIsDestructive() {
    const RevocationFixture fixture;
    const auto facts = fixture.presenter.facts(kMachine);
    QCOMPARE(facts.danger, domain::DangerClass::Wide);
    QCOMPARE(facts.machines, 1LL);
    QVERIFY(facts.title.contains(kMachine));
    QCOMPARE(facts.commands.size(), 1);
    const RevocationFixture production({"machine.revoke"}, "production");
    QCOMPARE(production.presenter.facts(kMachine).danger, domain::DangerClass::WideInProduction);
}

void TestMachineRevocationPresenter::sendsWhatWasShown() {
    RevocationFixture fixture;
    QSignalSpy revoked(&fixture.presenter, &MachineRevocationPresenter::revoked);
    QSignalSpy acted(&fixture.presenter, &MachineRevocationPresenter::acted);
    fixture.presenter.revoke(kMachine, QStringLiteral("stolen"));
    const auto& [uuid, mutation] = fixture.master.access.revokeMachineCalls.last();
    QCOMPARE(uuid, kMachine.toStdString());
    QCOMPARE(mutation.reason, std::string("stolen"));
    QCOMPARE(mutation.expectedCount, std::optional<std::uint64_t>(1));
    QVERIFY(!fixture.presenter.action({kMachine}).enabled());
    fixture.presenter.revoke(QStringLiteral("i-2"), QStringLiteral("stolen"));
    QCOMPARE(fixture.master.access.revokeMachineCalls.made(), std::size_t{1});
    acted.clear();
    fixture.master.access.revokeMachineCalls.deliver(std::uint32_t{2});
    QVERIFY(revoked[0][0].toString().contains(kMachine));
    QVERIFY(revoked[0][0].toString().contains(QLatin1Char('2')));
    QCOMPARE(acted[0][0].toString(), QString());
    QVERIFY(fixture.presenter.action({kMachine}).enabled());
}

void TestMachineRevocationPresenter::tellsWhyItWasRefused() {
    RevocationFixture fixture;
    QSignalSpy revoked(&fixture.presenter, &MachineRevocationPresenter::revoked);
    QSignalSpy acted(&fixture.presenter, &MachineRevocationPresenter::acted);
    fixture.presenter.revoke(kMachine, QStringLiteral("stolen"));
    fixture.master.access.revokeMachineCalls.deliver(
        base::notFound("MACHINE_UNKNOWN", "i-0c77b2", "there is no machine i-0c77b2"));
    QCOMPARE(revoked.size(), 0);
    QVERIFY(acted[0][0].toString().contains(QStringLiteral("no machine i-0c77b2")));
    QVERIFY(acted[0][0].toString().contains(QStringLiteral("MACHINE_UNKNOWN")));
}

QTEST_GUILESS_MAIN(TestMachineRevocationPresenter)
#include "tst_machine_revocation_presenter.moc"
