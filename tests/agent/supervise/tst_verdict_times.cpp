// SPDX-License-Identifier: Apache-2.0
// faults.md E6: the right verdict within two periods, by a clock that the test moves. A period is
// the time over which evidence is gathered: between two looks at the process table, and for a probe
// its interval times its failures.
#include <QTest>

#include "tests/agent/supervise/supervised_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

using agent::platform::ProcessState;
using agent::supervise::Health;
using agent::supervise::Phase;
using namespace std::chrono_literals;

class VerdictTimesTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    static constexpr std::chrono::milliseconds kLook{10s};  ///< of SupervisedMachine
    const domain::Probe m_probe{};

    std::chrono::milliseconds probePeriod() const {
        return m_probe.interval * m_probe.failureThreshold;
    }
    void start() {
        auto probed = spec();
        probed.probe = m_probe;
        m_machine->obedient = false;
        QVERIFY(m_supervisor->start(probed).ok());
        step();
    }
    /// Until `isSo`, with every probe answered as `answers` says: after its timeout where it hangs.
    template <typename Condition>
    std::chrono::milliseconds timeUntil(bool answers, const Condition& isSo) {
        constexpr std::chrono::milliseconds kTick{100};
        std::chrono::milliseconds waited{0};
        std::chrono::milliseconds asked{0};
        while (!isSo() && waited < 10min) {
            if (m_probes->sent.empty()) {
                asked = 0ms;
            } else if (answers || asked >= m_probe.timeout) {
                m_probes->answer(answers, answers ? "HTTP 200" : "timed out");
                asked = 0ms;
            } else {
                asked += kTick;
            }
            advance(kTick);
            waited += kTick;
        }
        return waited;
    }
    bool isUnhealthy() const { return now().health == Health::Unhealthy; }

private Q_SLOTS:
    void init() { makeMachine(); }

    void theVerdictComesWithinTwoPeriods_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("answers");
        QTest::addColumn<QString>("words");
        QTest::newRow("zombie") << int(ProcessState::Zombie) << true << "zombie";
        QTest::newRow("stopped") << int(ProcessState::Stopped) << true << "SIGSTOP";
        QTest::newRow("unanswering") << int(ProcessState::Running) << false << "probe failed 3";
    }
    void theVerdictComesWithinTwoPeriods() {
        QFETCH(const int, state);
        QFETCH(const bool, answers);
        QFETCH(const QString, words);
        const std::chrono::milliseconds period = answers ? kLook : probePeriod();
        std::chrono::milliseconds longest{0};
        int held = 0;
        constexpr int kMoments = 20;
        // Whenever in a period it happens.
        for (int moment = 0; moment < kMoments; ++moment) {
            makeMachine();
            start();
            timeUntil(true, [&] { return now().health == Health::Healthy; });
            const auto at = period * moment / kMoments;
            const base::SteadyTime begins = m_clock.steadyNow();
            timeUntil(true, [&] { return m_clock.steadyNow() - begins >= at; });
            m_machine->latest().state = ProcessState(state);
            const auto verdict = timeUntil(answers, [&] { return isUnhealthy(); });
            QVERIFY2(now().healthMessage.find(words.toStdString()) != std::string::npos ||
                         now().phase == Phase::Stopping,
                     now().healthMessage.c_str());
            longest = std::max(longest, verdict);
            if (verdict <= 2 * period) ++held;
            // And the restart is begun not much later.
            const auto restart =
                verdict + timeUntil(answers, [&] { return now().phase == Phase::Stopping; });
            QVERIFY2(restart <= 2 * period + m_probe.timeout,
                     std::to_string(restart.count()).c_str());
        }
        printFaultRow("E6",
                      fmt::format("{}: verdict after {} ms at most, two periods are {} ms",
                                  QTest::currentDataTag(), longest.count(), 2 * period.count()),
                      held, kMoments, "moments");
        QCOMPARE(held, kMoments);
    }

    void oneThatNeverAnswersIsJudgedInTime() {
        start();
        m_probes->sent.at(0).first.begun();
        const auto verdict = timeUntil(false, [&] { return isUnhealthy(); });
        QVERIFY2(verdict <= 2 * probePeriod(), std::to_string(verdict.count()).c_str());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::VerdictTimesTest;
QTEST_GUILESS_MAIN(VerdictTimesTest)
#include "tst_verdict_times.moc"
