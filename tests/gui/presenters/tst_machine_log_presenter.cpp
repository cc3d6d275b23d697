// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/machine_log_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineDetailPresenter;
using gui::presenters::MachineLogPresenter;

namespace {

services::MachineInfo machine(const std::vector<std::string>& agents) {
    services::MachineInfo out;
    out.facts.uuid = "m-1";
    for (const std::string& name : agents) {
        domain::AgentReport agent;
        agent.agent = name;
        out.agents.push_back(agent);
    }
    return out;
}

/// A machine with two agents, chosen by somebody who may read logs.
struct Chosen {
    explicit Chosen(std::vector<std::string> permissions = {"machine.log"}) {
        fixture.connect(std::move(permissions));
        detail.show(QStringLiteral("m-1"));
        fixture.master.fleet.machineCalls.deliver(machine({"logd", "node-exporter"}));
    }
    tests::HubFixture fixture;
    MachineDetailPresenter detail{fixture.hub, fixture.feed};
    MachineLogPresenter log{fixture.hub, detail};
};

}  // namespace

class TestMachineLogPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksForTheChosenAgentAndShowsItsText() {
        Chosen chosen;
        QCOMPARE(chosen.log.agents(),
                 QStringList({QStringLiteral("logd"), QStringLiteral("node-exporter")}));
        chosen.log.setAgent(QStringLiteral("node-exporter"));
        chosen.log.fetch();
        QVERIFY(!chosen.log.fetchAction().enabled());
        chosen.log.fetch();
        auto& calls = chosen.fixture.master.fleet.logCalls;
        QCOMPARE(calls.made(), std::size_t(1));
        calls.deliver(services::LogTail{"one\ttab\x1b[31m\ntwo\n", base::fromUnixMillis(1)});
        QCOMPARE(chosen.log.text(), QStringLiteral("one\ttab?[31m\ntwo\n"));
        QVERIFY(chosen.log.fetchAction().enabled());
    }

    void anAnswerAboutAnAgentThatWasLeftIsDropped() {
        Chosen chosen;
        chosen.log.fetch();
        chosen.log.setAgent(QStringLiteral("node-exporter"));
        QVERIFY(chosen.log.fetchAction().enabled());
        QVERIFY(chosen.log.text().isEmpty());
    }

    void anErrorIsSaid() {
        Chosen chosen;
        chosen.log.fetch();
        chosen.fixture.master.fleet.logCalls.deliver(
            absl::StatusOr<services::LogTail>(absl::DeadlineExceededError("is it online?")));
        QCOMPARE(chosen.log.note(), QStringLiteral("Is it online?"));
    }

    void whoMayNotIsToldWhy() {
        Chosen chosen{{}};
        QVERIFY(chosen.log.fetchAction().whyNot.contains(QStringLiteral("machine.log")));
        chosen.log.fetch();
        QCOMPARE(chosen.fixture.master.fleet.logCalls.made(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestMachineLogPresenter)
#include "tst_machine_log_presenter.moc"
