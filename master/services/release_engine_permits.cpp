// SPDX-License-Identifier: Apache-2.0
// Permits, and what they are limited by.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "master/services/release_engine.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

release::Standing standingOf(const release::Model& model) {
    return {model.release.state, model.standingStamp, release::inFlightOf(model.release),
            model.release.spec.maxInFlight};
}

release::PermitAnswer databaseAway() {
    release::PermitAnswer out;
    out.reason = "DATABASE_AWAY";
    out.message = "the master cannot use its database; nothing switches until it can";
    out.retryAfter = release::kPermitRetryAfter;
    return out;
}

release::PermitAnswer frozenElsewhere() {
    release::PermitAnswer out;
    out.reason = "CLUSTER_FROZEN";
    out.message = "the cluster is frozen; nothing switches until it is unfrozen";
    out.retryAfter = release::kPermitRetryAfter;
    return out;
}

/// The machine would run something else than it does.
bool changesVersion(const release::PermitQuestion& question, const MachineView& view) {
    const auto report = reportOf(*view.record, question.agent);
    return (report ? report->runningDigest : std::string()) != question.digest;
}

}  // namespace

absl::Status ReleaseEngine::loadLedger() {
    const auto window =
        m_parts.rules.cap ? m_parts.rules.cap->window : std::chrono::milliseconds(0);
    m_ledger = release::PermitLedger(window);
    const base::WallTime since =
        m_parts.clock.now() - std::max<std::chrono::milliseconds>(window, release::kLateWindow);
    std::vector<release::PermitRecord> permits;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(permits, in.changes().permitsSince(since));
        return absl::OkStatus();
    }));
    for (const release::PermitRecord& permit : permits)
        m_ledger.add(permit);
    return absl::OkStatus();
}

std::uint64_t ReleaseEngine::changedInWindow() {
    absl::MutexLock lock(&m_mutex);
    return m_ledger.changed(m_parts.clock.now());
}

void ReleaseEngine::settlePermits() {
    // Whoever decides holds it.
    absl::MutexLock lock(&m_mutex);
}

std::optional<domain::ReleaseState> ReleaseEngine::goingBack(const std::string& agent,
                                                             const std::string& machineType) const {
    const domain::Release* newest = nullptr;
    for (const auto& [id, head] : m_heads) {
        const auto& types = head.release.spec.machineTypes;
        if (!head.release.started || head.release.spec.agent != agent ||
            std::find(types.begin(), types.end(), machineType) == types.end())
            continue;
        if (newest == nullptr || newest->number < head.release.number) newest = &head.release;
    }
    if (newest == nullptr || (newest->state != domain::ReleaseState::RollingBack &&
                              newest->state != domain::ReleaseState::RolledBack))
        return std::nullopt;
    return newest->state;
}

release::PermitLimits ReleaseEngine::limitsFor(const release::PermitQuestion& question,
                                               const std::optional<MachineView>& view,
                                               const release::Model* of,
                                               const release::MachineProgress* progress,
                                               const release::Conditions& conditions) {
    using domain::ReleaseState;
    release::PermitLimits out;
    out.now = m_parts.clock.now();
    const ReleaseState state = of == nullptr ? ReleaseState::Draft : of->release.state;
    std::optional<ReleaseState> back;
    if (view && state == ReleaseState::Done)
        back = goingBack(question.agent, view->record->stored.facts.machineType);
    const bool forward = (state == ReleaseState::Running || state == ReleaseState::Done) && !back;
    out.bar = release::changeBarOf(
        of == nullptr ? domain::ChangeWindows{} : of->release.spec.windows, conditions, out.now,
        forward ? release::Bound::WindowsToo : release::Bound::FreezeOnly);
    // Whoever asks for the version of a release that is over came after it.
    const bool late = state == ReleaseState::Done ? back != ReleaseState::RollingBack
                                                  : progress != nullptr && progress->late;
    if (late && (state == ReleaseState::Done || state == ReleaseState::Running))
        out.late = m_ledger.lateFor(question.releaseId, question.uuid,
                                    of->release.spec.lateJoinersPerMinute, out.now);
    const auto& cap = m_parts.rules.cap;
    if (cap && view && changesVersion(question, *view))
        out.cap = m_ledger.capFor(question.uuid, cap->limit(m_parts.fleet.size()), out.now);
    return out;
}

