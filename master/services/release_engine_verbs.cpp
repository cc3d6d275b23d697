// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "master/release/approval.h"
#include "master/release/verbs.h"
#include "master/services/audit_entry.h"
#include "master/services/release_engine.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/release_reach.h"

namespace ifrit::master::services {
namespace {

/// How many machines a verb is held to. A rollback of what runs on must not be refused because
/// another stage has opened by itself while its reason was typed: it takes back that one, too.
std::uint64_t heldTo(const release::VerbGiven& given, std::uint64_t reached,
                     const domain::Release& release, const Expectation& expected) {
    const bool grew = given.verb == domain::ReleaseVerb::Rollback &&
                      release.state == domain::ReleaseState::Running && expected.machines &&
                      *expected.machines < reached;
    return grew ? *expected.machines : reached;
}

}  // namespace

absl::StatusOr<std::string> ReleaseEngine::resolveId(const std::string& id) const {
    if (m_heads.count(id) != 0) return id;
    for (const auto& [known, head] : m_heads) {
        if (std::to_string(head->release.number) == id) return known;
    }
    return base::notFound("RELEASE_UNKNOWN", id, "there is no release {}", id);
}

absl::StatusOr<std::vector<release::MachineProgress>> ReleaseEngine::machines(
    const std::string& id, const storage::ProgressPage& page) {
    std::string known;
    std::vector<release::MachineProgress> out;
    {
        absl::MutexLock lock(&m_mutex);
        IFRIT_ASSIGN_OR_RETURN(known, resolveId(id));
        const auto model = m_models.find(known);
        if (model != m_models.end()) {
            const auto& all = model->second.machines;
            for (auto it = all.upper_bound(page.after); it != all.end(); ++it) {
                if (out.size() == page.limit) break;
                if (page.takes(it->second)) out.push_back(it->second);
            }
            return out;
        }
    }
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        // As it is in the same view: a removal may have begun since.
        IFRIT_ASSIGN_OR_RETURN(const auto head, in.releases().find(known));
        // Of one that has not started nothing that is there counts.
        if (!head || !head->release.started) return absl::OkStatus();
        IFRIT_RETURN_IF_ERROR(release::checkHistory(head->release));
        IFRIT_ASSIGN_OR_RETURN(out, in.releases().loadProgress(known, page));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    return out;
}

absl::StatusOr<release::Head> ReleaseEngine::head(const std::string& id) const {
    if (auto found = m_shown.find(id)) return found;
    return base::notFound("RELEASE_UNKNOWN", id, "there is no release {}", id);
}

absl::Status ReleaseEngine::checkReached(const Caller& caller, std::uint64_t machines,
                                         const std::string& subject, Earlier earlier) {
    Resolved now{machines, 0};
    if (caller.expected.generation != 0) {
        IFRIT_RETURN_IF_ERROR(
            m_parts.database.read([&now](storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(now.generation, in.desired().generation());
                return absl::OkStatus();
            }));
    }
    return checkExpectation(caller.expected, now, subject, earlier);
}

absl::StatusOr<release::Model> ReleaseEngine::create(const Caller& caller,
                                                     const domain::ReleaseSpec& spec,
                                                     const Along& along) {
    IFRIT_RETURN_IF_ERROR(m_planner.check(spec));
    if (caller.expected.machines || caller.expected.generation != 0) {
        IFRIT_RETURN_IF_ERROR(
            checkReached(caller, m_planner.machinesOf(spec), spec.agent, Earlier::Refused));
    }
    absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(m_leadership.check());
    release::Model model;
    model.release.id = base::randomUuid();
    model.release.spec = spec;
    model.release.createdBy = caller.name;
    model.release.reason = caller.reason;
    model.release.created = m_parts.clock.now();
    model.release.stage = spec.gray.empty() ? domain::StageKind::Full : domain::StageKind::Gray;
    model.stateSince = model.release.created;
    const Fence fenced = m_leadership.fence();
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            // Again: one may have been deleted since.
            IFRIT_RETURN_IF_ERROR(Planner::checkPackages(in, spec));
            IFRIT_ASSIGN_OR_RETURN(model.release.number, in.releases().nextNumber());
            IFRIT_RETURN_IF_ERROR(in.releases().put(model));
            IFRIT_RETURN_IF_ERROR(in.releases().appendTimeline(
                model.release.id,
                {{model.release.created, "created", caller.name, caller.reason}}));
            IFRIT_RETURN_IF_ERROR(
                m_parts.trail.append(in, auditEntry(caller, "release.create", model.release.id,
                                                    "allowed", model.release.created)));
            if (along) {
                IFRIT_RETURN_IF_ERROR(along(in, model));
            } else if (!caller.requestId.empty()) {
                IFRIT_RETURN_IF_ERROR(in.requests().put(caller.name, caller.requestId,
                                                        {"release.create", model.release.id},
                                                        model.release.created));
            }
            return fenced(in);
        });
    noteRefused(written);
    // It may be there all the same: the next tick looks.
    if (absl::IsUnavailable(written)) m_unsettled.doubt(model.release.id);
    IFRIT_RETURN_IF_ERROR(written);
    settle(model);
    announce(model.release.id);
    return model;
}

