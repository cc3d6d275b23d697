// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <sstream>
#include <vector>

#include "master/services/poll_pace.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

constexpr double kShare = 0.85;

/// A second in which `polls` of so many machines took `busy` of the processors.
PaceSample second(double busy, std::uint64_t polls, std::uint64_t machines) {
    return {std::chrono::seconds(1),
            std::chrono::nanoseconds(static_cast<std::int64_t>(busy * 1e9)), polls, machines};
}

/// Machines that come when they are told to, and wait for as long as it takes; each second as many
/// of those that are due as the processors can do. The rule alone is looked at.
class PolledFleet {
public:
    /// What so many polls in a second take of the processors.
    using Busy = std::function<double(double polls)>;

    PolledFleet(int machines, const PaceLimits& limits, Busy busy)
        : m_limits(limits), m_busy(std::move(busy)), m_state(firstPace(limits)) {
        const double spread = Seconds(limits.base).count();
        for (int i = 0; i < machines; ++i)
            m_due.push(spread * i / machines);
    }
    void run(int seconds) {
        for (const double end = m_now + seconds; m_now < end; ++m_now) {
            std::uint64_t polls = 0;
            while (m_due.top() < m_now + 1 &&
                   m_busy(static_cast<double>(polls)) < m_limits.processors) {
                ++polls;
                m_due.pop();
                m_due.push(m_now + m_state.interval.count() * m_jitter(m_random));
            }
            const double busy = std::min(m_busy(static_cast<double>(polls)), m_limits.processors);
            m_state = nextPace(m_state, second(busy, polls, m_due.size()), m_limits);
            m_busiest.push_back(busy);
            m_intervals.push_back(m_state.interval.count());
        }
    }
    /// Of the last so many seconds.
    double mean(int last) const {
        double sum = 0;
        for (auto it = m_busiest.end() - last; it != m_busiest.end(); ++it)
            sum += *it;
        return sum / last;
    }
    double swing(int last) const {
        const auto [least, most] = std::minmax_element(m_intervals.end() - last, m_intervals.end());
        return (*most - *least) / *most;
    }
    double interval() const { return m_state.interval.count(); }
    void add(int machines) {
        for (int i = 0; i < machines; ++i)
            m_due.push(m_now + 30.0 * i / machines);
    }
    void shrinkTo(std::size_t machines) {
        while (m_due.size() > machines)
            m_due.pop();
    }

private:
    const PaceLimits m_limits;
    const Busy m_busy;
    PaceState m_state;
    double m_now = 0;
    std::mt19937_64 m_random{1};
    std::uniform_real_distribution<double> m_jitter{0.9, 1.1};
    std::priority_queue<double, std::vector<double>, std::greater<>> m_due;
    std::vector<double> m_busiest;
    std::vector<double> m_intervals;
};

}  // namespace

