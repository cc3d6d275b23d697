// SPDX-License-Identifier: Apache-2.0
// ReleaseEngine after a restart and after a commit that failed: from what is committed, and from
// what all machines say.
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "master/release/gray_list.h"
#include "master/services/release_engine.h"
#include "shared/base/status.h"

namespace ifrit::master::services {

absl::Status ReleaseEngine::recover() {
    absl::MutexLock lock(&m_mutex);
    return recoverLocked();
}

absl::Status ReleaseEngine::recoverLocked() {
    release::Heads heads;
    std::map<std::string, release::Model> models;
    std::vector<std::string> broken;
    const Fence leads = m_leadership.leadsInView();
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(leads(in));
            broken.clear();
            IFRIT_ASSIGN_OR_RETURN(const auto all, in.releases().list());
            for (const release::Model& head : all) {
                release::Head& kept = heads[head.release.id];
                kept = std::make_shared<const release::Model>(head);
                if (!release::isActive(head.release.state)) continue;
                release::Model& model = models[head.release.id] = head;
                // What is stored ahead of a start that did not come to its end is nothing.
                if (!release::isRunning(head.release.state)) {
                    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t ahead,
                                           in.releases().countProgress(head.release.id));
                    if (ahead != 0) broken.push_back(head.release.id);
                    continue;
                }
                IFRIT_ASSIGN_OR_RETURN(model.machines, in.releases().loadProgress(head.release.id));
                release::recountInFlight(model);
                // Whoever looks sees what limits go by.
                release::Model counted = head;
                counted.release.stages = model.release.stages;
                kept = std::make_shared<const release::Model>(std::move(counted));
            }
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    IFRIT_RETURN_IF_ERROR(m_counts.load());
    m_heads = std::move(heads);
    m_shown.replace(m_heads);
    m_models = std::move(models);
    m_unsettled.clear();
    standSinceLastTurn();
    for (const std::string& id : broken) {
        // Where it cannot be done now the next start does it.
        const absl::Status erased = eraseAhead(id, m_leadership.fence());
        if (!erased.ok())
            spdlog::warn("what a start of release {} left cannot be removed now: {}",
                         m_heads.at(id)->release.number, base::messageOf(erased));
    }
    std::vector<std::string> ids;
    for (const auto& [id, model] : m_models)
        ids.push_back(id);
    for (const std::string& id : ids)
        applyInPlace(id, eventsOfFleet(m_models.at(id)));
    return absl::OkStatus();
}

absl::StatusOr<release::Model> ReleaseEngine::load(const std::string& id) {
    std::optional<release::Model> out;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.releases().find(id));
            if (!out || !out->release.started) return absl::OkStatus();
            IFRIT_ASSIGN_OR_RETURN(out->machines, in.releases().loadProgress(id));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (!out) return base::notFound("RELEASE_UNKNOWN", id, "there is no release {}", id);
    m_unsettled.found(id, out->release.revision);
    release::recountInFlight(*out);
    return *std::move(out);
}

bool ReleaseEngine::reload(const std::string& id) {
    auto fresh = load(id);
    if (absl::IsNotFound(fresh.status())) {
        // A draft that was not committed.
        m_unsettled.forget(id);
        return false;
    }
    if (!fresh.ok()) return false;
    settle(*std::move(fresh));
    announce(id);
    return m_models.count(id) != 0;
}

release::Joined ReleaseEngine::joinedOf(const release::Model& model,
                                        const MachineView& view) const {
    const domain::ReleaseSpec& spec = model.release.spec;
    const MachineRecord& record = *view.record;
    release::PlanMachine machine;
    machine.facts = record.stored.facts;
    machine.report = reportOf(record, spec.agent);
    machine.offline = view.offline;
    machine.reportMark = reportMark(record);
    const auto target = model.targets.find(machine.facts.machineType);
    return {release::progressOf(machine,
                                target == model.targets.end() ? release::Target{} : target->second),
            release::isGray(spec.gray, machine.facts), record.batch};
}

void ReleaseEngine::addEvents(const release::Model& model, const MachineView& view,
                              std::vector<release::Event>& events) const {
    const std::string& uuid = view.record->stored.facts.uuid;
    const auto progress = model.machines.find(uuid);
    if (progress == model.machines.end()) return;
    if (progress->second.offline != view.offline)
        events.push_back(release::PresenceChanged{uuid, view.offline});
    if (!view.offline)
        events.push_back(release::Reported{uuid, reportOf(*view.record, model.release.spec.agent),
                                           reportMark(*view.record)});
}

std::vector<release::Event> ReleaseEngine::eventsOfFleet(const release::Model& model) const {
    std::vector<release::Event> events;
    for (const MachineView& view : m_parts.fleet.all()) {
        const domain::MachineFacts& facts = view.record->stored.facts;
        if (model.machines.count(facts.uuid) != 0) {
            addEvents(model, view, events);
        } else if (model.targets.count(facts.machineType) != 0) {
            // It enrolled and nobody could tell the release.
            events.push_back(joinedOf(model, view));
        }
    }
    return events;
}

}  // namespace ifrit::master::services
