// SPDX-License-Identifier: Apache-2.0
// faults.md D3: this machine has no descriptors or processes left. That is no fault of an agent.
#include <QTest>

#include "shared/base/exhaustion.h"
#include "tests/agent/supervise/supervised_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

using agent::supervise::Health;
using agent::supervise::Phase;
using namespace std::chrono_literals;

class SupervisedWantTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    static absl::Status want(int error) { return base::errnoStatus(error, "pipe2"); }

    FaultTally m_wants;

private Q_SLOTS:
    void init() { makeMachine(); }
    void cleanup() {
        m_wants.count(!QTest::currentTestFailed(),
                      std::string(QTest::currentTestFunction()) + ' ' +
                          (QTest::currentDataTag() ? QTest::currentDataTag() : ""));
    }
    void cleanupTestCase() {
        m_wants.print("D3", "a want of descriptors, memory or processes",
                      "ways in which starts and probes meet it");
    }

    void aStartThatThereIsNoRoomForIsNoCrash_data() {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("isOfTheWatch");
        QTest::newRow("no descriptors") << EMFILE << false;
        QTest::newRow("none in the whole system") << ENFILE << false;
        QTest::newRow("no memory") << ENOMEM << false;
        QTest::newRow("no processes") << EAGAIN << false;
        QTest::newRow("no descriptor for the watch") << EMFILE << true;
    }
    void aStartThatThereIsNoRoomForIsNoCrash() {
        QFETCH(const int, error);
        QFETCH(const bool, isOfTheWatch);
        for (int i = 0; i < 5; ++i)
            (isOfTheWatch ? m_machine->watchErrors : m_machine->launchErrors)
                .push_back(want(error));
        QVERIFY(m_supervisor->start(spec()).ok());
        for (int i = 0; i < 4; ++i) {
            QVERIFY(now().phase == Phase::Clearing);
            QVERIFY(now().health == Health::Unhealthy);
            QVERIFY(now().healthMessage.find("pipe2") != std::string::npos);
            QCOMPARE(now().lastExit, std::string());
            QVERIFY(now().nextStart);
            QCOMPARE(m_machine->launches(), std::size_t{0});
            advance(10s);
        }
        QCOMPARE(now().restarts, 0U);
        QVERIFY(!now().crashLooping);
        QVERIFY(m_record->running.empty());
        advance(10s);
        QVERIFY(now().phase == Phase::Running);
        QCOMPARE(kinds(), (std::vector<std::string>{"start-waits", "started"}));
        // What ends is seen, also of one that was started late.
        crash();
        QCOMPARE(now().restarts, 1U);
    }

    void anotherErrorIsACrash() {
        m_machine->launchErrors.push_back(want(EACCES));
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(now().phase == Phase::BackingOff);
        QCOMPARE(kinds(), std::vector<std::string>{"start-failed"});
    }

    void aProbeThatCannotBeAskedIsTold() {
        auto probed = spec();
        probed.probe.emplace();
        probed.probe->interval = 10s;
        QVERIFY(m_supervisor->start(probed).ok());
        step();
        agent::supervise::ProbeResult unasked =
            agent::supervise::ProbeResult::notAsked("pipe2: Too many open files");
        unasked.isWant = true;
        for (int i = 0; i < 100; ++i) {
            auto done = std::move(m_probes->sent.at(0).second);
            m_probes->sent.clear();
            done(unasked);
            step();
            QVERIFY(now().phase == Phase::Running);
            QVERIFY(now().health == Health::Unknown);
            QVERIFY(now().unasked);
            advance(1s);
        }
        m_probes->answer(true, "HTTP 200");
        step();
        QVERIFY(now().health == Health::Healthy);
        QVERIFY(!now().unasked);
        QCOMPARE(kinds(), (std::vector<std::string>{"started", "not-probed", "healthy"}));
    }

    /// Of another process nothing is known yet.
    void whoIsStartedAnewHasNotBeenUnasked() {
        auto probed = spec();
        probed.probe.emplace();
        QVERIFY(m_supervisor->start(probed).ok());
        step();
        auto done = std::move(m_probes->sent.at(0).second);
        m_probes->sent.clear();
        done(agent::supervise::ProbeResult::notAsked("pipe2: Too many open files"));
        step();
        QVERIFY(now().unasked);
        crash();
        QVERIFY(!now().unasked);
        advance(10s);
        QVERIFY(now().phase == Phase::Running);
        QVERIFY(!now().unasked);
    }

    void itsStopIsObeyed() {
        m_machine->launchErrors.push_back(want(EMFILE));
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(m_supervisor->stop("log").ok());
        QVERIFY(now().phase == Phase::Stopped);
        advance(1min);
        QCOMPARE(m_machine->launches(), std::size_t{0});
    }

    /// Who waits for its end can say what is wanting, and does not blame the process.
    void aKillThatCouldNotBeSentIsKnown() {
        QVERIFY(m_supervisor->start(spec()).ok());
        m_machine->signalError = want(EMFILE);
        QVERIFY(m_supervisor->stop("log").ok());
        QVERIFY(now().killed.ok());
        advance(10s);
        QVERIFY(now().phase == Phase::Stopping);
        QVERIFY(base::isExhaustion(now().killed));
        // It is sent as soon as it can be.
        m_machine->signalError = absl::OkStatus();
        advance(5s);
        QVERIFY(now().killed.ok());
        step();
        QVERIFY(now().phase == Phase::Stopped);
    }

    /// One that crashed before is not convicted by the want that keeps it from its next start.
    void aRestartThatThereIsNoRoomForIsNoCrash() {
        QVERIFY(m_supervisor->start(spec()).ok());
        crash();
        for (int i = 0; i < 5; ++i)
            m_machine->launchErrors.push_back(want(EMFILE));
        for (int i = 0; i < 6; ++i)
            advance(10s);
        QCOMPARE(now().restarts, 1U);
        QVERIFY(!now().crashLooping);
        QVERIFY(now().phase == Phase::Running);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SupervisedWantTest;
QTEST_GUILESS_MAIN(SupervisedWantTest)
#include "tst_supervised_want.moc"
