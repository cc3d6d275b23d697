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

#include "shared/base/backoff.h"
#include "shared/domain/link_times.h"
#include "tests/master/support/sync_parts.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kPoll{30};
constexpr double kPollsASecond = 50;
constexpr double kDear = 2.5;  ///< a poll with a report, to one without
constexpr double kDearShare = 0.3;
/// A TLS handshake, to a poll without a report: less than it is (150), so that it ends sooner here.
constexpr double kHandshake = 40;
constexpr double kHello = 0.3;  ///< its first step, of it
constexpr Seconds kCheap{1 / kPollsASecond / (1 - kDearShare + kDearShare * kDear)};
constexpr Seconds kHandshakeLimit{10};                      ///< the master's
constexpr Seconds kOverloadPatience{domain::kLongestCall};  ///< ifrit-agent's, for line and answer
/// HandshakeGate's, as many as its 16 are in time of the processor; 0: no gate.
constexpr int kAtOnce = 1;
constexpr Seconds kLatest = kOverloadPatience / 4;
constexpr base::Backoff::Policy kBackoff{std::chrono::milliseconds(500), domain::kLongestBackoff,
                                         std::chrono::milliseconds(50)};
constexpr int kSweepEach = 10;

/// Answers polls as a master does, on a clock of the test's.
class PacedMaster {
public:
    explicit PacedMaster(double share) : m_pace(limits(share)) {}

    void enrol(const std::string& uuid) {
        domain::MachineFacts facts;
        facts.uuid = uuid;
        facts.machineType = "LINUX";
        m_parts.fleet.enrol(facts, m_parts.clock.now());
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
        m_pace.look(m_parts.clock.steadyNow(),
                    std::chrono::duration_cast<std::chrono::nanoseconds>(processor), m_parts.fleet);
        if (++m_looks % kSweepEach != 0) return;
        for (const MachineView& view :
             m_parts.fleet.sweep(m_parts.clock.now(), {3 * m_pace.base(), m_pace.base()}))
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
        if (at > m_at) m_parts.clock.advance(at - m_at);
        m_at = std::max(m_at, at);
    }

    SyncParts m_parts;
    std::chrono::milliseconds m_at{0};
    PollPace m_pace;
    SyncService m_service{m_parts.with(m_pace)};
    int m_looks = 0;
    int m_silent = 0;
};

/// A fleet before a master whose one processor does one thing after the other, in the order in
/// which they come. Nobody has a line when it begins. Who has no line or no answer in time gives it
/// up and comes again later each time, with a handshake.
class Overload {
public:
    struct Setting {
        double load = 1;         ///< times what the processor can take at kPoll
        Seconds growth = kPoll;  ///< until the last machine has come
        double share = PaceLimits().share;
        int atOnce = kAtOnce;  ///< handshakes at their first step; 0: all
    };
    explicit Overload(const Setting& setting) : m_setting(setting), m_master(setting.share) {
        const auto count = static_cast<std::size_t>(setting.load * kPoll.count() * kPollsASecond);
        m_machines.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            m_machines.emplace_back("m" + std::to_string(i), [this] { return part(); });
            m_due.push({setting.growth * part(), Step::Turn, i});
        }
    }
    /// Time of the processor that the handshakes of all machines take.
    Seconds handshakes() const {
        return kCheap * kHandshake * static_cast<double>(m_machines.size());
    }
    /// Polls a second that were answered in time, from `begin` to `end`.
    double goodput(Seconds begin, Seconds end) {
        (void)goOn(begin);
        return goOn(end) / (end - begin).count();
    }
    /// Of all machines, who were answered at all.
    double served() const {
        return static_cast<double>(std::count_if(m_machines.begin(), m_machines.end(),
                                                 [](const auto& it) { return it.isServed; })) /
               static_cast<double>(m_machines.size());
    }
    int silent() const { return m_master.silent(); }
    /// Lines that were given up for a late answer.
    int given() const { return m_given; }

