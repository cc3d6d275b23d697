// SPDX-License-Identifier: Apache-2.0
// A master that dies and comes back over and over, beside one that does not.
#include <absl/synchronization/mutex.h>
#include <absl/time/clock.h>

#include <QTest>
#include <algorithm>
#include <atomic>

#include "tests/gui/rpc/session_fixture.h"

using namespace ifrit;
using namespace ifrit::tests;
namespace services = ifrit::gui::services;

namespace {

constexpr int kLives = 6;

/// One session over one master that numbers its lives, and all that it hears of it.
struct Followed {
    explicit Followed(std::chrono::milliseconds tooLong = std::chrono::seconds(20)) {
        // A busy machine is no dead line.
        fixture.options.staleAfter = tooLong;
        fixture.options.deadAfter = tooLong;
        fixture.master.script.whoAmI = [this](MasterScript::Context& context, auto* out) {
            const int life = lives;
            // One that was asked to is still thinking when it dies.
            while (thinks && !context.IsCancelled())
                absl::SleepFor(absl::Milliseconds(2));
            out->set_user("of life " + std::to_string(life));
            return grpc::Status::OK;
        };
        fixture.master.script.watchMachines = [this](MasterScript::Context& context,
                                                     const v1::WatchMachinesRequest&, auto* out) {
            v1::WatchMachinesResponse message;
            message.set_snapshot_begins(true);
            message.set_snapshot_ends(true);
            message.set_generation(static_cast<std::uint64_t>(lives.load()));
            out->Write(message);
            holdOpen(context);
            return grpc::Status::OK;
        };
        session = fixture.connect();
        status = session->connection().watchStatus([this](const services::LinkStatus& now) {
            if (states.empty() || states.back() != now.state) states.push_back(now.state);
        });
        services::StreamObserver<services::MachinesUpdate> machines;
        machines.next = [this](const services::MachinesUpdate& update) {
            generations.push_back(update.generation);
        };
        machines.ended = [this](const absl::Status&) { ended = true; };
        watch = session->fleet().watchMachines("", std::move(machines));
        session->connection().connect();
    }
    services::LinkState state() const { return session->connection().status().state; }
    bool reaches(services::LinkState wanted) const {
        return spinUntil([&] { return state() == wanted; });
    }
    void die() { fixture.master.stop(); }
    bool comeBack() {
        ++lives;
        return fixture.master.start();
    }

    // Before the master, whose handlers look at them.
    std::atomic<int> lives{1};
    std::atomic<bool> thinks{false};
    SessionFixture fixture;
    std::unique_ptr<services::Session> session;
    std::vector<services::LinkState> states;
    std::vector<std::uint64_t> generations;
    bool ended = false;
    services::CallHandle status;
    services::CallHandle watch;
};

}  // namespace

class TestFlappingMaster : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachLifeIsHeardOnceAndTheOtherMasterAllTheTime();
    void aQuestionOutlivesTheMasterThatDidNotAnswer();
};

void TestFlappingMaster::eachLifeIsHeardOnceAndTheOtherMasterAllTheTime() {
    using services::LinkState;
    Followed flapping;
    Followed steady;
    QVERIFY(flapping.reaches(LinkState::Connected) && steady.reaches(LinkState::Connected));
    QVERIFY(spinUntil([&] { return steady.generations.size() == 1; }));
    for (int life = 1; life <= kLives; ++life) {
        QVERIFY(spinUntil([&] { return flapping.generations.size() == std::size_t(life); }));
        QCOMPARE(flapping.generations.back(), static_cast<std::uint64_t>(life));
        QCOMPARE(flapping.session->connection().status().attempt, 0U);
        flapping.die();
        QVERIFY(flapping.reaches(LinkState::Reconnecting));
        // As long as it is away it is said to be, attempt after attempt.
        QVERIFY(spinUntil([&] { return flapping.session->connection().status().attempt >= 2; }));
        QVERIFY(flapping.session->connection().status().staleSince.has_value());
        if (life == kLives) break;
        QVERIFY(flapping.comeBack());
        QVERIFY(flapping.reaches(LinkState::Connected));
    }
    // One stream for each life, whatever was tried between them.
    QCOMPARE(flapping.fixture.master.calls("WatchMachines"), kLives);
    QCOMPARE(flapping.fixture.master.calls("WatchEvents"), kLives);
    QVERIFY(!flapping.ended);
    QCOMPARE(std::count(flapping.states.begin(), flapping.states.end(), LinkState::Connected),
             std::ptrdiff_t{kLives});
    // The other one has heard nothing of it.
    QCOMPARE(steady.state(), LinkState::Connected);
    QCOMPARE(std::count(steady.states.begin(), steady.states.end(), LinkState::Reconnecting),
             std::ptrdiff_t{0});
    QCOMPARE(steady.fixture.master.calls("WatchMachines"), 1);
    QCOMPARE(steady.fixture.master.calls("WatchEvents"), 1);
    QCOMPARE(steady.generations.size(), std::size_t{1});
}

void TestFlappingMaster::aQuestionOutlivesTheMasterThatDidNotAnswer() {
    Followed flapping;
    QVERIFY(flapping.reaches(services::LinkState::Connected));
    for (int life = 1; life < kLives; ++life) {
        flapping.thinks = true;
        const int before = flapping.fixture.master.calls("WhoAmI");
        std::vector<std::string> answers;
        const auto call = flapping.session->connection().whoAmI(
            [&answers](const absl::StatusOr<services::Identity>& who) {
                answers.push_back(who.ok() ? who->user : who.status().ToString());
            });
        QVERIFY(spinUntil([&] { return flapping.fixture.master.calls("WhoAmI") > before; }));
        flapping.die();
        QVERIFY(flapping.reaches(services::LinkState::Reconnecting));
        flapping.thinks = false;
        QVERIFY(flapping.comeBack());
        QVERIFY(spinUntil([&] { return !answers.empty(); }));
        QVERIFY(flapping.reaches(services::LinkState::Connected));
        // Answered once, by the one that lives.
        QCOMPARE(answers.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(answers.front()),
                 QStringLiteral("of life %1").arg(flapping.lives.load()));
    }
}

QTEST_GUILESS_MAIN(TestFlappingMaster)
#include "tst_flapping_master.moc"
