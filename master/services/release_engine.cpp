// SPDX-License-Identifier: Apache-2.0
#include "master/services/release_engine.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "master/release/verbs.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

release::Model headOf(const release::Model& model) {
    release::Model out;
    out.release = model.release;
    out.targets = model.targets;
    out.previous = model.previous;
    out.stageIndex = model.stageIndex;
    out.stamp = model.stamp;
    out.standingStamp = model.standingStamp;
    out.stateSince = model.stateSince;
    out.stageSince = model.stageSince;
    out.fullOpened = model.fullOpened;
    out.closedSince = model.closedSince;
    out.openSince = model.openSince;
    out.acceptedBad = model.acceptedBad;
    out.pilotLimits = model.pilotLimits;
    out.pinnedDigests = model.pinnedDigests;
    out.costChecked = model.costChecked;
    return out;
}

constexpr std::size_t kAll = 10'000'000;

/// Nothing of it was lost since it was stored: no release starts half.
absl::Status checkStored(storage::Transaction& in, const release::Model& model) {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t stored,
                           in.releases().countProgress(model.release.id));
    if (stored == model.machines.size()) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kAborted, "PLAN_CHANGED", model.release.id,
        fmt::format("{} machines are stored of the {} that the plan names; start it again", stored,
                    model.machines.size()));
}

}  // namespace

absl::Status ReleaseEngine::writeEffects(storage::Transaction& in, const release::Model& model,
                                         const release::Effects& effects, const StoredAhead* ahead,
                                         const release::Model* stored) {
    const std::string& id = model.release.id;
    if (!effects.desired.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t generation, in.desired().nextGeneration());
        std::vector<release::DesiredEdit> edits = effects.desired;
        for (release::DesiredEdit& edit : edits)
            edit.row.entry.generation = generation;
        IFRIT_RETURN_IF_ERROR(in.desired().editAll(edits));
    }
    IFRIT_RETURN_IF_ERROR(in.releases().put(model));
    std::vector<release::MachineProgress> rows;
    for (const std::string& uuid : effects.machines) {
        const release::MachineProgress& row = model.machines.at(uuid);
        if (ahead == nullptr || !ahead->has(row)) rows.push_back(row);
    }
    if (!rows.empty() && stored != nullptr) {
        IFRIT_RETURN_IF_ERROR(in.releases().moveProgress(id, stored->machines, rows));
    } else if (!rows.empty()) {
        IFRIT_RETURN_IF_ERROR(in.releases().putProgress(id, rows));
    }
    if (!effects.timeline.empty())
        IFRIT_RETURN_IF_ERROR(in.releases().appendTimeline(id, effects.timeline));
    return absl::OkStatus();
}

ReleaseEngine::ReleaseEngine(Parts parts)
    : m_parts(std::move(parts)),
      m_leadership(m_parts.isOneOfMany ? members::Leadership::Masters::Many
                                       : members::Leadership::Masters::One),
      m_planner(
          {m_parts.database, m_parts.fleet, m_parts.clock, m_parts.rules, m_parts.pollInterval}),
      m_counts(m_parts.database, m_parts.clock,
               m_parts.rules.cap ? m_parts.rules.cap->window : std::chrono::milliseconds(0)) {}

ClusterConditions ReleaseEngine::conditions() const {
    return {m_parts.rules, m_parts.freeze != nullptr ? m_parts.freeze->current() : nullptr};
}

absl::Status ReleaseEngine::commit(const Commit& commit) {
    const Fence fenced = m_leadership.fence();
    std::optional<domain::FreezeMark> found;
    storage::KnownBadClearsByUuid clears;
    for (const auto& [uuid, digest] : commit.effects.clearKnownBad)
        clears.emplace(uuid, std::vector{newClear(digest)});
    const absl::Status written =
        m_parts.database.transact([&, this](storage::Transaction& in) -> absl::Status {
            const std::string& id = commit.model->release.id;
            if (commit.starts != nullptr && m_parts.starting)
                IFRIT_RETURN_IF_ERROR(m_parts.starting(in, *commit.starts, *commit.model));
            // What a start that did not come to its end left of more machines.
            if (commit.starts != nullptr && commit.ahead == nullptr)
                IFRIT_RETURN_IF_ERROR(in.releases().eraseProgress(id, kAll).status());
            IFRIT_RETURN_IF_ERROR(
                writeEffects(in, *commit.model, commit.effects, commit.ahead, commit.stored));
            if (commit.starts != nullptr) IFRIT_RETURN_IF_ERROR(checkStored(in, *commit.model));
            IFRIT_RETURN_IF_ERROR(in.machines().putClearsKnownBad(clears));
            if (commit.audit) IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, *commit.audit));
            if (commit.request && !commit.audit->requestId.empty()) {
                IFRIT_RETURN_IF_ERROR(in.requests().put(commit.audit->actor,
                                                        commit.audit->requestId, *commit.request,
                                                        m_parts.clock.now()));
            }
            IFRIT_RETURN_IF_ERROR(fenced(in));
            return commit.frozen ? absl::OkStatus() : checkFreezes(in, found);
        });
    noteRefused(written);
    noteFrozen(found);
    IFRIT_RETURN_IF_ERROR(written);
    for (const auto& [uuid, ofOne] : clears)
        m_parts.clears.add(uuid, ofOne.front());
    // Before anybody is told: who then looks does not wait for the lock.
    keepHead(headOf(*commit.model));
    if (!commit.effects.desired.empty()) m_parts.desiredChanged();
    announce(commit.model->release.id);
    return absl::OkStatus();
}

