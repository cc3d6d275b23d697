// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "master/services/release_engine.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

/// What is left of a release without the machines.
struct Without {
    release::Model model;
    release::Effects effects;
};

absl::StatusOr<Without> without(release::Model model, const std::set<std::string>& uuids,
                                base::WallTime now, const release::Conditions& conditions) {
    Without out{std::move(model), {}};
    for (const std::string& uuid : uuids) {
        IFRIT_ASSIGN_OR_RETURN(const release::Effects effects,
                               release::apply(out.model, release::Removed{uuid}, now, conditions));
        out.effects.append(effects);
    }
    return out;
}

}  // namespace

absl::Status ReleaseEngine::removeMachines(const std::set<std::string>& uuids,
                                           const storage::Database::Work& along) {
    absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(m_leadership.check());
    const bool frozen = conditions().frozen();
    const absl::Status removed = removeOnce(uuids, along);
    // Another master committed a freeze meanwhile: they go all the same, and no stage opens by it.
    if (removed.ok() || frozen || !conditions().frozen()) return removed;
    return removeOnce(uuids, along);
}

absl::Status ReleaseEngine::removeOnce(const std::set<std::string>& uuids,
                                       const storage::Database::Work& along) {
    const ClusterConditions conditions = this->conditions();
    std::map<std::string, Without> changed;
    for (const auto& [id, held] : m_models) {
        if (!release::isRunning(held.release.state)) continue;
        if (m_unsettled.isUnsure(id)) {
            return base::withCallDetails(
                base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", id,
                                "a release that runs cannot be stored now; see to the database, "
                                "then try again"),
                {{}, std::chrono::seconds(1)});
        }
        IFRIT_ASSIGN_OR_RETURN(Without after,
                               without(held, uuids, m_parts.clock.now(), conditions.get()));
        if (!after.effects.empty()) changed.emplace(id, std::move(after));
    }
    const Fence fenced = m_leadership.fence();
    std::optional<domain::FreezeMark> found;
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(along(in));
            for (const auto& [id, after] : changed)
                IFRIT_RETURN_IF_ERROR(writeEffects(in, after.model, after.effects));
            IFRIT_RETURN_IF_ERROR(fenced(in));
            const bool mayOpen = !conditions.frozen() && !changed.empty();
            return mayOpen ? checkFreezes(in, found) : absl::OkStatus();
        });
    noteRefused(written);
    noteFrozen(found);
    if (!written.ok()) {
        // It may have been committed all the same: then memory must not go on without knowing.
        if (absl::IsUnavailable(written)) {
            for (const auto& [id, after] : changed)
                m_unsettled.doubt(id);
        }
        return written;
    }
    for (auto& [id, after] : changed) {
        const bool hasNewDesired = !after.effects.desired.empty();
        settle(std::move(after.model));
        if (hasNewDesired) m_parts.desiredChanged();
        announce(id);
    }
    return absl::OkStatus();
}

/// They left while the release was over and nobody kept it up to date.
absl::StatusOr<release::Effects> ReleaseEngine::leaveRemoved(release::Model& model) {
    std::set<std::string> gone;
    for (const auto& [uuid, machine] : model.machines) {
        if (machine.opened && !m_parts.fleet.find(uuid)) gone.insert(uuid);
    }
    IFRIT_ASSIGN_OR_RETURN(
        Without after, without(std::move(model), gone, m_parts.clock.now(), conditions().get()));
    model = std::move(after.model);
    return after.effects;
}

}  // namespace ifrit::master::services
