// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <QTest>

#include <atomic>
#include <optional>

#include "shared/base/status.h"
#include "shared/rpc/peer.h"
#include "tests/gui/rpc/session_fixture.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::holdOpen;
using tests::SessionFixture;
using tests::spinFor;
using tests::spinUntil;

namespace {

/// What an observer keeps: the string table and the rows by uuid with their pin.
struct Rows {
    std::vector<std::string> strings{std::string()};
    std::map<std::string, std::string> pins;
    std::vector<services::StreamHealth> health;
    std::optional<absl::Status> ended;
    int snapshots = 0;
    int updates = 0;

    services::StreamObserver<services::MachinesUpdate> observer() {
        services::StreamObserver<services::MachinesUpdate> out;
        out.next = [this](const services::MachinesUpdate& update) { apply(update); };
        out.health = [this](const services::StreamHealth& now) { health.push_back(now); };
        out.ended = [this](const absl::Status& status) { ended = status; };
        return out;
    }

    void apply(const services::MachinesUpdate& update) {
        ++updates;
        if (update.snapshotBegins) {
            ++snapshots;
            pins.clear();
            strings = {std::string()};
        }
        strings.insert(strings.end(), update.newStrings.begin(), update.newStrings.end());
        for (std::size_t i = 0; i < update.upserts.size(); ++i) {
            pins[update.upserts.uuid[i]] = strings.at(update.upserts.pin[i]);
        }
        for (const std::string& uuid : update.removedUuids)
            pins.erase(uuid);
    }
};

/// A message with one machine whose pin is the stream's next new string.
v1::WatchMachinesResponse row(const std::string& uuid, const std::string& pin,
                              std::uint32_t pinIndex) {
    v1::WatchMachinesResponse out;
    v1::MachineColumns& columns = *out.mutable_upserts();
    if (!pin.empty()) columns.add_new_strings(pin);
    columns.add_uuid(uuid);
    columns.add_pin(pinIndex);
    return out;
}

v1::WatchMachinesResponse snapshot(const std::string& uuid, const std::string& pin) {
    v1::WatchMachinesResponse out = row(uuid, pin, 1);
    out.set_snapshot_begins(true);
    out.set_snapshot_ends(true);
    out.set_resume_token("t1");
    return out;
}

v1::ClusterEvent clusterEvent(v1::ClusterEvent::Kind kind) {
    v1::ClusterEvent out;
    out.set_kind(kind);
    return out;
}

class CountedClock final : public base::Clock {
public:
    base::WallTime now() const override {
        ++asked;
        return m_clock.now();
    }
    base::SteadyTime steadyNow() const override {
        ++asked;
        return m_clock.steadyNow();
    }
    mutable std::atomic<int> asked{0};

private:
    base::SystemClock m_clock;
};

}  // namespace

class TestWatchStream : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void resumesAfterTheMasterDiedAndKeepsTheStringTable() {
        absl::Mutex mutex;
        std::vector<std::string> tokens;
        SessionFixture fixture;
        fixture.master.script.watchMachines = [&](grpc::ServerContext& context,
                                                  const v1::WatchMachinesRequest& in, auto* out) {
            {
                absl::MutexLock lock(&mutex);
                tokens.push_back(in.resume_token());
            }
            if (in.resume_token().empty()) {
                out->Write(snapshot("m-1", "acme"));
            } else {
                // A new stream counts its strings anew: "umbra" is 1 here, and 2 at the observer.
                out->Write(row("m-2", "umbra", 1));
                out->Write(row("m-3", "acme", 2));
            }
            holdOpen(context);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        Rows rows;
        const auto watch = session->fleet().watchMachines("", rows.observer());
        QVERIFY(spinUntil([&] { return rows.pins.size() == 1; }));
        QVERIFY(rows.health.back().live);
        fixture.master.stop();
        QVERIFY(
            spinUntil([&] { return !rows.health.back().live && rows.health.back().attempt >= 2; }));
        QVERIFY(!rows.health.back().lastError.ok());
        QVERIFY(rows.health.back().next.has_value());
        QVERIFY(fixture.master.start());
        QVERIFY(spinUntil([&] { return rows.pins.size() == 3; }));
        QVERIFY(rows.health.back().live);
        QCOMPARE(rows.pins["m-1"], std::string("acme"));
        QCOMPARE(rows.pins["m-2"], std::string("umbra"));
        QCOMPARE(rows.pins["m-3"], std::string("acme"));
        QCOMPARE(rows.snapshots, 1);
        QCOMPARE(tokens.back(), std::string("t1"));
        QVERIFY(!rows.ended.has_value());
    }

