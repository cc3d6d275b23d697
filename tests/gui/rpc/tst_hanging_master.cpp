// SPDX-License-Identifier: Apache-2.0
// A master that is stopped while its line stands and nobody asks it anything, beside one that is
// only slow.
#include <absl/time/clock.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <vector>

#include "tests/gui/rpc/session_fixture.h"
#include "tests/support/chaos_proxy.h"

using namespace ifrit;
using namespace ifrit::tests;
namespace services = ifrit::gui::services;
using services::LinkState;
using std::chrono::milliseconds;

namespace {

/// Nothing but what is asked of it tells that a master hangs: streams may be silent for ever.
void quickToAsk(gui::rpc::RpcOptions& options) {
    options.overdueAfter = milliseconds(150);
    options.hungAfter = milliseconds(600);
    options.staleAfter = options.deadAfter = std::chrono::minutes(1);
}

/// A line over which a master can be stopped, and a second one of the same cluster.
struct Line {
    explicit Line(bool several) {
        quickToAsk(fixture.options);
        if (!behind.start() || !fixture.master.start()) qFatal("no master starts");
        behind.script.whoAmI = [this](MasterScript::Context&, auto*) {
            absl::SleepFor(absl::Milliseconds(thinksMs.load()));
            return grpc::Status::OK;
        };
        proxy = std::make_unique<ChaosProxy>(behind.port());
        auto profile = fixture.profile();
        profile.bundle.addresses = {"127.0.0.1:" + std::to_string(proxy->port())};
        if (several) profile.bundle.addresses.push_back(fixture.master.address());
        session = gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        status = session->connection().watchStatus([this](const services::LinkStatus& now) {
            if (states.empty() || states.back() != now.state) states.push_back(now.state);
        });
    }
    /// Until nothing is asked any more.
    bool connect() const {
        session->connection().connect();
        return isQuiet();
    }
    bool isQuiet() const {
        return spinUntil([this] {
            const services::LinkStatus now = session->connection().status();
            return now.state == LinkState::Connected && now.latency.has_value();
        });
    }
    bool wasEver(LinkState state) const {
        return std::find(states.begin(), states.end(), state) != states.end();
    }

    std::atomic<int> thinksMs{0};  // before the master, whose handlers look at it
    SessionFixture fixture;
    GrpcMaster behind{
        SessionFixture::identityOf(fixture.pki.caPem(), fixture.pki.issue("first master"))};
    std::unique_ptr<ChaosProxy> proxy;
    std::unique_ptr<services::Session> session;
    std::vector<LinkState> states;
    services::CallHandle status;
};

}  // namespace

class TestHangingMaster : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSoleOneIsSaidToBeSilent();
    void aSoleOneThatIsSlowIsKept();
    void ofSeveralItIsLeftThoughNobodyAsks();
    void ofSeveralItIsLeftByAStreamAlone();
    void ofSeveralASlowOneIsKeptAndLeftOnceItHangs();
    void itIsNoticedWithinTenSeconds();
};

void TestHangingMaster::aSoleOneIsSaidToBeSilent() {
    Line line(false);
    QVERIFY(line.connect());
    line.proxy->hang();
    QVERIFY(spinUntil([&] { return line.wasEver(LinkState::Stale); }));
    QVERIFY(line.session->connection().status().staleSince.has_value());
    QVERIFY(!line.wasEver(LinkState::Reconnecting));
}

void TestHangingMaster::aSoleOneThatIsSlowIsKept() {
    Line line(false);
    QVERIFY(line.connect());
    line.thinksMs = 60;
    const int before = line.behind.calls("WhoAmI");
    // Each silence is a question, and each answer ends one.
    QVERIFY(spinUntil([&] { return line.behind.calls("WhoAmI") >= before + 5; }));
    QVERIFY(!line.wasEver(LinkState::Stale));
    QCOMPARE(line.proxy->connections(), 1);
}

void TestHangingMaster::ofSeveralItIsLeftThoughNobodyAsks() {
    Line line(true);
    QVERIFY(line.connect());
    line.proxy->hang();
    QVERIFY(spinUntil([&] { return line.fixture.master.calls("WatchEvents") == 1; }));
    QVERIFY(line.isQuiet());
    QCOMPARE(line.session->connection().status().address, line.fixture.master.address());
}

// Without the question that the connection asks beside it.
void TestHangingMaster::ofSeveralItIsLeftByAStreamAlone() {
    Line line(true);
    const auto watch = line.session->fleet().watchMachines("", {});
    // Silent as it is, it shakes hands anew, again and again, and is kept.
    QVERIFY(spinUntil([&] { return line.proxy->connections() >= 3; }));
    QCOMPARE(line.behind.calls("WatchMachines"), 1);
    line.proxy->hang();
    QVERIFY(spinUntil([&] { return line.fixture.master.calls("WatchMachines") == 1; }));
}

void TestHangingMaster::ofSeveralASlowOneIsKeptAndLeftOnceItHangs() {
    Line line(true);
    QVERIFY(line.connect());
    line.thinksMs = 1'000;
    // No answer in time: it shakes hands anew, again and again, and its old line goes on.
    QVERIFY(spinUntil([&] { return line.proxy->connections() >= 3; }));
    QCOMPARE(line.behind.calls("WatchEvents"), 1);
    QCOMPARE(line.fixture.master.calls("WatchEvents"), 0);
    QVERIFY(!line.wasEver(LinkState::Stale) && !line.wasEver(LinkState::Reconnecting));
    line.proxy->hang();
    QVERIFY(spinUntil([&] { return line.fixture.master.calls("WatchEvents") == 1; }));
}

// Whoever watches a release waits so long at most before the window says that it is blind.
void TestHangingMaster::itIsNoticedWithinTenSeconds() {
    const gui::rpc::RpcOptions options;
    constexpr milliseconds kLimit{10'000};
    constexpr milliseconds kHeartbeat{5'000};
    constexpr milliseconds kHandshake{1'000};
    QVERIFY(options.overdueAfter + options.headStart + kHandshake <= kLimit);
    QVERIFY(options.hungAfter < kLimit);
    // A heartbeat that is late by a second is nothing, and an answer has two.
    QVERIFY(options.overdueAfter >= kHeartbeat + milliseconds(1'000));
    QVERIFY(options.hungAfter >= options.overdueAfter + milliseconds(2'000));
}

QTEST_GUILESS_MAIN(TestHangingMaster)
#include "tst_hanging_master.moc"
