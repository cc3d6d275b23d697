// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTemporaryDir>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "master/cache/state_cache.h"
#include "master/services/cluster_services.h"
#include "master/storage/sql/sql_database.h"
#include "tests/master/support/manual_clock.h"

namespace ifrit::tests {

/// The whole inside of a master (reports, composer, releases, permits) on a real database and a
/// clock that stands until it is moved, with machines that are played: they poll, ask for permits
/// and switch as ifrit-agent does. One thread plays.
class PlayedCluster {
public:
    /// What becomes of a machine that switches to the new version.
    enum class Fate {
        Well,
        Reverts,
        FallsSilent,    ///< before it has switched
        RunsBadly,      ///< it runs the new version, and that crashes
        CrashLoops,     ///< the same, and it is down whenever somebody looks
        SilentOnTheNew  ///< it runs the new version, and is not heard of
    };

    struct Machine {
        std::string uuid;
        std::string version;
        bool away = false;
        bool told = false;  ///< it was ever told the new version
        bool reverted = false;
        Fate fate = Fate::Well;
        int permits = 0;
        std::string refusal;  ///< of its last permit
        std::chrono::milliseconds retryAfter{0};
        std::uint64_t generation = 0;
        std::uint64_t etag = 0;
        std::uint64_t seq = 0;
        domain::DesiredState desired;
    };

    /// `options`: of an empty database. Machines "m0"... run version 1, which a release of its own
    /// settled before the rules held. `cache`: empty too; null: in memory.
    PlayedCluster(master::storage::sql::SqlDatabase::Options options, int machines,
                  master::release::ClusterRules rules = {},
                  std::chrono::milliseconds pollInterval = std::chrono::seconds(30),
                  std::unique_ptr<master::cache::StateCache> cache = nullptr);
    ~PlayedCluster();

    /// As a master that was killed and started again.
    void restart();
    void advance(std::chrono::milliseconds by);
    /// Every machine polls once and does what it is told; returns how many got a permit.
    int pollAll();
    bool poll(Machine& machine);
    /// It polls, and does nothing of what it is told.
    void learn(Machine& machine);
    /// Asks for what it is told and does nothing with it.
    master::release::PermitAnswer ask(Machine& machine);
    /// All of them ask, whatever they run; how many would be allowed.
    int permitsGiven();
    Machine& enrol(const std::string& uuid);

    static domain::ReleaseSpec staged();
    /// Made, planned and started by "ada"; its id.
    std::string start(const domain::ReleaseSpec& spec);
    void act(const std::string& id, domain::ReleaseVerb verb);
    /// Polls and moves the clock until the stage of that index is open; false: it never was.
    bool openStage(const std::string& id, std::size_t index);
    master::release::Model model(const std::string& id);
    domain::ReleaseState state(const std::string& id) { return model(id).release.state; }
    int running(const std::string& version) const;

    master::services::ClusterServices& services() { return *m_services; }

    std::vector<std::unique_ptr<Machine>> machines;
    master::services::ManualClock clock;

private:
    void serve();

    const QTemporaryDir m_packages;
    const std::unique_ptr<master::storage::Database> m_database;
    master::audit::AuditTrail m_trail{"played"};
    const std::chrono::milliseconds m_pollInterval;
    master::release::ClusterRules m_rules;
    const std::unique_ptr<master::cache::StateCache> m_cache;
    std::unique_ptr<master::services::ClusterServices> m_services;
};

}  // namespace ifrit::tests
