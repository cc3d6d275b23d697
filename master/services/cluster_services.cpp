// SPDX-License-Identifier: Apache-2.0
#include "master/services/cluster_services.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <utility>

#include "master/services/all_machines.h"
#include "master/services/presence_news.h"
#include "shared/base/status.h"
#include "shared/domain/link_times.h"

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kEngineTick{1};
// What a time service corrects at once is smaller.
constexpr std::chrono::seconds kClockStep{10};
constexpr std::chrono::milliseconds kSeenWrite{15'000};
constexpr std::chrono::milliseconds kLeastSeenWrite{250};

}  // namespace

ClusterServices::ClusterServices(const Parts& parts)
    : m_database(parts.database, parts.clock),
      m_parts(parts),
      m_fleet(std::make_shared<const domain::HashRing>(parts.ring)),
      m_pace({parts.pollInterval, parts.processors, parts.busyShare}),
      m_source(m_database),
      m_composer({m_source, parts.cache, m_published, parts.clock}, parts.composeInterval),
      m_archives(parts.packageDirectory),
      m_freeze({m_database, parts.trail, parts.cache, m_events, parts.clock, parts.freezeFile}),
      m_engine(
          {m_database, parts.trail, m_fleet, m_published, m_events, m_clears, parts.clock,
           [this] { m_composer.poke(); }, parts.pollInterval, parts.masters.has_value(), &m_freeze,
           parts.rules,
           [this](storage::Transaction& in, const Caller& caller, const release::Model& model) {
               return m_campaigns.starting(in, caller, model);
           },
           [this] {
               // Fleet::sweep() forgives no longer.
               return std::max(silence().of(m_fleet.longestPoll()), silence().back) + kEngineTick;
           }}),
      m_campaigns(
          {m_database, parts.trail, m_engine, m_events, parts.clock, parts.cluster, parts.signer}),
      m_packages({m_database, parts.trail, m_archives, m_engine, m_events, parts.clock}),
      m_reports(
          {m_database, m_fleet, m_clears,
           [this](const std::vector<MachineView>& machines) { m_engine.onMachines(machines); },
           &m_order, parts.reportQueue}),
      m_arrival({m_database, m_fleet, m_engine, m_order, parts.clock}),
      m_removal({m_database, parts.trail, m_fleet, m_engine, m_clears, m_order, parts.clock,
                 [this] { m_composer.poke(); }}),
      m_sync(
          {m_fleet, m_published, m_reports, m_clears, m_logTails, parts.clock, m_pace, meeting()}),
      m_clones(silence().after,
               parts.masters ? CloneWatch::Masters::Several : CloneWatch::Masters::One),
      m_follower(
          {m_database, m_fleet, m_clears, m_clones, m_engine, m_events, m_order, parts.clock,
           seenInterval(),
           parts.masters ? parts.masters->revocationsChanged : std::function<void()>(),
           [this](const std::string& digest) {
               if (m_packageHints.one) m_packageHints.one(digest);
           },
           [this] { return m_packageHints.all ? m_packageHints.all() : absl::OkStatus(); },
           parts.masters ? parts.masters->changePatience : members::ChangeCursor::kLeastPatience}) {
    m_parts.trail.listen(
        [this](const std::string& verb) { m_events.publish(EventKind::AuditAppended, verb); });
}

ClusterServices::~ClusterServices() {
    stop();
    m_parts.trail.listen({});
}

std::function<void(std::string, StrangerQueue::Done)> ClusterServices::meeting() {
    if (!m_parts.masters) return {};
    return [this](std::string uuid, StrangerQueue::Done done) {
        m_follower.meet(std::move(uuid), std::move(done));
    };
}

absl::Status ClusterServices::start() {
    std::vector<StoredMachine> machines;
    storage::KnownBadClearsByUuid clears;
    const absl::Status read = m_database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(machines, allMachines(in.machines()));
        IFRIT_ASSIGN_OR_RETURN(clears, in.machines().loadClearKnownBad());
        return m_parts.masters ? m_follower.begin(in) : absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    // Nobody was silent because this master was away: who was heard of until it went gets its polls
    // from now on.
    const base::WallTime now = m_parts.clock.now();
    base::WallTime lastUp{};
    for (StoredMachine& machine : machines) {
        machine.lastSeen = std::min(machine.lastSeen, now);  // before the clock was set back
        lastUp = std::max(lastUp, machine.lastSeen);
    }
    Silence silenceBefore = silence();
    silenceBefore.after += seenInterval();
    m_fleet.load(machines, lastUp, silenceBefore);
    // Nobody turned releases since a machine was last heard of, which is kept often enough.
    if (lastUp != base::WallTime{}) m_engine.turnedAt(lastUp);
    m_fleet.forgive(now);
    m_pace.goOnFrom(m_fleet.longestPoll());
    m_clones.setSilentAfter(silence().of(m_fleet.longestPoll()));
    m_clears.load(clears);
    IFRIT_RETURN_IF_ERROR(m_freeze.load());
    IFRIT_RETURN_IF_ERROR(m_composer.composeNow());
    IFRIT_RETURN_IF_ERROR(m_parts.masters ? m_engine.follow(std::nullopt) : m_engine.recover());
    m_composer.start();
    m_reports.start();
    return absl::OkStatus();
}