absl::StatusOr<ReleaseEngine::AskedVerb> ReleaseEngine::verbEvent(const Caller& caller,
                                                                  const release::Model& model,
                                                                  domain::ReleaseVerb verb,
                                                                  const std::string& planId,
                                                                  const StoredAhead* ahead) {
    AskedVerb asked{{verb, caller.name, caller.reason, std::nullopt, planId},
                    domain::reachedBy(verb, model.release.stages, model.release.spec.batches)};
    if (verb == domain::ReleaseVerb::Rollback) {
        IFRIT_RETURN_IF_ERROR(checkBeside(model.release, verb));
        asked.given.rolledBackSince = release::rolledBackSince(model, m_heads);
    }
    const bool starts = verb == domain::ReleaseVerb::Start;
    if ((!starts && verb != domain::ReleaseVerb::Approve) ||
        release::verbRefusal(model, verb, m_parts.clock.now(), conditions().get()))
        return asked;
    if (!starts) IFRIT_RETURN_IF_ERROR(release::mayApprove(model.release, caller.name));
    if (planId.empty())
        return base::invalidArgument("PLAN_MISSING", model.release.id,
                                     "{} needs the id of the plan that was shown; plan first",
                                     domain::nameOf(verb));
    const auto conflicts = conflictsOf(model);
    if (ahead != nullptr && conflicts.empty()) {
        if (auto start = startOf(*ahead, model.release)) {
            asked.reached = start->machines.size();
            asked.given.start = std::move(start);
            return asked;
        }
    }
    // Under the lock, so that what is started is what the plan says.
    IFRIT_ASSIGN_OR_RETURN(
        release::Plan current,
        m_planner.plan(model.release, m_counts.changed(), broughtBeside(model.release.spec)));
    endApproval(model.release.id, current.id);
    if (starts && !conflicts.empty())
        return base::failedPrecondition("RELEASE_CONFLICT", model.release.id, "{}",
                                        conflicts.front());
    if (starts && !current.conflicts.empty())
        return base::failedPrecondition("RELEASE_CONFLICT", model.release.id, "{}",
                                        current.conflicts.front());
    if (current.id != planId) {
        const auto changes = m_shownPlans.difference(model.release.id, planId, current);
        const std::string difference = changes ? fmt::format("{}", fmt::join(*changes, "; "))
                                               : std::string("the plan is not known here any more");
        return base::makeError(
            absl::StatusCode::kAborted, "PLAN_CHANGED", model.release.id,
            fmt::format("the fleet changed since the plan was shown: {}; look at a new plan",
                        difference));
    }
    asked.reached = current.start.machines.size();
    if (starts) asked.given.start = std::move(current.start);
    return asked;
}

void ReleaseEngine::endApproval(const std::string& id, const std::string& planId) {
    const auto model = m_models.find(id);
    if (model == m_models.end() || !model->second.release.approval) return;
    if (model->second.release.approval->planId != planId)
        applyInPlace(id, {release::PlanChanged{planId}});
}

absl::StatusOr<release::Model> ReleaseEngine::act(const Caller& caller, const std::string& id,
                                                  domain::ReleaseVerb verb,
                                                  const std::string& planId) {
    if (verb == domain::ReleaseVerb::Start) return start(caller, id, planId);
    absl::MutexLock lock(&m_mutex);
    return actUnderLock(caller, id, verb, planId, nullptr);
}