    void nonsenseIsDroppedAndASnapshotIsAskedForAnew() {
        std::atomic<int> streams{0};
        SessionFixture fixture;
        fixture.master.script.watchMachines = [&](grpc::ServerContext& context,
                                                  const v1::WatchMachinesRequest& in, auto* out) {
            const int stream = ++streams;
            if (stream == 1) {
                out->Write(snapshot("m-1", "acme"));
                out->Write(row("m-2", "", 77));  // an index that nobody made
            } else if (in.resume_token().empty()) {
                out->Write(snapshot("m-9", "umbra"));
            }
            holdOpen(context);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        Rows rows;
        const auto watch = session->fleet().watchMachines("", rows.observer());
        QVERIFY(spinUntil([&] { return rows.snapshots == 2; }));
        QCOMPARE(rows.pins.size(), std::size_t{1});
        QCOMPARE(rows.pins["m-9"], std::string("umbra"));
        const bool told =
            std::any_of(rows.health.begin(), rows.health.end(), [](const auto& health) {
                return health.lastError.code() == absl::StatusCode::kDataLoss;
            });
        QVERIFY(told);
    }

    void deniedEndsForGood() {
        SessionFixture fixture;
        fixture.master.script.watchMachines = [](auto&, const auto&, auto*) {
            return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no");
        };
        const auto session = fixture.connect();
        Rows rows;
        const auto watch = session->fleet().watchMachines("", rows.observer());
        QVERIFY(spinUntil([&] { return rows.ended.has_value(); }));
        QCOMPARE(rows.ended->code(), absl::StatusCode::kPermissionDenied);
        spinFor(120);
        QCOMPARE(fixture.master.calls("WatchMachines"), 1);
    }

    // The stream spoke by the login that ended, and took its end for that of the new one.
    void aStreamOfAnEndedLoginGoesOnWithTheNextOne() {
        std::atomic<bool> over{false};
        absl::Mutex mutex;
        std::vector<std::string> tokens;
        SessionFixture fixture;
        fixture.master.script.watchMachines = [&](grpc::ServerContext& context,
                                                  const v1::WatchMachinesRequest& in, auto* out) {
            const std::string token = ifrit::rpc::bearerToken(context);
            {
                absl::MutexLock lock(&mutex);
                tokens.push_back(token + "/" + in.resume_token());
            }
            if (token.empty()) out->Write(snapshot("m-1", "acme"));
            while (!context.IsCancelled() && !(over && token.empty()))
                absl::Notification().WaitForNotificationWithTimeout(absl::Milliseconds(5));
            return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "it has ended");
        };
        const auto session = fixture.connect();
        Rows rows;
        const auto watch = session->fleet().watchMachines("", rows.observer());
        QVERIFY(spinUntil([&] { return rows.pins.size() == 1; }));
        bool signedIn = false;
        const auto call = session->connection().login(
            "anna", "right", [&](const auto& login) { signedIn = login.ok(); });
        QVERIFY(spinUntil([&] { return signedIn; }));
        over = true;
        QVERIFY(spinUntil([&] {
            absl::MutexLock lock(&mutex);
            return tokens.size() == 2 || rows.ended.has_value();
        }));
        QVERIFY(!rows.ended.has_value());
        absl::MutexLock lock(&mutex);
        QCOMPARE(tokens.back(), std::string("token-of-anna/t1"));
    }

    // What is told may end the session: nothing of it is looked at behind that.
    void anObserverMayEndTheSession() {
        SessionFixture fixture;
        fixture.master.script.watchMachines = [](grpc::ServerContext& context, const auto&,
                                                 auto* out) {
            out->Write(snapshot("m-1", "acme"));
            holdOpen(context);
            return grpc::Status::OK;
        };
        if (!fixture.master.start()) QFAIL("the fake master does not start");
        CountedClock clock;
        auto session = gui::rpc::GrpcSessionFactory(fixture.open, clock, fixture.options)
                           .open(fixture.profile());
        services::StreamObserver<services::MachinesUpdate> observer;
        std::optional<int> asked;
        observer.next = [&](const services::MachinesUpdate&) {
            session.reset();
            asked = clock.asked.load();
        };
        const auto watch = session->fleet().watchMachines("", std::move(observer));
        QVERIFY(spinUntil([&] { return asked.has_value(); }));
        spinFor(50);
        QCOMPARE(clock.asked.load(), *asked);
    }