absl::Status ClusterServices::join(const std::string& address) {
    if (!m_parts.masters) return absl::OkStatus();
    m_membership = std::make_unique<members::Membership>(
        m_database, m_parts.clock,
        members::Membership::Options{m_parts.masters->id, address, m_parts.masters->version,
                                     m_parts.masters->lease});
    IFRIT_RETURN_IF_ERROR(m_membership->join());
    m_membership->start();
    m_joined = m_membership.get();
    return m_follower.start(*m_membership);
}

std::optional<members::Standing> ClusterServices::standing() const {
    const members::Membership* const joined = m_joined;
    if (joined == nullptr) return std::nullopt;
    return joined->standing();
}

void ClusterServices::leave() {
    m_follower.stop();
    if (m_membership) m_membership->leave();
}

std::chrono::milliseconds ClusterServices::seenInterval() const {
    // One master asks nobody. Of several the others shall hear of a contact before they would take
    // its machine for silent.
    if (!m_parts.masters) return kSeenWrite;
    return std::clamp(m_parts.pollInterval / 2, kLeastSeenWrite, kSeenWrite);
}

Silence ClusterServices::silence() const {
    const std::chrono::milliseconds polls = Silence::kMissed * m_parts.pollInterval;
    // Written once and read once more until another master knows.
    return {m_parts.masters ? polls + 2 * seenInterval() : polls, m_parts.pollInterval,
            domain::kLongestCall + domain::kLongestBackoff};
}

void ClusterServices::pace(std::chrono::nanoseconds processor) {
    m_pace.look(m_parts.clock.steadyNow(), processor, m_fleet);
}

void ClusterServices::stop() {
    leave();
    m_reports.stop();
    m_composer.stop();
    writeSeen();
}

void ClusterServices::forgiveSleep(base::SteadyTime now) {
    const base::WallTime wall = m_parts.clock.now();
    // A suspended machine may stand in the one clock alone, and a step of time is in the other.
    const auto gap = std::max<std::chrono::nanoseconds>(now - m_lastEngineTick,
                                                        std::chrono::abs(wall - m_lastWall));
    const auto set = std::chrono::duration_cast<std::chrono::milliseconds>(
        (wall - m_lastWall) - (now - m_lastEngineTick));
    const bool isFirst = m_lastWall == base::WallTime{};
    m_lastWall = wall;
    if (isFirst) return;
    // Machines have minutes. The clock of one that leads no more is not what releases went by.
    if (std::chrono::abs(set) > kClockStep) m_engine.clockSet(set);
    // Only as exact as the ticks are: with short polls a late one is no sleep.
    if (gap <= std::max<std::chrono::nanoseconds>(silence().after / 2, 2 * kEngineTick)) return;
    spdlog::warn(
        "this master stood still, or its clock was set, for {} s; no machine is taken for "
        "silent because of it",
        std::chrono::duration_cast<std::chrono::seconds>(gap).count());
    m_fleet.forgive(wall);
    // What only one of the clocks counts was told above.
    m_engine.standSince(
        wall - std::chrono::duration_cast<std::chrono::milliseconds>(now - m_lastEngineTick));
}

void ClusterServices::turnReleases(base::SteadyTime now) {
    if (const auto away = m_database.awaySince()) {
        m_engine.standSince(m_parts.clock.now() -
                            std::chrono::duration_cast<std::chrono::milliseconds>(now - *away));
        return;
    }
    if (const auto standing = this->standing(); standing && !standing->leaderAddress.empty())
        m_engine.turnedAt(m_parts.clock.now());
    m_engine.tick();
}

void ClusterServices::tick() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (now - m_lastEngineTick >= kEngineTick) {
        forgiveSleep(now);
        m_lastEngineTick = now;
        const auto changed = m_fleet.sweep(m_parts.clock.now(), silence());
        // Whose copy waits for it to fall silent may be any of them.
        m_clones.setSilentAfter(silence().of(m_fleet.longestPoll()));
        if (!changed.empty()) m_engine.onMachines(changed);
        m_sync.forgetRemoved();
        m_freeze.tick();
        turnReleases(now);
        m_campaigns.tick();
        const absl::Status removed = m_engine.removeHistory();
        if (!removed.ok() && !absl::IsUnavailable(removed))
            spdlog::warn("old releases' history stays for now: {}", base::messageOf(removed));
    }
    if (now - m_lastSeenWrite >= seenInterval()) {
        m_lastSeenWrite = now;
        writeSeen();
    }
}

void ClusterServices::writeSeen() {
    m_clones.forget(m_parts.clock.now());
    const auto seen = m_fleet.takeSeen();
    const auto news = m_clones.takeNews();
    if (seen.empty() && news.empty()) return;
    std::vector<storage::PresenceRecord> told;
    const absl::Status written = m_database.transact([&](storage::Transaction& in) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(in.machines().putLastSeen(seen));
        IFRIT_ASSIGN_OR_RETURN(told, storeNews(in, news));
        return absl::OkStatus();
    });
    if (written.ok()) {
        m_clones.told(told);
        return;
    }
    m_clones.giveBack(news);
    m_fleet.giveBackSeen(seen);
    spdlog::warn("last contacts cannot be stored: {}", base::messageOf(written));
}

}  // namespace ifrit::master::services