private:
    enum class Step { Turn, Greeted, Connected, Answered, GivenUp };
    struct Machine {
        Machine(std::string name, base::UniformRandom random)
            : uuid(std::move(name)), backoff(kBackoff, std::move(random)) {}
        std::string uuid;
        base::Backoff backoff;
        int attempt = 0;  ///< what belongs to a former one is for nobody
        bool hasLine = false;
        bool isEnrolled = false;
        bool isServed = false;
    };
    struct Due {
        Seconds at;
        Step step = Step::Turn;
        std::size_t machine = 0;
        int attempt = 0;
        Seconds admitted{0};  ///< to its handshake
        Seconds next{0};      ///< poll, as answered
        bool operator>(const Due& other) const { return at > other.at; }
    };

    double part() { return std::uniform_real_distribution<double>(0, 1)(m_random); }
    /// Answers in time until then.
    int goOn(Seconds end) {
        m_inTime = 0;
        while (m_due.top().at < end) {
            const Due due = m_due.top();
            m_due.pop();
            take(due);
        }
        return m_inTime;
    }
    void take(const Due& due) {
        Machine& machine = m_machines[due.machine];
        const bool isCurrent = due.attempt == machine.attempt;
        switch (due.step) {
            case Step::Turn:
                begin(due);
                break;
            case Step::Greeted:
                --m_greeting;
                if (isCurrent && due.at - due.admitted <= kHandshakeLimit)
                    later(due, Step::Connected, work(due.at, (1 - kHello) * kHandshake));
                letIn(due.at);
                break;
            case Step::Connected:
                if (!isCurrent || due.at - due.admitted > kHandshakeLimit) break;
                machine.hasLine = true;
                poll(due);
                break;
            case Step::Answered:
                if (!isCurrent) break;
                ++m_inTime;
                machine.isServed = true;
                machine.backoff.reset();
                again(due.machine, due.at + due.next);
                break;
            case Step::GivenUp:
                if (isCurrent) fail(due);
                break;
        }
    }
    void begin(Due due) {
        Machine& machine = m_machines[due.machine];
        due.attempt = machine.attempt;
        later(due, Step::GivenUp, due.at + kOverloadPatience);
        if (machine.hasLine) {
            poll(due);
        } else {
            m_waiting.push(due);
            letIn(due.at);
        }
    }
    /// As HandshakeGate does.
    void letIn(Seconds now) {
        while (!m_waiting.empty() && (m_setting.atOnce == 0 || m_greeting < m_setting.atOnce)) {
            Due due = m_waiting.front();
            m_waiting.pop();
            if (due.attempt != m_machines[due.machine].attempt) continue;
            if (m_setting.atOnce > 0 && now - due.at > kLatest) {
                due.at = now;
                fail(due);
                continue;
            }
            ++m_greeting;
            due.admitted = now;
            later(due, Step::Greeted, work(now, kHello * kHandshake));
        }
    }
    void poll(Due due) {
        Machine& machine = m_machines[due.machine];
        if (!std::exchange(machine.isEnrolled, true)) m_master.enrol(machine.uuid);
        passTo(std::max(due.at, m_free), 0);
        due.next = m_master.poll(machine.uuid, std::max(due.at, m_free));
        later(due, Step::Answered, work(due.at, part() < kDearShare ? kDear : 1));
    }
    /// The line is given up with the call.
    void fail(const Due& due) {
        Machine& machine = m_machines[due.machine];
        m_given += std::exchange(machine.hasLine, false) ? 1 : 0;
        again(due.machine, due.at + Seconds(machine.backoff.next()));
    }
    void again(std::size_t machine, Seconds at) {
        ++m_machines[machine].attempt;
        m_due.push({at, Step::Turn, machine, m_machines[machine].attempt});
    }
    void later(Due due, Step step, Seconds at) {
        due.step = step;
        due.at = at;
        m_due.push(due);
    }
    /// When it is done, after all that came before.
    Seconds work(Seconds now, double cost) {
        passTo(std::max(now, m_free), 0);
        m_free = m_passed + kCheap * cost;
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

    const Setting m_setting;
    PacedMaster m_master;
    std::mt19937_64 m_random{1};
    std::vector<Machine> m_machines;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
    std::queue<Due> m_waiting;  ///< in the kernel, for the gate
    int m_greeting = 0;
    int m_inTime = 0;
    int m_given = 0;
    Seconds m_free{0};
    Seconds m_look{1};
    Seconds m_passed{0};
    Seconds m_taken{0};
};

}  // namespace

/// Row G5, where it is the processor that is too little: handshakes are let in a few at a time, and
/// polls are spaced.
class TestProcessorOverload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFleetOfThreeTimesTheLoadIsSpaced() {
        constexpr Seconds kSettled(600);
        constexpr Seconds kEnd(1'000);
        tests::FaultTally growths;
        double least = kPollsASecond;
        for (const int minutes : {0, 5, 30}) {
            Overload overload({3, Seconds(60 * minutes + 1)});
            // A quarter more than the handshakes alone, for the polls of who has a line already.
            const Seconds there = std::max(Seconds(60 * minutes), 1.25 * overload.handshakes());
            (void)overload.goodput(Seconds(0), there);
            const double served = overload.served();
            const double good = overload.goodput(there + kSettled, there + kEnd);
            least = std::min(least, good);
            growths.count(served > 0.99 && overload.served() == 1 && good >= 0.8 * kPollsASecond &&
                              overload.silent() + overload.given() == 0,
                          std::to_string(minutes) + " minutes: " + std::to_string(served) +
                              " of the machines served, then " + std::to_string(good) +
                              " polls a second, silent " + std::to_string(overload.silent()) +
                              ", answered too late " + std::to_string(overload.given()));
        }
        growths.print(
            "G5", "three times the machines that the processor takes",
            "growths, from at once to half an hour: each machine has a line within 1.25 of "
            "what all handshakes take, none that has one is answered late or silent, and "
            "then at least " +
                std::to_string(static_cast<int>(100 * least / kPollsASecond)) +
                " % of the polls that the processor takes are answered");
        QCOMPARE(growths.failed(), std::string());
    }

    /// Where all handshakes begin at once none ends; where no poll is spaced, no more are let in.
    void gateAndPaceAreBothNeeded() {
        Overload herd({3, Seconds(1), PaceLimits().share, 0});
        (void)herd.goodput(Seconds(0), 1.25 * herd.handshakes());
        QVERIFY2(herd.served() < 0.1, QByteArray::number(herd.served()));
        Overload unpaced({3, Seconds(1), 0});
        (void)unpaced.goodput(Seconds(0), 2 * unpaced.handshakes());
        QVERIFY2(unpaced.served() < 0.6, QByteArray::number(unpaced.served()));
    }

    /// Where there is room nothing is spaced.
    void aFleetThatFitsComesAsItShould() {
        const Seconds there(1'500);
        const double good = Overload({0.8, kPoll}).goodput(there, there + Seconds(600));
        QVERIFY2(std::abs(good - 0.8 * kPollsASecond) < 0.02 * kPollsASecond,
                 QByteArray::number(good));
    }
};

QTEST_GUILESS_MAIN(TestProcessorOverload)
#include "tst_processor_overload.moc"