class TestPaceRule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void longest_data() {
        QTest::addColumn<qint64>("base");
        QTest::addColumn<qint64>("longest");
        QTest::newRow("usual") << qint64{30'000} << qint64{270'000};
        QTest::newRow("short") << qint64{200} << qint64{1'800};
        QTest::newRow("long") << qint64{120'000} << qint64{270'000};
        QTest::newRow("longer than any") << qint64{3'600'000} << qint64{3'600'000};
    }
    /// With its jitter it is no longer than ifrit-agent takes by itself.
    void longest() {
        QFETCH(qint64, base);
        QFETCH(qint64, longest);
        PaceLimits limits;
        limits.base = milliseconds(base);
        QCOMPARE(limits.longest(), milliseconds(longest));
        QVERIFY(base > 270'000 || limits.longest() * 11 / 10 <= milliseconds(300'000));
    }

    /// Load with the base interval, in parts of what the processors can do.
    void settles_data() {
        QTest::addColumn<double>("load");
        QTest::addColumn<double>("fixed");     ///< what costs the same however rarely machines come
        QTest::addColumn<double>("crowding");  ///< how much dearer a poll is on a full processor
        QTest::addColumn<double>("interval");  ///< where it comes to rest; 0: that is not told
        QTest::addColumn<double>("swing");     ///< in which it may go on
        QTest::newRow("little") << 0.1 << 0.0 << 0.0 << 30.0 << 0.0;
        QTest::newRow("much") << 0.8 << 0.0 << 0.0 << 30.0 << 0.0;
        QTest::newRow("three times") << 3.0 << 0.0 << 0.0 << 30 * 3.0 / kShare << 0.05;
        QTest::newRow("seven times") << 7.0 << 0.0 << 0.0 << 30 * 7.0 / kShare << 0.05;
        QTest::newRow("more than it stretches") << 20.0 << 0.0 << 0.0 << 270.0 << 0.05;
        QTest::newRow("with other calls") << 2.0 << 0.4 << 0.0 << 30 * 2.0 / (kShare - 0.4) << 0.05;
        QTest::newRow("other calls alone") << 0.1 << 0.95 << 0.0 << 270.0 << 0.05;
        QTest::newRow("dearer when full") << 2.0 << 0.0 << 0.5 << 0.0 << 0.2;
    }
    void settles() {
        QFETCH(double, load);
        QFETCH(double, fixed);
        QFETCH(double, crowding);
        QFETCH(double, interval);
        QFETCH(double, swing);
        constexpr int kMachines = 3'000;
        PaceLimits limits;
        limits.share = kShare;
        const double cost = load * 30 / kMachines;
        PolledFleet fleet(kMachines, limits, [=](double polls) {
            const double plain = polls * cost;
            return fixed + plain * (1 + crowding * std::min(plain, 1.0));
        });
        fleet.run(3'000);
        const QByteArray at = QByteArray::number(fleet.interval());
        if (interval > 0) QVERIFY2(std::abs(fleet.interval() / interval - 1) < 0.05, at);
        QVERIFY2(fleet.swing(900) <= swing, QByteArray::number(fleet.swing(900)));
        if (fleet.interval() > 31 && fleet.interval() < 269)
            QVERIFY2(std::abs(fleet.mean(900) / kShare - 1) < 0.1,
                     QByteArray::number(fleet.mean(900)));
    }

    void growsAtOnceAndShrinksSlowly() {
        constexpr int kMachines = 1'000;
        PaceLimits limits;
        PolledFleet fleet(kMachines, limits,
                          [](double polls) { return polls * 0.8 * 30 / kMachines; });
        fleet.run(300);
        QCOMPARE(fleet.interval(), 30.0);
        fleet.add(2 * kMachines);
        fleet.run(40);
        QVERIFY2(fleet.interval() > 70, QByteArray::number(fleet.interval()));
        fleet.run(1'500);
        const double grown = fleet.interval();
        fleet.shrinkTo(kMachines);
        fleet.run(10);
        QVERIFY(fleet.interval() > grown * 0.85);
        fleet.run(300);
        QCOMPARE(fleet.interval(), 30.0);
    }

    void nothingIsDoneWithoutAShareOrWithoutPolls() {
        PaceLimits off;
        off.share = 0;
        PaceState state = firstPace(off);
        for (int i = 0; i < 100; ++i)
            state = nextPace(state, second(1, 10, 100'000), off);
        QCOMPARE(state.interval, Seconds(30));
        const PaceLimits limits;
        state = firstPace(limits);
        for (int i = 0; i < 100; ++i)
            state = nextPace(state, second(1, 0, 1'000), limits);
        QCOMPARE(state.interval, Seconds(30));
        QCOMPARE(nextPace(state, {}, limits).interval, Seconds(30));
    }

    /// A master that was restarted goes on from what machines were told, and comes down by itself.
    void aMasterBeginsWhereTheLastOneWas() {
        ManualClock clock;
        const Fleet nobody(std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1}));
        PollPace pace(PaceLimits{});
        pace.goOnFrom(std::chrono::seconds(100));
        QCOMPARE(pace.current(), milliseconds(100'000));
        pace.goOnFrom(std::chrono::hours(1));
        QCOMPARE(pace.current(), milliseconds(270'000));
        for (int i = 0; i < 600; ++i) {
            clock.advance(std::chrono::seconds(1));
            pace.look(clock.steadyNow(), std::chrono::seconds(0), nobody);
        }
        QCOMPARE(pace.current(), milliseconds(30'000));
    }

    /// An interval that was lowered, say: what machines were told before goes down by itself.
    void onlyOneThatGrowsIsTold() {
        ManualClock clock;
        Fleet fleet(std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1}));
        domain::MachineFacts facts;
        facts.uuid = "m-1";
        fleet.enrol(facts, clock.now());
        std::ostringstream log;
        const auto before = spdlog::default_logger();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
        PollPace pace(PaceLimits{});
        pace.goOnFrom(std::chrono::seconds(100));
        std::chrono::seconds processor{0};
        const auto look = [&](std::chrono::seconds used) {
            clock.advance(std::chrono::seconds(1));
            processor += used;
            (void)fleet.touch("m-1", clock.now(), pace.current());
            pace.look(clock.steadyNow(), processor, fleet);
            return log.str().find("the processors are busy") != std::string::npos;
        };
        bool isTold = false;
        for (int i = 0; i < 600; ++i)
            isTold = look(std::chrono::seconds(0)) || isTold;
        const bool isToldIdle = isTold;
        for (int i = 0; i < 600; ++i)
            isTold = look(std::chrono::seconds(1'000)) || isTold;
        spdlog::set_default_logger(before);
        QVERIFY(!isToldIdle);
        QVERIFY(isTold);
    }
};

QTEST_GUILESS_MAIN(TestPaceRule)
#include "tst_pace_rule.moc"
