// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "master/cache/state_cache.h"
#include "master/compose/composer.h"
#include "master/services/archive_store.h"
#include "master/services/clone_watch.h"
#include "master/services/database_desired_source.h"
#include "master/services/event_hub.h"
#include "master/services/fleet.h"
#include "master/services/freeze_switch.h"
#include "master/services/known_bad_clears.h"
#include "master/services/log_tails.h"
#include "master/services/package_service.h"
#include "master/services/release_engine.h"
#include "master/services/report_writer.h"
#include "master/services/sync_service.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::master::services {

/// All use cases of one cluster, put together over a database and a cache. Owns their threads.
class ClusterServices {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        cache::StateCache& cache;
        const base::Clock& clock;
        std::filesystem::path packageDirectory;
        domain::RingSpec ring;
        std::chrono::milliseconds pollInterval{30'000};
        std::chrono::milliseconds composeInterval{1'000};
        release::ClusterRules rules = {};
        std::filesystem::path freezeFile = {};  ///< empty: none
    };

    explicit ClusterServices(const Parts& parts);
    ~ClusterServices();

    /// Reads the database, composes once and starts the threads. Before any call is served.
    absl::Status start();
    /// Stores what was taken in and ends the threads. After the last call.
    void stop();
    /// A few times a second: silent machines, deadlines and gates of releases, last contacts.
    void tick();

    Fleet& fleet() { return m_fleet; }
    compose::PublishedState& published() { return m_published; }
    compose::Composer& composer() { return m_composer; }
    EventHub& events() { return m_events; }
    KnownBadClears& clears() { return m_clears; }
    FreezeSwitch& freeze() { return m_freeze; }
    ReleaseEngine& engine() { return m_engine; }
    PackageService& packages() { return m_packages; }
    SyncService& sync() { return m_sync; }
    CloneWatch& clones() { return m_clones; }
    LogTails& logTails() { return m_logTails; }

private:
    /// No sync for so many polls: silent.
    static constexpr int kSilentPolls = 3;
    std::chrono::milliseconds silentAfter() const { return kSilentPolls * m_parts.pollInterval; }
    void writeSeen();

    const Parts m_parts;
    Fleet m_fleet;
    compose::PublishedState m_published;
    EventHub m_events;
    KnownBadClears m_clears;
    LogTails m_logTails;
    DatabaseDesiredSource m_source;
    compose::Composer m_composer;
    ArchiveStore m_archives;
    FreezeSwitch m_freeze;
    ReleaseEngine m_engine;
    PackageService m_packages;
    ReportWriter m_reports;
    SyncService m_sync;
    CloneWatch m_clones;
    base::SteadyTime m_lastEngineTick{};
    base::SteadyTime m_lastSeenWrite{};
};

}  // namespace ifrit::master::services
