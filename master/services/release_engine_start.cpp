// SPDX-License-Identifier: Apache-2.0
// A start of many machines. Their rows take longer to store than others can wait for the lock and
// for the database, so they are stored before it, in parts, and the start's own transaction stores
// what is left and says that the release has started. Until then nothing that is there of it
// counts: a master that is killed in between leaves a draft.
#include <algorithm>
#include <utility>

#include "master/services/release_engine.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

/// The fleet goes on reporting while it is stored: what changed by that is stored anew, until few
/// enough are left for the start itself.
constexpr int kRounds = 3;

}  // namespace

bool ReleaseEngine::StoredAhead::has(const release::MachineProgress& machine) const {
    const auto found = machines.find(machine.uuid);
    return found != machines.end() && found->second == machine;
}

absl::Status ReleaseEngine::putAhead(const std::string& id,
                                     const std::vector<release::MachineProgress>& rows,
                                     const Fence& fenced) {
    for (auto from = rows.begin(); from != rows.end();) {
        const auto left = static_cast<std::size_t>(rows.end() - from);
        const auto to = from + static_cast<std::ptrdiff_t>(std::min(left, m_parts.rowsAtOnce));
        const std::vector<release::MachineProgress> part(from, to);
        IFRIT_RETURN_IF_ERROR(
            m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(in.releases().putProgress(id, part));
                return fenced(in);
            }));
        from = to;
    }
    return absl::OkStatus();
}

absl::Status ReleaseEngine::eraseAhead(const std::string& id, const Fence& fenced) {
    bool isMore = true;
    while (isMore) {
        const auto erase = [&](storage::Transaction& in) -> absl::Status {
            // First: a start whose answer was lost is over by then, and is seen.
            IFRIT_RETURN_IF_ERROR(fenced(in));
            IFRIT_ASSIGN_OR_RETURN(const auto head, in.releases().find(id));
            isMore = false;
            if (!head || head->release.started) return absl::OkStatus();
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t erased,
                                   in.releases().eraseProgress(id, m_parts.rowsAtOnce));
            isMore = erased == m_parts.rowsAtOnce;
            return absl::OkStatus();
        };
        IFRIT_RETURN_IF_ERROR(m_parts.database.transact(erase));
    }
    return absl::OkStatus();
}

absl::StatusOr<std::optional<ReleaseEngine::StoredAhead>> ReleaseEngine::storeAhead(
    const Caller& caller, const std::string& id, const std::string& planId) {
    StoredAhead out;
    release::Model draft;
    Fence fenced;
    {
        const absl::MutexLock lock(&m_mutex);
        const auto known = m_models.find(id);
        if (known == m_models.end() || m_unsettled.isUnsure(id) || planId.empty() ||
            known->second.release.state != domain::ReleaseState::Draft)
            return std::optional<StoredAhead>();
        draft = known->second;
        out.beside = broughtBeside(draft.release.spec);
        fenced = m_leadership.fence();
        out.token = m_leadership.token();
    }
    out.revision = draft.release.revision;
    out.at = m_parts.clock.now();
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t sequence = m_parts.fleet.lastSequence();
        auto plan = m_planner.plan(draft.release, m_counts.changed(), out.beside);
        if (!plan.ok() || plan->id != planId || !plan->conflicts.empty()) break;
        release::Model model = draft;
        const ClusterConditions conditions = this->conditions();
        release::VerbGiven given{domain::ReleaseVerb::Start, caller.name, caller.reason,
                                 std::move(plan->start), planId};
        if (!release::apply(model, given, out.at, conditions.get()).ok()) break;
        out.start = *std::move(given.start);
        out.generation = plan->generation;
        out.sequence = sequence;
        std::vector<release::MachineProgress> rows;
        for (const auto& [uuid, machine] : model.machines) {
            if (!out.has(machine)) rows.push_back(machine);
        }
        if (rows.size() <= m_parts.rowsAtOnce) break;
        if (round == 0) IFRIT_RETURN_IF_ERROR(eraseAhead(id, fenced));
        IFRIT_RETURN_IF_ERROR(putAhead(id, rows, fenced));
        out.machines = std::move(model.machines);
    }
    return out.machines.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<release::StartInput> ReleaseEngine::startOf(const StoredAhead& ahead,
                                                          const domain::Release& draft) {
    if (ahead.revision != draft.revision || ahead.beside != broughtBeside(draft.spec))
        return std::nullopt;
    std::uint64_t generation = 0;
    const absl::Status seen = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(generation, in.desired().generation());
        return absl::OkStatus();
    });
    const auto changes = m_parts.fleet.changesSince(ahead.sequence);
    if (!seen.ok() || generation != ahead.generation || !changes) return std::nullopt;
    release::StartInput start = ahead.start;
    if (!m_planner.takeNews(draft, ahead.beside, changes->uuids, start)) return std::nullopt;
    return start;
}

absl::StatusOr<release::Model> ReleaseEngine::start(const Caller& caller, const std::string& id,
                                                    const std::string& planId) {
    std::string known;
    Fence fenced;
    {
        const absl::MutexLock lock(&m_mutex);
        IFRIT_RETURN_IF_ERROR(m_leadership.check());
        IFRIT_ASSIGN_OR_RETURN(known, resolveId(id));
        fenced = m_leadership.fence();
    }
    const StartTurn turn(m_starts, known);
    const auto ahead = storeAhead(caller, known, planId);
    auto started = [&]() -> absl::StatusOr<release::Model> {
        const absl::MutexLock lock(&m_mutex);
        noteRefused(ahead.status());
        IFRIT_RETURN_IF_ERROR(ahead.status());
        return actUnderLock(caller, known, domain::ReleaseVerb::Start, planId,
                            *ahead ? &**ahead : nullptr);
    }();
    // Where it cannot be done now the next start does it, or who leads next.
    if (!started.ok() && (!ahead.ok() || *ahead)) (void)eraseAhead(known, fenced);
    return started;
}

}  // namespace ifrit::master::services
