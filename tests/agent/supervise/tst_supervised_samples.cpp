// SPDX-License-Identifier: Apache-2.0
// What looking at many agents costs.
#include <QTest>
#include <algorithm>
#include <set>

#include "tests/agent/supervise/supervised_machine.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

class SupervisedSamplesTest : public QObject, private tests::SupervisedMachine {
    Q_OBJECT
private Q_SLOTS:
    void init() { makeMachine(); }
    void oneListingForAllAgents();
    void noListingWhereGroupsCount();
    void noSampleSoonAfterTheLast();
    void allProbesAtOneTime();

private:
    static constexpr int kAgents = 10;
    /// Started at times that have nothing in common with the interval.
    void startAgents(const std::optional<domain::Probe>& probe = {}) {
        for (int i = 0; i < kAgents; ++i) {
            RunSpec one = spec();
            one.probe = probe;
            one.agent = "agent-" + std::to_string(i);
            QVERIFY(m_supervisor->start(one).ok());
            step();
            answerAll();
            advance(1'370ms);
        }
        for (int i = 0; i < 3; ++i)
            turnOneInterval();
    }
    void answerAll() {
        while (!m_probes->sent.empty())
            m_probes->answer(true, "HTTP 200");
    }
    /// One interval, at each time that the Supervisor asks for; returns how many there were.
    int turnOneInterval() {
        const base::SteadyTime end = m_clock.steadyNow() + 10s;
        int steps = 0;
        for (base::SteadyTime next = step(); next <= end; next = step()) {
            m_clock.advance(
                std::chrono::ceil<std::chrono::milliseconds>(next - m_clock.steadyNow()));
            step();
            ++steps;
            answerAll();
        }
        return steps;
    }
};

void SupervisedSamplesTest::oneListingForAllAgents() {
    m_groups.error = absl::UnavailableError("this system has no groups");
    startAgents();
    const int listings = m_machine->listings();
    const int families = m_machine->families();
    QCOMPARE(turnOneInterval(), 1);
    QCOMPARE(m_machine->families(), families + kAgents);
    QCOMPARE(m_machine->listings(), listings + 1);
    // And each step has one of its own.
    turnOneInterval();
    QCOMPARE(m_machine->listings(), listings + 2);
}

void SupervisedSamplesTest::noListingWhereGroupsCount() {
    m_groups.holdsAll = {true, true, true};
    startAgents();
    const int families = m_machine->families();
    turnOneInterval();
    QCOMPARE(m_machine->families(), families + kAgents);
    QCOMPARE(m_machine->listings(), 0);
}

void SupervisedSamplesTest::noSampleSoonAfterTheLast() {
    // Just before a time at which all are looked at.
    m_clock.advance(9'900ms);
    QVERIFY(m_supervisor->start(spec()).ok());
    const base::SteadyTime first = m_clock.steadyNow();
    step();
    QCOMPARE(m_machine->families(), 1);
    advance(100ms);
    QCOMPARE(m_machine->families(), 1);
    advance(10s);
    QCOMPARE(m_machine->families(), 2);
    QVERIFY(m_clock.steadyNow() - first >= kSampleInterval / 2);
}

// An idle machine is woken once for all of them, and not by each.
void SupervisedSamplesTest::allProbesAtOneTime() {
    domain::Probe probe;
    probe.interval = kSampleInterval;
    probe.failureThreshold = 3;
    startAgents(probe);
    QCOMPARE(turnOneInterval(), 1);
    probe.interval = 5s;
    RunSpec quicker = spec();
    quicker.agent = "quicker";
    quicker.probe = probe;
    QVERIFY(m_supervisor->start(quicker).ok());
    turnOneInterval();
    QCOMPARE(turnOneInterval(), 2);
}

QTEST_GUILESS_MAIN(SupervisedSamplesTest)
#include "tst_supervised_samples.moc"
