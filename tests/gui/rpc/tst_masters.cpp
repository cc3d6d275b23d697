// SPDX-License-Identifier: Apache-2.0
// Several masters, of which one takes connections and never answers, as one that was stopped does.
#include <absl/synchronization/notification.h>

#include <QElapsedTimer>
#include <QTest>
#include <optional>

#include "gui/rpc/masters.h"
#include "shared/base/status.h"
#include "tests/gui/rpc/session_fixture.h"
#include "tests/gui/support/fixed_clock.h"
#include "tests/support/chaos_proxy.h"

using namespace ifrit;
using namespace ifrit::tests;
namespace services = ifrit::gui::services;

namespace {

template <typename T>
using Answer = std::optional<absl::StatusOr<T>>;

template <typename T>
services::Reply<T> into(Answer<T>& answer) {
    return [&answer](absl::StatusOr<T> reply) {
        if (answer.has_value()) qFatal("replied twice");
        answer = std::move(reply);
    };
}

/// A sound master behind one that may hang.
struct TwoMasters {
    TwoMasters() {
        if (!behind.start() || !fixture.master.start()) qFatal("no master starts");
        proxy = std::make_unique<ChaosProxy>(behind.port());
        profile = fixture.profile();
        profile.bundle.addresses = {firstAddress(), fixture.master.address()};
    }
    std::string firstAddress() const { return "127.0.0.1:" + std::to_string(proxy->port()); }
    GrpcMaster& second() { return fixture.master; }
    services::Session& session() {
        if (!opened)
            opened = gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        return *opened;
    }

    absl::Notification release;  // before the masters, whose handlers wait for it
    SessionFixture fixture;
    GrpcMaster behind{
        SessionFixture::identityOf(fixture.pki.caPem(), fixture.pki.issue("first master"))};
    std::unique_ptr<ChaosProxy> proxy;
    services::ConnectionProfile profile;
    std::unique_ptr<services::Session> opened;
};

services::ClearKnownBad someChange() {
    return {{}, {"m"}, "logd", {}};
}

}  // namespace

class TestMasters : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoNeverAnswersIsPassedBy();
    void theKillSwitchGoesThroughTheSecondMasterOnce();
    void whoRefusesIsPassedByAtOnce();
    void whereNoneAnswersNothingIsAsked();
    void whoHangsLaterIsLeft();
    void whoIsOnlySlowIsKept();
    void suspicionGoesByTheClockThatItIsGiven();
    void aSessionEndsWhileItLooksForAMaster();
};

void TestMasters::whoNeverAnswersIsPassedBy() {
    TwoMasters masters;
    masters.proxy->hang();
    QElapsedTimer timer;
    timer.start();
    Answer<services::MachineInfo> first;
    Answer<services::MachineInfo> beside;
    const auto one = masters.session().fleet().getMachine("a", into(first));
    const auto other = masters.session().fleet().getMachine("b", into(beside));
    QVERIFY(spinUntil([&] { return first.has_value() && beside.has_value(); }));
    QVERIFY2(first->ok(), base::messageOf(first->status()).c_str());
    QVERIFY2(beside->ok(), base::messageOf(beside->status()).c_str());
    QVERIFY(timer.elapsed() < masters.profile.deadline.count() / 2);
    QCOMPARE(masters.second().calls("GetMachine"), 2);
    // The line stands: what comes later does not look for one, and a stream takes it too.
    Answer<services::MachineInfo> later;
    const auto third = masters.session().fleet().getMachine("c", into(later));
    masters.session().connection().connect();
    QVERIFY(spinUntil([&] {
        return later.has_value() &&
               masters.session().connection().status().state == services::LinkState::Connected;
    }));
    QCOMPARE(masters.session().connection().status().address, masters.second().address());
    QCOMPARE(masters.proxy->connections(), 1);
}

void TestMasters::theKillSwitchGoesThroughTheSecondMasterOnce() {
    TwoMasters masters;
    masters.proxy->hang();
    masters.second().script.freezeCluster = [](const auto& in, v1::Cluster* out) {
        out->mutable_freeze()->set_reason(in.mutation().reason());
        return grpc::Status::OK;
    };
    Answer<services::ClusterSummary> frozen;
    const auto call = masters.session().fleet().freeze({"", "smoke", {}, 0}, into(frozen));
    QVERIFY(spinUntil([&] { return frozen.has_value(); }));
    QVERIFY2(frozen->ok(), base::messageOf(frozen->status()).c_str());
    QVERIFY((*frozen)->freeze.has_value());
    QCOMPARE(masters.second().calls("FreezeCluster"), 1);
    QCOMPARE(masters.behind.calls("FreezeCluster"), 0);
}

void TestMasters::whoRefusesIsPassedByAtOnce() {
    TwoMasters masters;
    masters.behind.stop();
    masters.profile.bundle.addresses[0] = masters.behind.address();
    masters.fixture.options.headStart = std::chrono::minutes(1);
    Answer<std::uint64_t> changed;
    const auto call = masters.session().fleet().clearKnownBad(someChange(), into(changed));
    QVERIFY(spinUntil([&] { return changed.has_value(); }));
    QVERIFY2(changed->ok(), base::messageOf(changed->status()).c_str());
    QCOMPARE(masters.second().calls("ClearKnownBad"), 1);
}

