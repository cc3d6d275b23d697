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
    const base::WallTime since =
        m_parts.clock.now() - std::max<std::chrono::milliseconds>(window, release::kLateWindow);
    std::vector<release::PermitRecord> permits;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(permits, in.changes().permitsSince(since));
        return absl::OkStatus();
    }));
    release::PermitLedger read(window);
    for (const release::PermitRecord& permit : permits)
        read.add(permit);
    const absl::MutexLock lock(&m_ledgerMutex);
    m_ledger = std::move(read);
    return absl::OkStatus();
}

std::uint64_t ReleaseEngine::changedInWindow() {
    const absl::MutexLock lock(&m_ledgerMutex);
    return m_ledger.changed(m_parts.clock.now());
}

void ReleaseEngine::settlePermits() {
    // Whoever has looked for a freeze for the last time, and found none, holds it.
    const absl::MutexLock lock(&m_lastLook);
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
    const absl::MutexLock lock(&m_ledgerMutex);
    if (late && (state == ReleaseState::Done || state == ReleaseState::Running))
        out.late = m_ledger.lateFor(question.releaseId, question.uuid,
                                    of->release.spec.lateJoinersPerMinute, out.now);
    const auto& cap = m_parts.rules.cap;
    if (cap && view && changesVersion(question, *view))
        out.cap = m_ledger.capFor(question.uuid, cap->limit(m_parts.fleet.size()), out.now);
    return out;
}

/// One call of permit().
struct ReleaseEngine::Asked {
    release::PermitQuestion question;
    std::optional<MachineView> view;
    release::PermitAnswer answer;
    bool isAnswered = false;
};

/// What a group of questions is given, before it is stored.
struct ReleaseEngine::Grants {
    std::vector<Asked*> given;
    std::vector<release::PermitRecord> counted;              ///< by a limit
    std::map<std::string, std::set<std::string>> switching;  ///< machines that are in flight now
    std::optional<bool> isConfirmed;                         ///< by the database, once for all
    release::PermitAnswer refusal;                           ///< where it is not
};

release::PermitAnswer ReleaseEngine::permit(const release::PermitQuestion& question) {
    Asked own{question, m_parts.fleet.find(question.uuid), {}, false};
    std::vector<Asked*> group;
    {
        absl::MutexLock lock(&m_askedMutex);
        m_asked.push_back(&own);
        const auto goesOn = [this, &own]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_askedMutex) {
            return own.isAnswered || !m_isAnswering;
        };
        m_askedMutex.Await(absl::Condition(&goesOn));
        if (own.isAnswered) return own.answer;
        m_isAnswering = true;
        group.swap(m_asked);
    }
    absl::MutexLock lock(&m_mutex);
    answerTogether(group);
    return own.answer;
}

void ReleaseEngine::tellAnswers(const std::vector<Asked*>& group) {
    const absl::MutexLock asked(&m_askedMutex);
    for (Asked* one : group)
        one->isAnswered = true;
    m_isAnswering = false;
}

void ReleaseEngine::answerTogether(const std::vector<Asked*>& group) {
    // What a group that could not be stored had counted.
    if (m_isLedgerUnsure) m_isLedgerUnsure = !loadLedger().ok();
    Grants grants;
    const bool frozen = conditions().frozen();
    for (Asked* one : group)
        one->answer = decide(*one, grants);
    const bool stored = store(grants);
    const std::vector<Asked*> given = grants.given;
    const absl::MutexLock lock(&m_lastLook);
    for (Asked* one : given) {
        // Who froze the cluster while this was stored waits for settlePermits(), and finds it
        // refused.
        if (!frozen && conditions().frozen()) one->answer = decide(*one, grants);
        if (one->answer.granted && !stored) one->answer = databaseAway();
    }
    tellAnswers(group);
}

