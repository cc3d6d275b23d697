// SPDX-License-Identifier: Apache-2.0
#include "master/app/ring_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "master/audit/audit_trail.h"
#include "shared/base/status.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::master::app {
namespace {

using Beats = std::map<std::string, std::uint64_t>;

absl::StatusOr<Beats> beatsOf(storage::Database& database) {
    Beats out;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto members, view.masters().list());
        for (const storage::MemberRecord& member : members)
            out[member.address] = member.beats;
        return absl::OkStatus();
    }));
    return out;
}

/// A killed master leaves its row, which beats no more.
absl::Status checkNoMasterRuns(storage::Database& database, std::chrono::milliseconds watchFor,
                               const std::function<void(std::chrono::milliseconds)>& wait) {
    IFRIT_ASSIGN_OR_RETURN(const Beats before, beatsOf(database));
    if (before.empty()) return absl::OkStatus();
    wait(watchFor);
    IFRIT_ASSIGN_OR_RETURN(const Beats after, beatsOf(database));
    for (const auto& [address, beats] : after) {
        const auto known = before.find(address);
        if (known != before.end() && known->second == beats) continue;
        return base::failedPrecondition(
            "MASTERS_RUN", address,
            "the master at {} runs and would keep the old ring; stop all masters of the cluster "
            "first (managed agents run on meanwhile)",
            address);
    }
    return absl::OkStatus();
}

absl::Status checkNoBatches(storage::Transaction& in) {
    IFRIT_ASSIGN_OR_RETURN(const auto releases, in.releases().list());
    for (const release::Model& model : releases) {
        const domain::Release& release = model.release;
        const bool hasBegun =
            release::isActive(release.state) && release.state != domain::ReleaseState::Draft;
        if (!hasBegun || !release.spec.batches.enabled) continue;
        return base::failedPrecondition(
            "RELEASE_IN_BATCHES", std::to_string(release.number),
            "release {} of {} goes by batches; end it (promote-all, abort or rollback) before the "
            "ring is changed",
            release.number, release.spec.agent);
    }
    return absl::OkStatus();
}

absl::StatusOr<RingChange> moved(storage::Transaction& in, const domain::RingSpec& from,
                                 const domain::RingSpec& to) {
    IFRIT_ASSIGN_OR_RETURN(const auto machines, in.machines().lastSeen());
    const domain::HashRing before(from);
    const domain::HashRing after(to);
    RingChange out{from.batches, to.batches, machines.size(), 0};
    for (const storage::LastSeen& machine : machines)
        out.moved += before.batchOf(machine.uuid) != after.batchOf(machine.uuid) ? 1 : 0;
    return out;
}

absl::Status record(storage::Transaction& in, const storage::ClusterSettings& settings,
                    const RingRequest& request, const RingChange& change,
                    const base::Clock& clock) {
    storage::AuditEntry entry;
    entry.at = clock.now();
    entry.actor = "root@localhost";
    entry.via = "ifrit-master";
    entry.address = "local";
    entry.verb = "ring.change";
    entry.object = settings.name;
    entry.result = "allowed";
    entry.reason = request.reason;
    entry.before = fmt::format(R"({{"batches":{}}})", change.from);
    entry.after = fmt::format(R"({{"batches":{},"machines_moved":{}}})", change.to, change.moved);
    return audit::AuditTrail(settings.name).append(in, entry);
}

}  // namespace

absl::StatusOr<RingChange> changeRing(storage::Database& database, const RingRequest& request,
                                      const base::Clock& clock, std::chrono::milliseconds watchFor,
                                      const std::function<void(std::chrono::milliseconds)>& wait) {
    if (!request.dryRun) IFRIT_RETURN_IF_ERROR(checkNoMasterRuns(database, watchFor, wait));
    RingChange change;
    const auto work = [&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, in.settings().get());
        domain::RingSpec wanted = settings.ring;
        wanted.batches = request.batches;
        if (wanted == settings.ring) {
            return base::failedPrecondition("RING_UNCHANGED", settings.name,
                                            "the ring of {} has {} batches already", settings.name,
                                            wanted.batches);
        }
        IFRIT_RETURN_IF_ERROR(checkNoBatches(in));
        IFRIT_ASSIGN_OR_RETURN(change, moved(in, settings.ring, wanted));
        if (request.dryRun) return absl::OkStatus();
        IFRIT_RETURN_IF_ERROR(in.settings().putRing(wanted));
        return record(in, settings, request, change, clock);
    };
    IFRIT_RETURN_IF_ERROR(request.dryRun ? database.read(work) : database.transact(work));
    return change;
}

}  // namespace ifrit::master::app
