// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/agent/supervise/supervised_machine.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

/// What a Supervisor makes of probes that begin late or not at all.
class SupervisedProbesTest : public QObject, private tests::SupervisedMachine {
    Q_OBJECT
private Q_SLOTS:
    void init() { makeMachine(); }
    void theRunnerHearsWhoIsAsked();
    void timeInTheQueueIsNoneOfTheStartPeriod();
    void theBeginOfAnEarlierRunsProbeIsDropped();
    void aProbeThatWasNotAskedRestartsNobody();
    void aSwappedProbeIsToldOnceAndRestartsNobody();
    void onlyTheSignedProbeIsAsked();

private:
    void start() {
        RunSpec probed = spec();
        probed.probe = domain::Probe();
        probed.probe->interval = 10s;
        probed.probe->failureThreshold = 2;
        QVERIFY(m_supervisor->start(probed).ok());
        step();
        QCOMPARE(m_probes->sent.size(), std::size_t{1});
    }
    void begin() {
        QVERIFY(static_cast<bool>(m_probes->sent.at(0).first.begun));
        m_probes->sent.at(0).first.begun();
        step();
    }
};

void SupervisedProbesTest::theRunnerHearsWhoIsAsked() {
    start();
    QCOMPARE(m_probes->sent[0].first.agent, std::string("log"));
    begin();
    m_probes->answer(true, "HTTP 200");
    step();
    advance(10s);
    QCOMPARE(m_probes->sent.size(), std::size_t{1});
    QVERIFY(!m_probes->sent[0].first.begun);  // one wake for each result is enough
}

void SupervisedProbesTest::timeInTheQueueIsNoneOfTheStartPeriod() {
    start();
    advance(60s);
    QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
    begin();
    advance(19s);
    QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
    advance(1s);  // it hangs since 20 s, two intervals: its turn is over
    QVERIFY(now().phase == Phase::Stopping);
}

void SupervisedProbesTest::theBeginOfAnEarlierRunsProbeIsDropped() {
    start();
    const auto earlier = m_probes->sent[0].first.begun;
    crash();
    advance(1s);
    QCOMPARE(m_probes->sent.size(), std::size_t{2});
    earlier();
    advance(60s);
    QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
}

void SupervisedProbesTest::aProbeThatWasNotAskedRestartsNobody() {
    start();
    for (int i = 0; i < 50; ++i) {
        QCOMPARE(m_probes->sent.size(), std::size_t{1});
        auto done = std::move(m_probes->sent.front().second);
        m_probes->sent.clear();
        done(ProbeResult::notAsked("its turn did not come"));
        step();
        advance(1s);
    }
    QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
    QVERIFY(now().healthMessage.find("not asked") != std::string::npos);
}

/// What somebody did to the probe's program says nothing of the agent.
void SupervisedProbesTest::aSwappedProbeIsToldOnceAndRestartsNobody() {
    start();
    m_probes->answer(true, "exited with code 0");
    step();
    kinds();
    ProbeResult refused = ProbeResult::notAsked("/opt/check is not the signed program");
    refused.isRefused = true;
    for (int i = 0; i < 50; ++i) {
        advance(10s);
        QCOMPARE(m_probes->sent.size(), std::size_t{1});
        auto done = std::move(m_probes->sent.front().second);
        m_probes->sent.clear();
        done(refused);
        step();
    }
    QVERIFY(now().phase == Phase::Running && now().health == Health::Unknown);
    const auto told = kinds();
    QCOMPARE(std::count(told.begin(), told.end(), "probe-refused"), 1);
    QCOMPARE(std::count(told.begin(), told.end(), "restarted"), 0);
}

void SupervisedProbesTest::onlyTheSignedProbeIsAsked() {
    RunSpec probed = spec();
    probed.probe = domain::Probe();
    probed.probe->kind = domain::Probe::Kind::Exec;
    probed.probe->command = {"/opt/check"};
    probed.probe->interval = 10s;
    probed.probeSha256 = std::string(64, 'a');
    QVERIFY(m_supervisor->start(probed).ok());
    step();
    QVERIFY(static_cast<bool>(m_probes->sent.at(0).first.checkProgram));
}

QTEST_GUILESS_MAIN(SupervisedProbesTest)
#include "tst_supervised_probes.moc"