release::PermitAnswer ReleaseEngine::decide(Asked& asked, Grants& grants) {
    const release::PermitQuestion& question = asked.question;
    std::optional<domain::DesiredEntry> chosen;
    if (asked.view) {
        const MachineRecord& record = *asked.view->record;
        const auto state =
            m_parts.published.current()
                ->answerFor(question.uuid, record.stored.facts.machineType, record.batch)
                .state();
        const auto explained = domain::explain(state, question.agent);
        if (!explained.empty()) chosen = explained.front().entry;
    }
    const auto head = m_heads.find(question.releaseId);
    const auto model = m_models.find(question.releaseId);
    release::Model* const running = model == m_models.end() ? nullptr : &model->second;
    const release::Model* of = running;
    if (of == nullptr && head != m_heads.end()) of = &head->second;
    std::optional<release::Standing> standing;
    if (of != nullptr) standing = standingOf(*of);
    const release::MachineProgress* progress = nullptr;
    if (running != nullptr) {
        const auto found = running->machines.find(question.uuid);
        if (found != running->machines.end()) progress = &found->second;
    }
    const ClusterConditions conditions = this->conditions();
    if (m_unsure.count(question.releaseId) != 0 && !conditions.frozen()) return databaseAway();
    const release::PermitLimits limits =
        limitsFor(question, asked.view, of, progress, conditions.get());
    release::PermitAnswer answer =
        release::decidePermit(question, chosen, standing, progress, limits);
    if (answer.held && running != nullptr) noteHeld(*running, question.uuid);
    if (!answer.granted) return answer;
    if (!grants.isConfirmed) {
        const auto refused = refusedElsewhere();
        grants.isConfirmed = !refused;
        if (refused) grants.refusal = *refused;
    }
    if (!*grants.isConfirmed) return grants.refusal;
    const release::PermitRecord permit{question.uuid, question.releaseId, limits.now,
                                       limits.cap.has_value(), limits.late.has_value()};
    if ((permit.changes || permit.late) && m_isLedgerUnsure) return databaseAway();
    notePermit(running, permit, grants);
    grants.given.push_back(&asked);
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

/// Stored with the next tick: a stage of thousands is held at once, and each write would keep all
/// others waiting. Lost with the master it is given anew: the machine asks again.
void ReleaseEngine::noteHeld(release::Model& model, const std::string& uuid) {
    const auto effects = release::apply(model, release::Held{uuid}, m_parts.clock.now());
    if (effects.ok() && !effects->machines.empty()) m_held[model.release.id].insert(uuid);
}

/// In memory, where the next of the group finds it.
void ReleaseEngine::notePermit(release::Model* model, const release::PermitRecord& permit,
                               Grants& grants) {
    if (permit.changes || permit.late) {
        grants.counted.push_back(permit);
        const absl::MutexLock lock(&m_ledgerMutex);
        m_ledger.add(permit);
    }
    if (model == nullptr) return;
    const auto effects =
        release::apply(*model, release::Permitted{permit.uuid}, m_parts.clock.now());
    if (effects.ok() && !effects->machines.empty())
        grants.switching[permit.releaseId].insert(permit.uuid);
}

/// Every permit that somebody counts, or that makes a machine one that may be switching, is on disk
/// before its answer: also a master that is killed right after it knows who that is.
bool ReleaseEngine::store(const Grants& grants) {
    // Also what was given before and is asked for again: of several masters another may have frozen
    // the cluster since the look that confirmed it.
    const bool writes = !grants.counted.empty() || !grants.switching.empty();
    if (grants.given.empty() || (!writes && !m_parts.isOneOfMany)) return true;
    const Fence fenced = fence();
    std::optional<domain::FreezeMark> found;
    const auto write = [&](storage::Transaction& in) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        for (const release::PermitRecord& permit : grants.counted)
            IFRIT_RETURN_IF_ERROR(in.changes().putPermit(permit));
        for (const auto& [id, uuids] : grants.switching) {
            const release::Model& model = m_models.at(id);
            std::vector<release::MachineProgress> rows;
            for (const std::string& uuid : uuids)
                rows.push_back(model.machines.at(uuid));
            // With the stage's count of machines in flight.
            IFRIT_RETURN_IF_ERROR(in.releases().put(model));
            IFRIT_RETURN_IF_ERROR(in.releases().putProgress(id, rows));
        }
        IFRIT_RETURN_IF_ERROR(fenced(in));
        return checkFreezes(in, found);
    };
    const absl::Status stored = m_parts.database.transact(write);
    noteRefused(stored);
    noteFrozen(found);
    for (const auto& [id, uuids] : grants.switching) {
        if (!stored.ok()) {
            m_unsure.insert(id);
            continue;
        }
        release::Model& head = m_heads.at(id);
        head.release.stages = m_models.at(id).release.stages;
        m_shown.put(head);
    }
    if (!stored.ok() && !grants.counted.empty()) m_isLedgerUnsure = true;
    return stored.ok();
}

}  // namespace ifrit::master::services
