// SPDX-License-Identifier: Apache-2.0
// Permits, and what they are limited by.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "master/release/going_back.h"
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

/// It has the agent, and that does not run. Failed says nothing of it: a machine that never had the
/// agent is that, too, while it waits to try a download again. And Degraded alone is not enough: a
/// machine that wants another version is WaitingPermit.
bool isDown(const domain::AgentReport& report) {
    return report.runningDigest.empty() && (report.crashLooping || report.restarts != 0 ||
                                            report.state == domain::MachineState::Degraded);
}

}  // namespace

void ReleaseEngine::settlePermits() {
    // Whoever has looked for a freeze for the last time, and found none, holds it.
    const absl::MutexLock lock(&m_lastLook);
}

bool ReleaseEngine::goesBack(const release::PermitQuestion& question, const MachineView& view,
                             const std::optional<domain::DesiredEntry>& chosen,
                             const release::Model& of) const {
    const auto& stored = view.record->stored;
    const auto report = reportOf(*view.record, question.agent);
    release::Asker asker{question.uuid, stored.facts.machineType,
                         report ? report->runningDigest : std::string(), stored.firstSeen};
    asker.isNamed = chosen && chosen->level == domain::Level::Gray;
    asker.uninstalls = question.digest.empty();
    if (report) {
        asker.isDown = isDown(*report);
        asker.knownBad = report->knownBad;
    }
    auto taken = release::takenBackSince(of, asker.machineType, m_heads);
    for (const release::Model*& one : taken) {
        const auto whole = m_models.find(one->release.id);
        if (whole != m_models.end()) one = &whole->second;
    }
    return release::goesBack(asker, of, taken);
}

release::PermitLimits ReleaseEngine::limitsFor(const release::PermitQuestion& question,
                                               const std::optional<MachineView>& view,
                                               const std::optional<domain::DesiredEntry>& chosen,
                                               const release::Model* of,
                                               const release::MachineProgress* progress,
                                               const release::Conditions& conditions) {
    using domain::ReleaseState;
    release::PermitLimits out;
    out.now = m_parts.clock.now();
    const ReleaseState state = of == nullptr ? ReleaseState::Draft : of->release.state;
    const bool running = state == ReleaseState::Running;
    // Its entries stand, and whoever joins gets them.
    const bool over = state == ReleaseState::Done || release::isTakenBack(state);
    const bool back = over && view && goesBack(question, *view, chosen, *of);
    out.bar = release::changeBarOf(
        of == nullptr ? domain::ChangeWindows{} : of->release.spec.windows, conditions, out.now,
        running || (over && !back) ? release::Bound::WindowsToo : release::Bound::FreezeOnly);
    // Who asks for the entry of a release that is over, and does not go back, came after it.
    if (running ? progress != nullptr && progress->late : over && !back)
        out.late = m_counts.lateFor(question.releaseId, question.uuid,
                                    of->release.spec.lateJoinersPerMinute, out.now);
    // What goes back was there before.
    const bool brings = running || (state == ReleaseState::Done && !back);
    out.isFull = brings && !question.digest.empty() && view &&
                 isFullFor(view->record->stored, question.agent);
    const auto& cap = m_parts.rules.cap;
    if (cap && view && changesVersion(question, *view))
        out.cap = m_counts.capFor(question.uuid, cap->limit(m_parts.fleet.size()), out.now);
    return out;
}

/// What a group of questions is given, before it is stored.
struct ReleaseEngine::Grants {
    std::vector<AskedPermit*> given;
    std::vector<release::PermitRecord> counted;              ///< by a limit
    std::map<std::string, std::set<std::string>> switching;  ///< machines that are in flight now
    std::optional<bool> isConfirmed;                         ///< by the database, once for all
    release::PermitAnswer refusal;                           ///< where it is not
};

release::PermitAnswer ReleaseEngine::permit(const release::PermitQuestion& question) {
    AskedPermit own{question, m_parts.fleet.find(question.uuid)};
    const std::vector<AskedPermit*> group = m_asked.take(own);
    if (group.empty()) return own.answer;
    absl::MutexLock lock(&m_mutex);
    answerTogether(group);
    return own.answer;
}

void ReleaseEngine::answerTogether(const std::vector<AskedPermit*>& group) {
    // What a group that could not be stored had counted; without it nothing that counts is given.
    if (!m_counts.isTrusted()) (void)m_counts.load();
    Grants grants;
    for (AskedPermit* one : group)
        one->answer = decide(*one, grants);
    const bool stored = store(grants);
    const std::vector<AskedPermit*> given = grants.given;
    const absl::MutexLock lock(&m_lastLook);
    for (AskedPermit* one : given) {
        // Who froze the cluster while this was stored waits for settlePermits(), and finds it
        // refused. However it stood before: it may have been unfrozen in between.
        if (one->answer.granted && conditions().frozen()) one->answer = decide(*one, grants);
        if (one->answer.granted && !stored) one->answer = databaseAway();
    }
    // Under the lock, so that none is still under way when settlePermits() returns.
    m_asked.answered(group);
}

release::PermitAnswer ReleaseEngine::decide(AskedPermit& asked, Grants& grants) {
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
    if (of == nullptr && head != m_heads.end()) of = head->second.get();
    std::optional<release::Standing> standing;
    if (of != nullptr) standing = standingOf(*of);
    const release::MachineProgress* progress = nullptr;
    if (running != nullptr) {
        const auto found = running->machines.find(question.uuid);
        if (found != running->machines.end()) progress = &found->second;
    }
    const ClusterConditions conditions = this->conditions();
    if (m_unsettled.isUnsure(question.releaseId) && !conditions.frozen()) return databaseAway();
    const release::PermitLimits limits =
        limitsFor(question, asked.view, chosen, of, progress, conditions.get());
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
    if ((permit.changes || permit.late) && !m_counts.isTrusted()) return databaseAway();
    notePermit(running, permit, grants);
    grants.given.push_back(&asked);
    return answer;
}

std::optional<release::PermitAnswer> ReleaseEngine::refusedElsewhere() {
    if (!m_parts.isOneOfMany) return std::nullopt;
    bool frozen = false;
    const absl::Status status = m_parts.database.read(
        [&, leads = m_leadership.leadsInView()](storage::Transaction& in) -> absl::Status {
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
        m_counts.add(permit);
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
    const Fence fenced = m_leadership.fence();
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
            m_unsettled.doubt(id);
            continue;
        }
        release::Model head = *m_heads.at(id);
        head.release.stages = m_models.at(id).release.stages;
        keepHead(std::move(head));
    }
    if (!stored.ok() && !grants.counted.empty()) m_counts.distrust();
    return stored.ok();
}

}  // namespace ifrit::master::services