void TestMasters::whereNoneAnswersNothingIsAsked() {
    TwoMasters masters;
    ChaosProxy other(masters.second().port());
    other.hang();
    masters.proxy->hang();
    const std::string second = "127.0.0.1:" + std::to_string(other.port());
    masters.profile.bundle.addresses[1] = second;
    masters.profile.deadline = std::chrono::milliseconds(700);
    Answer<std::uint64_t> changed;
    const auto call = masters.session().fleet().clearKnownBad(someChange(), into(changed));
    QVERIFY(spinUntil([&] { return changed.has_value(); }));
    const std::string message = base::messageOf(changed->status());
    QVERIFY2(base::errorInfo(changed->status()).reason == "UNREACHABLE", message.c_str());
    QVERIFY2(message.find(masters.firstAddress() + ", " + second) != std::string::npos,
             message.c_str());
    QCOMPARE(other.connections(), 1);
    QCOMPARE(masters.second().calls("ClearKnownBad") + masters.behind.calls("ClearKnownBad"), 0);
}

void TestMasters::whoHangsLaterIsLeft() {
    TwoMasters masters;
    masters.profile.deadline = std::chrono::seconds(3);
    // Only the line itself tells that it hangs.
    masters.fixture.options.staleAfter = std::chrono::minutes(1);
    masters.fixture.options.deadAfter = std::chrono::minutes(1);
    masters.behind.script.clearKnownBad = [&](const auto&, auto*) {
        masters.release.WaitForNotification();
        return grpc::Status::OK;
    };
    services::Session& session = masters.session();
    session.connection().connect();
    QVERIFY(spinUntil(
        [&] { return session.connection().status().state == services::LinkState::Connected; }));
    QCOMPARE(session.connection().status().address, masters.firstAddress());
    Answer<std::uint64_t> underWay;
    const auto change = session.fleet().clearKnownBad(someChange(), into(underWay));
    QVERIFY(spinUntil([&] { return masters.behind.calls("ClearKnownBad") == 1; }));
    masters.proxy->hang();
    // Whoever asks meanwhile is answered by the other one, and the stream follows.
    Answer<services::MachineInfo> asked;
    const auto question = session.fleet().getMachine("m", into(asked));
    const bool wasAnswered = spinUntil([&] { return asked.has_value(); });
    const bool wasBefore = !underWay.has_value();
    const bool isFollowed = spinUntil([&] { return masters.second().calls("WatchEvents") == 1; });
    Answer<std::uint64_t> later;
    const auto again = session.fleet().clearKnownBad(someChange(), into(later));
    const bool wasChanged = spinUntil([&] { return later.has_value(); });
    const bool hasEnded = spinUntil([&] { return underWay.has_value(); });
    masters.release.Notify();
    QVERIFY(wasAnswered && wasBefore && isFollowed && wasChanged && hasEnded);
    QVERIFY2(asked->ok(), base::messageOf(asked->status()).c_str());
    QVERIFY2(later->ok(), base::messageOf(later->status()).c_str());
    // The change that was under way is nowhere else, and nobody says that it was not made.
    QCOMPARE(base::errorInfo(underWay->status()).reason, std::string("NO_ANSWER"));
    QCOMPARE(masters.second().calls("ClearKnownBad"), 1);
}

void TestMasters::whoIsOnlySlowIsKept() {
    TwoMasters masters;
    masters.behind.script.getMachine = [&](const auto&, auto*) {
        masters.release.WaitForNotification();
        return grpc::Status::OK;
    };
    Answer<services::MachineInfo> slow;
    const auto call = masters.session().fleet().getMachine("m", into(slow));
    // It shakes hands anew, and that is all.
    const bool wasSuspected = spinUntil([&] { return masters.proxy->connections() >= 2; });
    Answer<services::Identity> beside;
    const auto other = masters.session().connection().whoAmI(into(beside));
    const bool wasAnswered = spinUntil([&] { return beside.has_value(); });
    masters.release.Notify();
    QVERIFY(wasSuspected && wasAnswered);
    QVERIFY(spinUntil([&] { return slow.has_value(); }));
    QVERIFY2(slow->ok(), base::messageOf(slow->status()).c_str());
    QCOMPARE(masters.behind.calls("GetMachine"), 1);
    QCOMPARE(masters.behind.calls("WhoAmI"), 1);
    QCOMPARE(masters.second().calls("GetMachine") + masters.second().calls("WhoAmI"), 0);
}

void TestMasters::suspicionGoesByTheClockThatItIsGiven() {
    TwoMasters masters;
    const gui::rpc::RpcOptions& options = masters.fixture.options;
    FixedClock clock;
    const auto hop = std::make_shared<gui::rpc::GuiHop>();
    gui::rpc::Masters lines({masters.profile, options, clock, hop, [](const auto&) {}});
    std::shared_ptr<gui::rpc::MasterStubs> found;
    lines.find(masters.profile.deadline, [&found](const auto& stubs) { found = *stubs; });
    QVERIFY(spinUntil([&] { return found != nullptr; }));
    clock.advance(options.suspectAfter - std::chrono::milliseconds(1));
    lines.suspect(found);
    spinFor(100);
    QCOMPARE(masters.proxy->connections(), 1);
    clock.advance(std::chrono::milliseconds(1));
    lines.suspect(found);
    QVERIFY(spinUntil([&] { return masters.proxy->connections() == 2; }));
    hop->close();
}

void TestMasters::aSessionEndsWhileItLooksForAMaster() {
    TwoMasters masters;
    masters.proxy->hang();
    masters.fixture.options.headStart = std::chrono::minutes(1);
    Answer<services::MachineInfo> never;
    auto call = masters.session().fleet().getMachine("m", into(never));
    QVERIFY(spinUntil([&] { return masters.proxy->connections() == 1; }));
    QElapsedTimer timer;
    timer.start();
    masters.opened.reset();
    QVERIFY2(timer.elapsed() < 1'500, qPrintable(QString::number(timer.elapsed())));
    spinFor(30);
    QVERIFY(!never.has_value());
}

QTEST_GUILESS_MAIN(TestMasters)
#include "tst_masters.moc"
