// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "master/cache/memory_cache.h"
#include "master/services/database_desired_source.h"
#include "master/services/release_engine.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"
#include "tests/master/support/whole_release.h"

namespace ifrit::master::services {

inline const std::string kV1(64, '1');
inline const std::string kV2(64, '2');
inline const Caller kAda{"ada", "127.0.0.1:1", "test", "", "because"};

inline PackageRecord logdPackage(const std::string& version, const std::string& digest) {
    PackageRecord out;
    out.agent = "logd";
    out.version = version;
    out.machineTypes = {"LINUX"};
    out.manifestDigest = digest;
    out.archiveBytes = 100;
    return out;
}

/// A master's inside over a database that outlives it.
struct Master {
    /// `through`: what the engine uses in place of `db`. `rows`: ReleaseEngine::Parts::rowsAtOnce.
    explicit Master(std::shared_ptr<storage::MemoryDatabase> db,
                    storage::Database* through = nullptr, std::uint32_t ringBatches = 4,
                    std::size_t rows = 2'000)
        : database(std::move(db)),
          used(through != nullptr ? *through : *database),
          rowsAtOnce(rows),
          fleet(std::make_shared<domain::HashRing>(domain::RingSpec{ringBatches, 16, 1})) {
        std::vector<StoredMachine> machines;
        (void)database->read([&machines](storage::Transaction& in) -> absl::Status {
            machines = in.machines().list({}, "", 1'000).value();
            return absl::OkStatus();
        });
        for (const StoredMachine& machine : machines)
            sequence = std::max(sequence, machine.ackedSeq);
        fleet.load(machines, clock.now(), {std::chrono::seconds(90)});
        recovered = engine.recover();
        composed = composer.composeNow();
    }

    void report(const std::string& uuid, const std::string& version, const std::string& digest,
                domain::MachineState state, const std::string& releaseId) {
        domain::AgentReport agent;
        agent.agent = "logd";
        agent.runningVersion = version;
        agent.runningDigest = digest;
        agent.state = state;
        agent.releaseId = releaseId;
        report(uuid, agent);
    }
    /// Without a version: the agent is not there.
    void report(const std::string& uuid, const domain::AgentReport& agent) {
        MachineReport report;
        report.uuid = uuid;
        report.streamId = "s";
        report.seq = ++sequence;
        report.full = true;
        report.receivedAt = clock.now();
        if (!agent.runningVersion.empty()) report.agents = {agent};
        const absl::Status stored = database->transact(
            [&](storage::Transaction& in) { return in.machines().putReport(report); });
        if (stored.ok()) engine.onMachines({fleet.apply(report)});
    }
    domain::Release started(const domain::ReleaseSpec& spec) {
        const auto made = engine.create(kAda, spec).value();
        const auto plan = engine.plan(made.release.id).value();
        const auto model = engine.act(kAda, made.release.id, domain::ReleaseVerb::Start, plan.id);
        return model.ok() ? model->release : domain::Release{};
    }
    std::string desiredOf(const std::string& uuid) {
        (void)composer.composeNow();
        const auto chosen =
            domain::chosenEntries(published.current()->answerFor(uuid, "LINUX", 0).state());
        if (chosen.empty()) return "nothing";
        return chosen[0].action == domain::DesiredAction::Install ? chosen[0].version : "uninstall";
    }
    domain::ReleaseState state(const std::string& id) {
        return wholeOf(engine, id).value().release.state;
    }
    release::PermitAnswer permit(const std::string& uuid, const std::string& id) {
        (void)composer.composeNow();
        return engine.permit({uuid, "logd", id, "2", kV2});
    }

    std::shared_ptr<storage::MemoryDatabase> database;
    storage::Database& used;
    const std::size_t rowsAtOnce;
    ManualClock clock;
    Fleet fleet;
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    cache::MemoryCache cache;
    DatabaseDesiredSource source{*database};
    compose::Composer composer{{source, cache, published, clock}, std::chrono::seconds(1)};
    std::atomic<int> pokes{0};
    ReleaseEngine engine{{used,
                          database->trail,
                          fleet,
                          published,
                          events,
                          clears,
                          clock,
                          [this] { ++pokes; },
                          std::chrono::seconds(30),
                          false,
                          nullptr,
                          {},
                          {},
                          {},
                          rowsAtOnce}};
    std::uint64_t sequence = 0;
    absl::Status recovered;
    absl::Status composed;
};

inline std::shared_ptr<storage::MemoryDatabase> cluster(int machines) {
    auto database = std::make_shared<storage::MemoryDatabase>();
    for (int i = 0; i < machines; ++i) {
        StoredMachine machine;
        machine.facts.uuid = "m" + std::to_string(i);
        machine.facts.machineType = "LINUX";
        machine.facts.pin = i < 2 ? "canary" : "rest";
        machine.lastSeen = ManualClock().now();
        database->state.machines[machine.facts.uuid] = machine;
    }
    database->state.packages[kV1] = logdPackage("1", kV1);
    database->state.packages[kV2] = logdPackage("2", kV2);
    return database;
}

inline std::string desiredAt(Master& master, const std::string& uuid) {
    (void)master.composer.composeNow();
    const auto view = master.fleet.find(uuid);
    const auto chosen = domain::chosenEntries(
        master.published.current()->answerFor(uuid, "LINUX", view->record->batch).state());
    return chosen.empty() ? std::string() : chosen[0].version;
}

inline domain::ReleaseSpec spec(const std::string& version, std::vector<std::string> gray = {}) {
    domain::ReleaseSpec out;
    out.agent = "logd";
    out.version = version;
    out.machineTypes = {"LINUX"};
    out.gray.uuids = std::move(gray);
    return out;
}

/// Version 1 everywhere.
inline std::unique_ptr<Master> settled(int machines) {
    auto master = std::make_unique<Master>(cluster(machines));
    const auto release = master->started(spec("1"));
    for (int i = 0; i < machines; ++i)
        master->report("m" + std::to_string(i), "1", kV1, domain::MachineState::Healthy,
                       release.id);
    return master;
}

}  // namespace ifrit::master::services
