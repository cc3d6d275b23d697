// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/cache/state_cache.h"
#include "master/compose/composer.h"
#include "master/members/membership.h"
#include "master/services/archive_store.h"
#include "master/services/campaign_service.h"
#include "master/services/clone_watch.h"
#include "master/services/database_desired_source.h"
#include "master/services/database_follower.h"
#include "master/services/fleet.h"
#include "master/services/freeze_switch.h"
#include "master/services/known_bad_clears.h"
#include "master/services/log_tails.h"
#include "master/services/machine_arrival.h"
#include "master/services/machine_removal.h"
#include "master/services/package_service.h"
#include "master/services/poll_pace.h"
#include "master/services/release_engine.h"
#include "master/services/report_writer.h"
#include "master/services/sync_service.h"
#include "master/storage/contact_watch.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::master::services {

/// All use cases of one cluster, put together over a database and a cache. Owns their threads.
class ClusterServices {
public:
    /// One of several masters on one database.
    struct Masters {
        std::string id;  ///< new with each start; what the database notes as origin of changes
        std::string version;
        std::chrono::milliseconds lease{4'000};
        std::function<void()> revocationsChanged;  ///< by another master or the command line
        /// DatabaseFollower::Parts::changePatience
        std::chrono::milliseconds changePatience = members::ChangeCursor::kLeastPatience;
    };
    struct Parts {
        storage::Database& database;
        audit::AuditTrail& trail;  ///< whose rows its events tell of
        cache::StateCache& cache;
        const base::Clock& clock;
        std::filesystem::path packageDirectory;
        domain::RingSpec ring;
        std::chrono::milliseconds pollInterval{30'000};
        std::chrono::milliseconds composeInterval{1'000};
        std::optional<Masters> masters;  ///< nullopt: it is alone
        release::ClusterRules rules = {};
        std::filesystem::path freezeFile = {};  ///< empty: none
        std::string cluster = {};
        ReceiptSigner signer = {};  ///< without one it makes no receipts
        std::size_t reportQueue = 20'000;
        double processors = 1;
        /// Of them, up to which machines poll each `pollInterval`; 0: always.
        double busyShare = 0;
    };

    explicit ClusterServices(const Parts& parts);
    ~ClusterServices();

    /// Reads the database, composes once and starts the threads. Before any call is served.
    absl::Status start();
    /// When others can reach it at `address`: follows them, and leads where nobody does. Nothing to
    /// do for one that is alone.
    absl::Status join(const std::string& address);
    /// Stands down and gives the lease back, so that another leads while this one's calls end.
    void leave();
    /// Stores what was taken in and ends the threads. After the last call.
    void stop();
    /// A few times a second: silent machines, deadlines and gates of releases, last contacts. Calls
    /// the database, several times where it answers slowly.
    void tick();
    /// A few times a second too, and calls nothing that may block: how often machines are told to
    /// come. `processor`: all time that this process took so far.
    void pace(std::chrono::nanoseconds processor);

    const PollPace& pollPace() const { return m_pace; }
    Fleet& fleet() { return m_fleet; }
    compose::PublishedState& published() { return m_published; }
    compose::Composer& composer() { return m_composer; }
    EventHub& events() { return m_events; }
    KnownBadClears& clears() { return m_clears; }
    FreezeSwitch& freeze() { return m_freeze; }
    ReleaseEngine& engine() { return m_engine; }
    CampaignService& campaigns() { return m_campaigns; }
    PackageService& packages() { return m_packages; }
    const ReportWriter& reports() const { return m_reports; }
    SyncService& sync() { return m_sync; }
    CloneWatch& clones() { return m_clones; }
    LogTails& logTails() { return m_logTails; }
    MachineArrival& arrival() { return m_arrival; }
    MachineRemoval& removal() { return m_removal; }
    ArchiveStore& archives() { return m_archives; }
    /// nullopt: it is alone, or has not joined yet.
    std::optional<members::Standing> standing() const;
    bool isLeading() const { return m_engine.leads(); }
    struct PackageHints {
        /// The manifest digest of what another master published or removed.
        std::function<void(const std::string& digest)> one;
        /// Nobody knows which they were; called again where it fails.
        std::function<absl::Status()> all;
    };
    /// On the thread that follows other masters. Before join().
    void onPackages(PackageHints hints) { m_packageHints = std::move(hints); }

private:
    Silence silence() const;
    /// How often last contacts are written, and read where others write them too.
    std::chrono::milliseconds seenInterval() const;
    /// How a machine is met that another master enrolled; nothing where there is no other.
    std::function<void(std::string uuid, StrangerQueue::Done)> meeting();
    /// Who did not tick for long has heard nobody either, or measures time anew: then silence
    /// counts from here. Before each sweep.
    void forgiveSleep(base::SteadyTime now);
    /// Last contacts, and what other masters have to know of who lives with which certificate.
    void writeSeen();

    /// Without a turn of the engine while the database keeps nothing, whose failure would be shown
    /// as what became of machines.
    void turnReleases(base::SteadyTime now);

    storage::ContactWatch m_database;
    const Parts m_parts;
    Fleet m_fleet;
    PollPace m_pace;
    compose::PublishedState m_published;
    EventHub m_events;
    KnownBadClears m_clears;
    LogTails m_logTails;
    DatabaseDesiredSource m_source;
    compose::Composer m_composer;
    ArchiveStore m_archives;
    FreezeSwitch m_freeze;
    ReleaseEngine m_engine;
    CampaignService m_campaigns;
    PackageService m_packages;
    absl::Mutex m_order;  ///< ReportWriter::Parts::order
    ReportWriter m_reports;
    MachineArrival m_arrival;
    MachineRemoval m_removal;
    SyncService m_sync;
    CloneWatch m_clones;
    PackageHints m_packageHints;
    DatabaseFollower m_follower;
    std::unique_ptr<members::Membership> m_membership;
    std::atomic<const members::Membership*> m_joined{nullptr};
    base::SteadyTime m_lastEngineTick{};
    base::WallTime m_lastWall{};  ///< of that tick; zero: there was none
    base::SteadyTime m_lastSeenWrite{};
};

}  // namespace ifrit::master::services