absl::StatusOr<release::Model> ReleaseEngine::actUnderLock(const Caller& caller,
                                                           const std::string& id,
                                                           domain::ReleaseVerb verb,
                                                           const std::string& planId,
                                                           const StoredAhead* ahead) {
    IFRIT_RETURN_IF_ERROR(m_leadership.check());
    IFRIT_ASSIGN_OR_RETURN(const std::string known, resolveId(id));
    // Under another token whoever led meanwhile has taken it away.
    if (ahead != nullptr && ahead->token != m_leadership.token()) ahead = nullptr;
    // What memory took and the database did not comes again from the fleet.
    if (m_unsettled.isUnsure(known)) applyInPlace(known, {});
    IFRIT_ASSIGN_OR_RETURN(release::Model model, workingCopy(known));
    const bool frozen = conditions().frozen();
    auto done = actOn(std::move(model), caller, verb, planId, ahead);
    // Decided while another master committed a freeze, of which this one has heard by that.
    if (!done.ok() && !frozen && conditions().frozen()) {
        IFRIT_ASSIGN_OR_RETURN(release::Model again, workingCopy(known));
        done = actOn(std::move(again), caller, verb, planId, ahead);
    }
    return done;
}

absl::StatusOr<release::Model> ReleaseEngine::workingCopy(const std::string& id) {
    const auto known = m_models.find(id);
    if (known != m_models.end() && !m_unsettled.isUnsure(id)) return known->second;
    return load(id);
}

absl::StatusOr<release::Model> ReleaseEngine::actOn(release::Model model, const Caller& caller,
                                                    domain::ReleaseVerb verb,
                                                    const std::string& planId,
                                                    const StoredAhead* ahead) {
    const std::string known = model.release.id;
    if (release::needsHistory(verb)) IFRIT_RETURN_IF_ERROR(release::checkHistory(model.release));
    IFRIT_RETURN_IF_ERROR(checkStanding(caller.expected, model.release));
    IFRIT_RETURN_IF_ERROR(checkStage(caller.expected, model.release));
    IFRIT_ASSIGN_OR_RETURN(const AskedVerb asked, verbEvent(caller, model, verb, planId, ahead));
    const release::VerbGiven& event = asked.given;
    const bool isAsStored = ahead != nullptr && ahead->revision == model.release.revision;
    const base::WallTime now = isAsStored ? ahead->at : m_parts.clock.now();
    const std::string before = standingJson(model.release);
    const ClusterConditions conditions = this->conditions();
    // Of one that is refused, why it is is told below, and not how many machines it would reach.
    if (!release::verbRefusal(model, verb, now, conditions.get())) {
        // A start is held to its plan, which other agents' releases do not touch.
        IFRIT_RETURN_IF_ERROR(
            checkReached(caller, heldTo(event, asked.reached, model.release, caller.expected),
                         known, event.start ? Earlier::Allowed : Earlier::Refused));
    }
    const bool wasOver = !release::isActive(model.release.state);
    release::Effects effects;
    if (verb == domain::ReleaseVerb::Rollback) {
        IFRIT_ASSIGN_OR_RETURN(effects, leaveRemoved(model));
    }
    IFRIT_ASSIGN_OR_RETURN(const release::Effects own,
                           release::apply(model, event, now, conditions.get()));
    effects.append(own);
    if (verb == domain::ReleaseVerb::Rollback && wasOver) {
        // Nobody kept it up to date since: who is gone, came back or upgraded meanwhile.
        for (const release::Event& news : eventsOfFleet(model)) {
            const auto taken = release::apply(model, news, now, conditions.get());
            if (taken.ok()) effects.append(*taken);
        }
    }
    Commit toCommit{&model,  std::move(effects),  std::nullopt, std::nullopt,
                    nullptr, conditions.frozen(), ahead,        nullptr};
    const auto held = m_models.find(known);
    if (held != m_models.end() && !m_unsettled.isUnsure(known)) toCommit.stored = &held->second;
    const std::string auditVerb = fmt::format("release.{}", domain::nameOf(verb));
    toCommit.audit = auditEntry(caller, auditVerb, known, "allowed", m_parts.clock.now());
    toCommit.audit->before = before;
    toCommit.audit->after = standingJson(model.release);
    toCommit.request = RequestRecord{auditVerb, known};
    if (event.start) toCommit.starts = &caller;
    const absl::Status committed = commit(toCommit);
    if (!committed.ok()) {
        // The connection may have died after the commit and before its answer: until it was read
        // anew nobody gets a permit, for this may have been a pause.
        if (absl::IsUnavailable(committed)) m_unsettled.doubt(known);
        return committed;
    }
    settle(std::move(model));
    return *m_heads.at(known);
}

}  // namespace ifrit::master::services