void ReleaseEngine::announce(const std::string& id) {
    m_parts.events.publish(EventKind::ReleaseChanged, id);
}

void ReleaseEngine::keepHead(release::Model head) {
    if (head.release.state != domain::ReleaseState::Draft) m_shownPlans.forget(head.release.id);
    release::Head& kept = m_heads[head.release.id];
    kept = std::make_shared<const release::Model>(std::move(head));
    m_shown.put(kept);
}

void ReleaseEngine::settle(release::Model model) {
    const std::string id = model.release.id;
    keepHead(headOf(model));
    const bool isActive = release::isActive(model.release.state);
    m_unsettled.settle(id, isActive);
    if (isActive) {
        m_models[id] = std::move(model);
    } else {
        m_models.erase(id);
    }
}

void ReleaseEngine::applyInPlace(const std::string& id, const std::vector<release::Event>& given) {
    std::vector<release::Event> events = given;
    const auto held = m_held.extract(id);
    if (m_unsettled.isUnsure(id)) {
        // The last commit failed: what is in memory went further than the database.
        if (!reload(id)) return;
        events = eventsOfFleet(m_models.at(id));
    }
    if (m_models.count(id) == 0) return;
    release::Model& model = m_models.at(id);
    release::Effects all;
    if (!held.empty()) all.machines = held.mapped();
    const base::WallTime now = m_parts.clock.now();
    const auto hearIn = m_parts.hearIn ? m_parts.hearIn() : std::chrono::milliseconds(0);
    if (const auto time = m_unsettled.timeEvent(id, now, hearIn))
        events.insert(events.begin(), *time);
    const ClusterConditions conditions = this->conditions();
    for (const release::Event& event : events) {
        auto effects = release::apply(model, event, now, conditions.get());
        if (!effects.ok()) continue;
        all.append(*effects);
    }
    if (all.empty()) {
        m_unsettled.committed(id);
        return;
    }
    const absl::Status status =
        commit({&model, all, std::nullopt, std::nullopt, nullptr, conditions.frozen()});
    if (status.ok()) {
        m_unsettled.committed(id);
        if (!release::isActive(model.release.state)) m_models.erase(id);
        return;
    }
    spdlog::error("release {} cannot be stored, it stands until it can: {}", model.release.number,
                  base::messageOf(status));
    m_unsettled.notCommitted(id, model.release.revision, now);
    m_unsettled.doubt(id);
}

void ReleaseEngine::onMachines(const std::vector<MachineView>& machines) {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands()) return;
    std::map<std::string, std::vector<release::Event>> byRelease;
    for (const auto& [id, model] : m_models) {
        if (!release::isRunning(model.release.state)) continue;
        for (const MachineView& view : machines)
            addEvents(model, view, byRelease[id]);
    }
    for (const auto& [id, events] : byRelease)
        applyInPlace(id, events);
}

void ReleaseEngine::onJoined(const MachineView& machine) {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands()) return;
    std::vector<std::string> ids;
    for (const auto& [id, model] : m_models)
        ids.push_back(id);
    for (const std::string& id : ids)
        applyInPlace(id, {joinedOf(m_models.at(id), machine)});
}

void ReleaseEngine::clockSet(std::chrono::milliseconds by) {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands()) return;
    const std::set<std::string> ids = mayRun();
    m_unsettled.noteClockStep(ids, by);
    for (const std::string& id : ids)
        applyInPlace(id, {});
}

void ReleaseEngine::tick() {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands()) return;
    // Those that memory is not sure of, too: an ended one may be going back.
    std::set<std::string> ids = m_unsettled.unsure();
    for (const auto& [id, model] : m_models)
        ids.insert(id);
    for (const std::string& id : ids)
        applyInPlace(id, {release::Ticked{}});
    endHearings();
    if (m_unsettled.unsure().empty()) m_turned = m_parts.clock.now();
}

}  // namespace ifrit::master::services