    void aSilentStreamIsDead() {
        SessionFixture fixture;  // the fake's own stream says nothing at all
        const auto session = fixture.connect();
        Rows rows;
        const auto watch = session->fleet().watchMachines("", rows.observer());
        QVERIFY(spinUntil([&] { return !rows.health.empty(); }));
        QCOMPARE(base::errorInfo(rows.health.front().lastError).reason, std::string("STREAM_LOST"));
        QVERIFY(spinUntil([&] { return fixture.master.calls("WatchMachines") >= 2; }));
    }

    void nothingComesAfterCancelEvenWithAFullMailbox() {
        SessionFixture fixture;
        fixture.options.deliveryInterval = std::chrono::milliseconds(0);
        fixture.master.script.watchMachines = [](grpc::ServerContext& context, const auto&,
                                                 auto* out) {
            for (int i = 0; !context.IsCancelled(); ++i) {
                if (!out->Write(row("m-" + std::to_string(i), "", 0))) break;
            }
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        Rows rows;
        services::CallHandle watch;
        auto observer = rows.observer();
        observer.next = [&](const services::MachinesUpdate& update) {
            rows.apply(update);
            if (rows.updates == 5) watch.cancel();
        };
        watch = session->fleet().watchMachines("", std::move(observer));
        QVERIFY(spinUntil([&] { return rows.updates == 5; }));
        spinFor(100);
        QCOMPARE(rows.updates, 5);
        QVERIFY(!rows.ended.has_value());
    }

    void aFloodIsNeitherLostNorReordered() {
        SessionFixture fixture;
        fixture.options.deliveryInterval = std::chrono::milliseconds(50);
        constexpr int kMessages = 500;
        fixture.master.script.watchMachines = [](grpc::ServerContext& context, const auto&,
                                                 auto* out) {
            for (int i = 1; i <= kMessages; ++i) {
                v1::WatchMachinesResponse message;
                message.set_generation(static_cast<std::uint64_t>(i));
                out->Write(message);
            }
            holdOpen(context);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::uint64_t last = 0;
        bool ordered = true;
        services::StreamObserver<services::MachinesUpdate> observer;
        observer.next = [&](const services::MachinesUpdate& update) {
            ordered = ordered && update.generation == last + 1;
            last = update.generation;
        };
        const auto watch = session->fleet().watchMachines("", std::move(observer));
        QVERIFY(spinUntil([&] { return last == kMessages; }, 20'000));
        QVERIFY(ordered);
    }

    void aReleaseWatchEndsAfterTheFinalState() {
        std::atomic<int> streams{0};
        SessionFixture fixture;
        fixture.master.script.watchRelease = [&](auto&, auto* out) {
            v1::Release release;
            release.set_state(v1::RELEASE_STATE_RUNNING);
            out->Write(release);
            // The first stream breaks off before the end: that is no end.
            if (++streams == 1) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining");
            release.set_state(v1::RELEASE_STATE_DONE);
            out->Write(release);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::vector<domain::ReleaseState> states;
        std::optional<absl::Status> ended;
        services::StreamObserver<services::ReleaseInfo> observer;
        observer.next = [&](const services::ReleaseInfo& info) {
            states.push_back(info.release.state);
        };
        observer.ended = [&](const absl::Status& status) { ended = status; };
        const auto watch = session->releases().watch("12", 0, std::move(observer));
        QVERIFY(spinUntil([&] { return ended.has_value(); }));
        QVERIFY2(ended->ok(), base::messageOf(*ended).c_str());
        QVERIFY(states.back() == domain::ReleaseState::Done);
        QCOMPARE(streams.load(), 2);
    }

    void eventsAreSharedAndHeartbeatsKeptBack() {
        SessionFixture fixture;
        fixture.master.script.watchEvents = [](grpc::ServerContext& context, const auto&,
                                               auto* out) {
            out->Write(clusterEvent(v1::ClusterEvent::KIND_HEARTBEAT));
            out->Write(clusterEvent(v1::ClusterEvent::KIND_RELEASE_CHANGED));
            out->Write(clusterEvent(static_cast<v1::ClusterEvent::Kind>(99)));
            holdOpen(context);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::vector<services::ClusterEvent::Kind> first;
        std::vector<services::ClusterEvent::Kind> second;
        const auto into = [](auto& kinds) {
            services::StreamObserver<services::ClusterEvent> observer;
            observer.next = [&kinds](const services::ClusterEvent& seen) {
                kinds.push_back(seen.kind);
            };
            return observer;
        };
        auto watch = session->events().watch(into(first));
        const auto other = session->events().watch(into(second));
        QVERIFY(spinUntil([&] { return first.size() == 2 && second.size() == 2; }));
        QVERIFY(first[0] == services::ClusterEvent::Kind::ReleaseChanged);
        // A kind of a newer master: read everything again.
        QVERIFY(first[1] == services::ClusterEvent::Kind::Reset);
        QCOMPARE(fixture.master.calls("WatchEvents"), 1);
    }

    /// A master that was long without its database stayed connected.
    void aResetInTheMiddleIsToldAndTheStreamGoesOn() {
        SessionFixture fixture;
        fixture.master.script.watchEvents = [](grpc::ServerContext& context, const auto&,
                                               auto* out) {
            out->Write(clusterEvent(v1::ClusterEvent::KIND_HEARTBEAT));
            out->Write(clusterEvent(v1::ClusterEvent::KIND_PACKAGE_CHANGED));
            out->Write(clusterEvent(v1::ClusterEvent::KIND_RESET));
            out->Write(clusterEvent(v1::ClusterEvent::KIND_AUDIT_APPENDED));
            holdOpen(context);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        using Kind = services::ClusterEvent::Kind;
        std::vector<Kind> seen;
        services::StreamObserver<services::ClusterEvent> observer;
        observer.next = [&seen](const services::ClusterEvent& event) {
            seen.push_back(event.kind);
        };
        const auto watch = session->events().watch(std::move(observer));
        QVERIFY(spinUntil([&] { return seen.size() == 3; }));
        QVERIFY(seen ==
                (std::vector<Kind>{Kind::PackageChanged, Kind::Reset, Kind::AuditAppended}));
        QCOMPARE(fixture.master.calls("WatchEvents"), 1);
    }

    void theLinkGoesThroughItsStates() {
        std::atomic<bool> quiet{false};
        SessionFixture fixture;
        fixture.master.script.watchEvents = [&](grpc::ServerContext& context, const auto&,
                                                auto* out) {
            while (!context.IsCancelled()) {
                if (!quiet && !out->Write(clusterEvent(v1::ClusterEvent::KIND_HEARTBEAT))) break;
                absl::Notification().WaitForNotificationWithTimeout(absl::Milliseconds(20));
            }
            return grpc::Status::OK;
        };
        fixture.options.deadAfter = std::chrono::milliseconds(1'500);
        const auto session = fixture.connect();
        services::ConnectionService& link = session->connection();
        std::vector<services::LinkState> states;
        const auto watch = link.watchStatus([&](const services::LinkStatus& now) {
            if (states.empty() || states.back() != now.state) states.push_back(now.state);
        });
        const auto reached = [&](services::LinkState state) {
            return spinUntil([&] { return link.status().state == state; });
        };
        QVERIFY(link.status().state == services::LinkState::Disconnected);
        link.connect();
        QVERIFY(reached(services::LinkState::Connected));
        QVERIFY(spinUntil([&] { return link.status().latency.has_value(); }));
        quiet = true;
        QVERIFY(reached(services::LinkState::Stale));
        QVERIFY(link.status().staleSince.has_value());
        quiet = false;
        QVERIFY(reached(services::LinkState::Connected));
        QVERIFY(!link.status().staleSince.has_value());
        fixture.master.stop();
        QVERIFY(reached(services::LinkState::Reconnecting));
        QVERIFY(link.status().staleSince.has_value());
        QVERIFY(link.status().attempt >= 1);
        QVERIFY(fixture.master.start());
        QVERIFY(reached(services::LinkState::Connected));
        link.disconnect();
        QVERIFY(link.status().state == services::LinkState::Disconnected);
        spinFor(50);
        QVERIFY(states.front() == services::LinkState::Connecting ||
                states.front() == services::LinkState::Disconnected);
        QVERIFY(states.back() == services::LinkState::Disconnected);
    }
};

QTEST_GUILESS_MAIN(TestWatchStream)
#include "tst_watch_stream.moc"
