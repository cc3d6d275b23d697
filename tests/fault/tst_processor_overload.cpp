// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "master/services/sync_service.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kPoll{30};
constexpr Seconds kPatience{20};  ///< ifrit-agent's, for an answer
constexpr double kPollsASecond = 100;
constexpr double kDear = 2.5;  ///< a poll with a report, to one without
constexpr double kDearShare = 0.3;
constexpr double kHandshake = 40;  ///< the same, of who gave up and makes a new line
constexpr Seconds kCheap{1 / kPollsASecond / (1 - kDearShare + kDearShare * kDear)};

/// Answers polls as a master does, on a clock of the test's.
class PacedMaster {
public:
    explicit PacedMaster(double share) : m_pace(limits(share)) {}

    void enrol(const std::string& uuid) {
        domain::MachineFacts facts;
        facts.uuid = uuid;
        facts.machineType = "LINUX";
        m_fleet.enrol(facts, m_clock.now());
    }
    /// When to come again, of a poll that began at `now`.
    Seconds poll(const std::string& uuid, Seconds now) {
        goTo(now);
        Seconds out{0};
        SyncQuestion question;
        question.uuid = uuid;
        m_service.sync(std::move(question), [&out](const auto& it) { out = it->nextPoll; });
        return out;
    }
    /// Its process took so much of the processor until `now`.
    void look(Seconds now, Seconds processor) {
        goTo(now);
        m_pace.look(m_clock.steadyNow(),
                    std::chrono::duration_cast<std::chrono::nanoseconds>(processor), m_fleet);
        for (const MachineView& view :
             m_fleet.sweep(m_clock.now(), {3 * m_pace.base(), m_pace.base()}))
            m_silent += view.offline ? 1 : 0;
    }
    /// Machines that were taken for silent.
    int silent() const { return m_silent; }

private:
    static PaceLimits limits(double share) {
        PaceLimits out;
        out.base = std::chrono::duration_cast<std::chrono::milliseconds>(kPoll);
        out.share = share;
        return out;
    }
    void goTo(Seconds now) {
        const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(now);
        if (at > m_at) m_clock.advance(at - m_at);
        m_at = std::max(m_at, at);
    }

    ManualClock m_clock;
    std::chrono::milliseconds m_at{0};
    storage::MemoryDatabase m_database;
    Fleet m_fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears m_clears;
    LogTails m_logTails;
    compose::PublishedState m_published;
    ReportWriter m_writer{{m_database, m_fleet, m_clears, [](const auto&) {}}};
    PollPace m_pace;
    SyncService m_service{
        {m_fleet, m_published, m_writer, m_clears, m_logTails, m_clock, m_pace, {}}};
    int m_silent = 0;
};

/// A fleet before a master whose one processor takes polls in the order in which they come. Who had
/// no answer in time comes again later each time, with a handshake.
class Overload {
public:
    /// Machines for `load` times what the processor can take at kPoll, of which the last begins
    /// after `growth`.
    Overload(double load, Seconds growth, double share) : m_master(share) {
        const auto count = static_cast<std::size_t>(load * kPoll.count() * kPollsASecond);
        m_machines.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            m_machines[i].uuid = "m" + std::to_string(i);
            m_due.push({growth * part(), i});
        }
    }
    /// Polls a second that were answered in time, from `begin` to `end`.
    double goodput(Seconds begin, Seconds end) {
        int inTime = 0;
        while (m_due.top().at < end) {
            const Due due = m_due.top();
            m_due.pop();
            const Seconds answered = serve(due);
            Machine& machine = m_machines[due.machine];
            if (answered - due.at > kPatience) {
                ++machine.failures;
                const Seconds pause(std::min(60.0, 0.5 * std::pow(2, machine.failures)) * part());
                m_due.push({due.at + kPatience + pause, due.machine});
                continue;
            }
            machine.failures = 0;
            inTime += answered >= begin && answered < end ? 1 : 0;
            m_due.push({answered + m_next, due.machine});
        }
        return inTime / (end - begin).count();
    }
    int silent() const { return m_master.silent(); }

private:
    struct Machine {
        std::string uuid;
        int failures = 0;
        bool isKnown = false;
    };
    struct Due {
        Seconds at;
        std::size_t machine;
        bool operator>(const Due& other) const { return at > other.at; }
    };

    double part() { return std::uniform_real_distribution<double>(0, 1)(m_random); }
    /// When the answer was there; with m_next.
    Seconds serve(const Due& due) {
        Machine& machine = m_machines[due.machine];
        if (!std::exchange(machine.isKnown, true)) m_master.enrol(machine.uuid);
        const Seconds begin = std::max(due.at, m_free);
        const double cost =
            (part() < kDearShare ? kDear : 1) + (machine.failures > 0 ? kHandshake : 0);
        passTo(begin, 0);
        m_next = m_master.poll(machine.uuid, begin);
        m_free = begin + kCheap * cost;
        passTo(m_free, 1);
        return m_free;
    }
    /// The processor was `busy` until `at`.
    void passTo(Seconds at, double busy) {
        while (m_look <= at) {
            m_taken += (m_look - m_passed) * busy;
            m_passed = m_look;
            m_master.look(m_look, m_taken);
            m_look += Seconds(1);
        }
        m_taken += (at - m_passed) * busy;
        m_passed = at;
    }

    PacedMaster m_master;
    std::mt19937_64 m_random{1};
    std::vector<Machine> m_machines;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
    Seconds m_next{0};
    Seconds m_free{0};
    Seconds m_look{1};
    Seconds m_passed{0};
    Seconds m_taken{0};
};

}  // namespace

/// Row G5, where it is the processor that is too little: polls are spaced.
class TestProcessorOverload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFleetOfThreeTimesTheLoadIsSpaced() {
        constexpr double kShare = PaceLimits().share;
        constexpr Seconds kSettled(600);
        constexpr Seconds kEnd(1'000);
        const double peak = Overload(1, kPoll, 0).goodput(kSettled, kEnd);
        QVERIFY2(peak > 0.95 * kPollsASecond, QByteArray::number(peak));
        tests::FaultTally growths;
        double least = peak;
        for (const int minutes : {2, 3, 5, 10, 20}) {
            const Seconds growth(60 * minutes);
            Overload overload(3, growth, kShare);
            const double good = overload.goodput(growth + kSettled, growth + kEnd);
            least = std::min(least, good);
            growths.count(good >= 0.8 * peak && overload.silent() == 0,
                          std::to_string(minutes) + " minutes: " + std::to_string(good) + " of " +
                              std::to_string(peak) + ", silent " +
                              std::to_string(overload.silent()));
        }
        growths.print("G5", "three times the machines that the processor takes",
                      "growths, over 2 to 20 minutes, no machine taken for silent: at least " +
                          std::to_string(static_cast<int>(least)) + " polls answered a second (" +
                          std::to_string(static_cast<int>(peak)) +
                          " at the load that it can take)");
        QCOMPARE(growths.failed(), std::string());
        // As it is where they all come at the old interval.
        QVERIFY(Overload(3, Seconds(120), 0).goodput(Seconds(200), Seconds(400)) < 0.5 * peak);
    }

    /// Where there is room nothing is spaced.
    void aFleetThatFitsComesAsItShould() {
        const double share = PaceLimits().share;
        const double good = Overload(0.8, kPoll, share).goodput(Seconds(300), Seconds(900));
        QVERIFY2(std::abs(good - 0.8 * kPollsASecond) < 0.02 * kPollsASecond,
                 QByteArray::number(good));
    }
};

QTEST_GUILESS_MAIN(TestProcessorOverload)
#include "tst_processor_overload.moc"
