// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "master/release/approval.h"
#include "master/release/neighbours.h"
#include "master/services/release_engine.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::services {

std::vector<std::string> ReleaseEngine::conflictsOf(const release::Model& model) const {
    std::vector<std::string> out;
    for (const auto& [id, other] : m_models) {
        if (id == model.release.id || !release::isRunning(other.release.state) ||
            !release::share(other.release.spec, model.release.spec))
            continue;
        out.push_back(release::conflictWith(other.release));
    }
    return out;
}

AgentsBeside ReleaseEngine::broughtBeside(const domain::ReleaseSpec& spec) const {
    AgentsBeside out;
    for (const auto& [id, other] : m_heads) {
        const domain::ReleaseSpec& others = other->release.spec;
        if (others.agent == spec.agent || others.action != domain::DesiredAction::Install ||
            !release::isRunning(other->release.state))
            continue;
        for (const std::string& type : others.machineTypes)
            out[type].insert(others.agent);
    }
    return out;
}

bool ReleaseEngine::needsApproval(const domain::Release& draft) const {
    return draft.spec.approvalRequired || m_parts.rules.requireApproval;
}

absl::StatusOr<domain::Release> ReleaseEngine::draftOf(const std::string& id) const {
    IFRIT_RETURN_IF_ERROR(m_leadership.check());
    IFRIT_ASSIGN_OR_RETURN(const std::string known, resolveId(id));
    const auto model = m_models.find(known);
    if (model != m_models.end() && model->second.release.state == domain::ReleaseState::Draft)
        return model->second.release;
    const release::Head& head = m_heads.at(known);
    const domain::Release& shown = head->release;
    return base::failedPrecondition("RELEASE_STATE", known,
                                    "release {} is {}; only a draft has a plan", shown.number,
                                    domain::spoken(domain::nameOf(shown.state)));
}

absl::StatusOr<release::Plan> ReleaseEngine::plan(const std::string& id) {
    domain::Release draft;
    AgentsBeside beside;
    {
        absl::MutexLock lock(&m_mutex);
        IFRIT_ASSIGN_OR_RETURN(draft, draftOf(id));
        beside = broughtBeside(draft.spec);
    }
    // Not under the lock: whoever may look at releases may ask for it, and it takes the database
    // and all machines. A start makes it anew and compares.
    IFRIT_ASSIGN_OR_RETURN(release::Plan plan, m_planner.plan(draft, m_counts.changed(), beside));
    release::PlanOutline outline(plan);
    absl::MutexLock lock(&m_mutex);
    const std::optional<domain::Approval> before = draft.approval;
    IFRIT_ASSIGN_OR_RETURN(draft, draftOf(draft.id));
    // One that was given meanwhile may be of a newer plan than this.
    if (draft.approval == before) {
        endApproval(draft.id, plan.id);
        IFRIT_ASSIGN_OR_RETURN(draft, draftOf(draft.id));
    }
    const std::vector<std::string> conflicts = conflictsOf(m_models.at(draft.id));
    plan.conflicts.insert(plan.conflicts.begin(), conflicts.begin(), conflicts.end());
    const ClusterConditions now = conditions();
    const release::ChangeBar frozen =
        release::changeBarOf({}, now.get(), m_parts.clock.now(), release::Bound::FreezeOnly);
    if (frozen.closed()) plan.conflicts.push_back(frozen.message);
    plan.approvalRequired = needsApproval(draft);
    plan.approval = draft.approval;
    plan.endedApproval = draft.endedApproval;
    const std::string gap = release::approvalGap(draft, plan.approvalRequired, plan.id);
    if (!gap.empty()) plan.conflicts.push_back(gap);
    m_shownPlans.put(draft.id, std::move(outline));
    return plan;
}

}  // namespace ifrit::master::services