release::PermitAnswer ReleaseEngine::permit(const release::PermitQuestion& question) {
    const auto view = m_parts.fleet.find(question.uuid);
    absl::MutexLock lock(&m_mutex);
    std::optional<domain::DesiredEntry> chosen;
    if (view) {
        const auto snapshot = m_parts.published.current();
        const auto state = snapshot
                               ->answerFor(question.uuid, view->record->stored.facts.machineType,
                                           view->record->batch)
                               .state();
        const auto explained = domain::explain(state, question.agent);
        if (!explained.empty()) chosen = explained.front().entry;
    }
    const auto head = m_heads.find(question.releaseId);
    std::optional<release::Standing> standing;
    if (head != m_heads.end()) standing = standingOf(head->second);
    const auto model = m_models.find(question.releaseId);
    const release::Model* of = head == m_heads.end() ? nullptr : &head->second;
    const release::MachineProgress* progress = nullptr;
    if (model != m_models.end()) {
        const auto found = model->second.machines.find(question.uuid);
        if (found != model->second.machines.end()) progress = &found->second;
        standing = standingOf(model->second);
        of = &model->second;
    }
    const ClusterConditions conditions = this->conditions();
    if (m_unsure.count(question.releaseId) != 0 && !conditions.frozen()) return databaseAway();
    const release::PermitLimits limits = limitsFor(question, view, of, progress, conditions.get());
    release::PermitAnswer answer =
        release::decidePermit(question, chosen, standing, progress, limits);
    const auto running = model == m_models.end() ? nullptr : &model->second;
    if (answer.held && running != nullptr) noteHeld(*running, question.uuid);
    if (!answer.granted) return answer;
    if (const auto refused = refusedElsewhere()) return *refused;
    const release::PermitRecord permit{question.uuid, question.releaseId, limits.now,
                                       limits.cap.has_value(), limits.late.has_value()};
    if (!notePermit(running, permit)) return databaseAway();
    // Who froze the cluster while this was stored waits for settlePermits(), and finds it refused.
    if (this->conditions().frozen() && !conditions.frozen())
        return release::decidePermit(
            question, chosen, standing, progress,
            limitsFor(question, view, of, progress, this->conditions().get()));
    return answer;
}

std::optional<release::PermitAnswer> ReleaseEngine::refusedElsewhere() {
    if (!m_parts.isOneOfMany) return std::nullopt;
    bool frozen = false;
    const absl::Status status =
        m_parts.database.read([&, leads = leadsInView()](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(leads(in));
            IFRIT_ASSIGN_OR_RETURN(const auto freezes, in.changes().openFreezes());
            frozen = !freezes.empty();
            return absl::OkStatus();
        });
    noteRefused(status);
    if (!status.ok()) return databaseAway();
    return frozen ? std::optional(frozenElsewhere()) : std::nullopt;
}

void ReleaseEngine::noteHeld(release::Model& model, const std::string& uuid) {
    const auto effects = release::apply(model, release::Held{uuid}, m_parts.clock.now());
    if (!effects.ok() || effects->machines.empty()) return;
    // Lost with the database it is given anew: the machine asks again.
    const Fence fenced = fence();
    const absl::Status stored =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(
                in.releases().putProgress(model.release.id, {model.machines.at(uuid)}));
            return fenced(in);
        });
    noteRefused(stored);
    if (!stored.ok())
        spdlog::warn("a machine's new deadline is not stored: {}", base::messageOf(stored));
}

bool ReleaseEngine::notePermit(release::Model* model, const release::PermitRecord& permit) {
    bool stores = permit.changes || permit.late;
    bool touched = false;
    if (model != nullptr) {
        const auto effects =
            release::apply(*model, release::Permitted{permit.uuid}, m_parts.clock.now());
        touched = effects.ok() && !effects->machines.empty();
        // Without a limit it is in memory alone: a report in the states after it says the same
        // after a restart. A limit is exact, also for a master that is killed right after its
        // answer.
        stores = stores || (touched && model->release.spec.maxInFlight != 0);
    }
    if (!stores) return true;
    const Fence fenced = fence();
    const absl::Status stored =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            if (permit.changes || permit.late)
                IFRIT_RETURN_IF_ERROR(in.changes().putPermit(permit));
            if (!touched) return fenced(in);
            // With the stage's count of machines in flight.
            IFRIT_RETURN_IF_ERROR(in.releases().put(*model));
            IFRIT_RETURN_IF_ERROR(
                in.releases().putProgress(model->release.id, {model->machines.at(permit.uuid)}));
            return fenced(in);
        });
    noteRefused(stored);
    if (stored.ok()) m_ledger.add(permit);
    if (!stored.ok() && model != nullptr) m_unsure.insert(model->release.id);
    return stored.ok();
}

}  // namespace ifrit::master::services
