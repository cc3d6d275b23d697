// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/notification.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "master/cache/memory_cache.h"
#include "master/services/database_desired_source.h"
#include "master/services/release_engine.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

// One of several masters over a database in memory, without threads and processes.
namespace ifrit::master::services {

inline const std::string kDigest(64, '2');
inline const Caller kOperator{"ada", "127.0.0.1:1", "test", "", "because"};

/// In which the test does something, once, before the next transaction begins: as another master
/// would, or while that stands still.
class InterleavedDatabase final : public storage::Database {
public:
    explicit InterleavedDatabase(storage::MemoryDatabase& inner) : m_inner(inner) {}
    absl::Status transact(const Work& work) override {
        if (const auto between = std::exchange(beforeWrite, nullptr)) between();
        return m_inner.transact(work);
    }
    absl::Status read(const Work& work) override {
        if (const auto between = std::exchange(beforeRead, nullptr)) between();
        return m_inner.read(work);
    }

    std::function<void()> beforeWrite;
    std::function<void()> beforeRead;

private:
    storage::MemoryDatabase& m_inner;
};

/// One of several masters over one database.
struct OneOfMany {
    explicit OneOfMany(storage::MemoryDatabase& db) : database(db), trail(db.trail) {
        std::vector<StoredMachine> machines;
        (void)database.read([&machines](storage::Transaction& in) -> absl::Status {
            machines = in.machines().list({}, "", 1'000).value();
            return absl::OkStatus();
        });
        fleet.load(machines, clock.now(), {std::chrono::seconds(90)});
        (void)engine.follow(std::nullopt);
    }
    release::PermitAnswer permit(const std::string& uuid, const std::string& id) {
        (void)composer.composeNow();
        return engine.permit({uuid, "logd", id, "2", kDigest});
    }

    InterleavedDatabase database;
    const audit::AuditTrail& trail;
    ManualClock clock;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    cache::MemoryCache cache;
    DatabaseDesiredSource source{database};
    compose::Composer composer{{source, cache, published, clock}, std::chrono::seconds(1)};
    FreezeSwitch freeze{{database, trail, cache, events, clock, {}}};
    ReleaseEngine engine{{database, trail, fleet, published, events, clears, clock, [] {},
                          std::chrono::seconds(30), true, &freeze}};
};

/// `kDigest` on LINUX.
inline domain::ReleaseSpec spec() {
    domain::ReleaseSpec out;
    out.agent = "logd";
    out.version = "2";
    out.machineTypes = {"LINUX"};
    return out;
}

/// The id of a release that runs.
inline std::string started(OneOfMany& master, const domain::ReleaseSpec& wanted = spec()) {
    const auto made = master.engine.create(kOperator, wanted).value();
    const auto plan = master.engine.plan(made.release.id).value();
    return master.engine.act(kOperator, made.release.id, domain::ReleaseVerb::Start, plan.id)
        .value()
        .release.id;
}

/// What the masters share: machines m0 to m2 and package logd 2.
inline std::unique_ptr<storage::MemoryDatabase> sharedDatabase() {
    auto out = std::make_unique<storage::MemoryDatabase>();
    (void)out->transact([](storage::Transaction& in) -> absl::Status {
        for (const char* uuid : {"m0", "m1", "m2"}) {
            domain::MachineFacts facts;
            facts.uuid = uuid;
            facts.machineType = "LINUX";
            IFRIT_RETURN_IF_ERROR(in.machines().enrol(facts, ManualClock().now()));
        }
        PackageRecord package;
        package.agent = "logd";
        package.version = "2";
        package.machineTypes = {"LINUX"};
        package.manifestDigest = kDigest;
        return in.packages().put(package);
    });
    return out;
}

/// Who holds the lease now.
inline void giveLease(storage::MemoryDatabase& database, std::uint64_t token) {
    (void)database.transact([token](storage::Transaction& in) {
        return in.masters().putLease({"m" + std::to_string(token), "host:1", token, token});
    });
}

/// Something that stands before its transaction while another thread does something else.
class Standstill {
public:
    /// Whether `meanwhile` ends before that goes on. Called where it stands.
    void letEnd(std::function<void()> meanwhile) {
        m_other = std::thread([this, meanwhile = std::move(meanwhile)] {
            meanwhile();
            m_ended.Notify();
        });
        m_endedMeanwhile = m_ended.WaitForNotificationWithTimeout(absl::Seconds(5));
    }
    /// After it went on.
    bool endedMeanwhile() {
        if (m_other.joinable()) m_other.join();
        return m_endedMeanwhile;
    }

private:
    absl::Notification m_ended;
    std::thread m_other;
    bool m_endedMeanwhile = false;
};

}  // namespace ifrit::master::services
