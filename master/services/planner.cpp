// SPDX-License-Identifier: Apache-2.0
#include "master/services/planner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "master/release/change_time.h"
#include "master/release/gray_list.h"
#include "master/release/stages.h"
#include "master/release/verdict.h"
#include "master/services/plan_preflight.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/domain/machine_deadline.h"
#include "shared/domain/names.h"

namespace ifrit::master::services {
namespace {

constexpr std::size_t kUuidsNamed = 20;

const PackageRecord* findPackage(const std::vector<PackageRecord>& packages,
                                 const domain::ReleaseSpec& spec, const std::string& type) {
    for (const PackageRecord& package : packages) {
        const auto& types = package.machineTypes;
        if (package.agent == spec.agent && package.version == spec.version &&
            std::find(types.begin(), types.end(), type) != types.end())
            return &package;
    }
    return nullptr;
}

std::string named(std::vector<std::string> names) {
    const std::size_t all = names.size();
    if (all > kUuidsNamed) names.resize(kUuidsNamed);
    return fmt::format("{}{}", fmt::join(names, ", "),
                       all > kUuidsNamed ? fmt::format(" and {} more", all - kUuidsNamed) : "");
}

absl::StatusOr<release::Target> targetFor(const std::vector<PackageRecord>& packages,
                                          const domain::ReleaseSpec& spec,
                                          const std::string& type) {
    if (spec.action != domain::DesiredAction::Install) return release::Target{spec.action, {}, {}};
    const PackageRecord* package = findPackage(packages, spec, type);
    if (package == nullptr) {
        return base::notFound("PACKAGE_UNKNOWN", fmt::format("{} {}", spec.agent, spec.version),
                              "there is no package {} {} for {}; publish it first", spec.agent,
                              spec.version, type);
    }
    return release::Target{spec.action, package->version, package->manifestDigest};
}

absl::Status checkOrder(const std::vector<std::uint32_t>& order, std::uint32_t batches) {
    if (order.empty() || release::fitsRing(order, batches)) return absl::OkStatus();
    return base::invalidArgument("BATCH_ORDER", "order",
                                 "the order of batches must name each of 1 to {} once; leave it "
                                 "out for the ring's own order",
                                 batches);
}

release::Target targetOf(const domain::DesiredEntry& entry) {
    return {entry.action, entry.version, entry.manifestDigest};
}

/// The entries of the agent that stand before the release: settled ones by machine type, and those
/// of single machines that win over them by uuid.
struct Standing {
    std::map<std::string, domain::DesiredEntry> full;
    std::map<std::string, domain::DesiredEntry> pins;
};

void keepWinner(std::map<std::string, domain::DesiredEntry>& entries, const std::string& key,
                const domain::DesiredEntry& entry) {
    const auto [known, isNew] = entries.emplace(key, entry);
    if (!isNew && domain::wins(entry, known->second)) known->second = entry;
}

Standing addStanding(const compose::DesiredRows& rows, const domain::ReleaseSpec& spec,
                     release::PlanInput& input) {
    Standing out;
    input.generation = rows.generation;
    for (const std::string& type : spec.machineTypes)
        input.previous[type] = std::nullopt;
    for (const compose::DesiredRow& row : rows.rows) {
        if (row.entry.agent != spec.agent) continue;
        input.newestStamp = std::max(input.newestStamp, row.entry.timestamp);
        if (input.previous.count(row.machineType) == 0) continue;
        if (row.entry.level == domain::Level::Full) out.full[row.machineType] = row.entry;
        if (row.entry.level == domain::Level::Gray)
            keepWinner(out.pins, row.machineUuid, row.entry);
    }
    for (const auto& [type, entry] : out.full)
        input.previous[type] = targetOf(entry);
    return out;
}

const std::set<std::string>& agentsOf(const AgentsBeside& beside, const std::string& type) {
    static const std::set<std::string> none;
    const auto others = beside.find(type);
    return others == beside.end() ? none : others->second;
}

std::optional<release::Target> pinOf(const Standing& standing, const domain::MachineFacts& facts) {
    const auto pin = standing.pins.find(facts.uuid);
    if (pin == standing.pins.end()) return std::nullopt;
    const auto full = standing.full.find(facts.machineType);
    const bool stands = full == standing.full.end() || domain::wins(pin->second, full->second);
    return stands ? std::optional(targetOf(pin->second)) : std::nullopt;
}

}  // namespace

absl::Status Planner::checkPackages(storage::Transaction& in, const domain::ReleaseSpec& spec) {
    IFRIT_ASSIGN_OR_RETURN(const auto packages, in.packages().list(spec.agent));
    for (const std::string& type : spec.machineTypes)
        IFRIT_RETURN_IF_ERROR(targetFor(packages, spec, type).status());
    return absl::OkStatus();
}

absl::Status Planner::check(const domain::ReleaseSpec& spec) const {
    IFRIT_RETURN_IF_ERROR(domain::checkMachineDeadline(spec.machineDeadline));
    if (spec.agent == domain::kSelfAgent && spec.action != domain::DesiredAction::Install) {
        return base::invalidArgument(
            "SELF_UNINSTALL", spec.agent,
            "{} keeps the machines and is not removed by a release; remove it with each machine's "
            "own package manager",
            spec.agent);
    }
    IFRIT_RETURN_IF_ERROR(release::checkTimeZone(spec.windows.timeZone));
    IFRIT_RETURN_IF_ERROR(m_parts.database.read(
        [&spec](storage::Transaction& in) { return checkPackages(in, spec); }));
    IFRIT_RETURN_IF_ERROR(checkOrder(spec.batches.order, m_parts.fleet.ring().batches));
    std::vector<std::string> unknown;
    std::vector<std::string> foreign;
    for (const std::string& uuid : spec.gray.uuids) {
        const auto view = m_parts.fleet.find(uuid);
        if (!view) {
            unknown.push_back(uuid);
            continue;
        }
        const auto& types = spec.machineTypes;
        const std::string& type = view->record->stored.facts.machineType;
        if (std::find(types.begin(), types.end(), type) == types.end())
            foreign.push_back(fmt::format("{} is {}", uuid, type));
    }
    if (!unknown.empty()) {
        return base::notFound("MACHINE_UNKNOWN", unknown.front(),
                              "the gray list names {}: {}; correct the list",
                              base::countOf(unknown.size(), "unknown machines"), named(unknown));
    }
    if (!foreign.empty()) {
        return base::invalidArgument("GRAY_MACHINE_TYPE", spec.gray.uuids.front(),
                                     "machines of the gray list are of another type than the "
                                     "release targets: {}",
                                     named(foreign));
    }
    return absl::OkStatus();
}

std::uint64_t Planner::machinesOf(const domain::ReleaseSpec& spec) const {
    const auto machines = m_parts.fleet.all();
    return static_cast<std::uint64_t>(
        std::count_if(machines.begin(), machines.end(), [&spec](const MachineView& view) {
            const auto& types = spec.machineTypes;
            return std::find(types.begin(), types.end(), view.record->stored.facts.machineType) !=
                   types.end();
        }));
}

absl::StatusOr<release::Plan> Planner::plan(const domain::Release& draft,
                                            std::uint64_t changedInWindow,
                                            const AgentsBeside& beside) {
    const domain::ReleaseSpec& spec = draft.spec;
    release::PlanInput input;
    input.release = &draft;
    // Machines come as they were told to, whichever master told them.
    input.pollInterval = std::max(m_parts.pollInterval, m_parts.fleet.longestPoll());
    input.ringBatches = m_parts.fleet.ring().batches;
    input.now = m_parts.clock.now();
    input.rules = &m_parts.rules;
    input.clusterMachines = m_parts.fleet.size();
    input.changedInWindow = changedInWindow;
    std::vector<PackageRecord> packages;
    compose::DesiredRows rows;
    const std::vector<MachineView> machines = m_parts.fleet.all();
    PlanPreflight preflight(spec.agent, m_manifests);
    const absl::Status seen = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(packages, in.packages().list(spec.agent));
        IFRIT_ASSIGN_OR_RETURN(rows, in.desired().rows());
        for (const std::string& type : spec.machineTypes) {
            IFRIT_ASSIGN_OR_RETURN(input.targets[type], targetFor(packages, spec, type));
        }
        return preflight.read(in, input.targets, machines);
    });
    IFRIT_RETURN_IF_ERROR(seen);
    input.probations = preflight.probations();
    for (const std::string& type : spec.machineTypes) {
        const PackageRecord* package = findPackage(packages, spec, type);
        if (package != nullptr) input.archiveBytes[type] = package->archiveBytes;
    }
    const Standing standing = addStanding(rows, spec, input);
    const bool installs = spec.action == domain::DesiredAction::Install;
    for (const MachineView& view : machines) {
        const auto& facts = view.record->stored.facts;
        if (input.targets.count(facts.machineType) == 0) continue;
        release::PlanMachine machine{facts,
                                     reportOf(*view.record, spec.agent),
                                     view.offline,
                                     view.record->batch,
                                     reportMark(*view.record),
                                     pinOf(standing, facts),
                                     preflight.refusalOf(view.record->stored)};
        machine.isFull = installs && isFullFor(view.record->stored, spec.agent,
                                               agentsOf(beside, facts.machineType));
        input.machines.push_back(std::move(machine));
    }
    for (const std::string& uuid : spec.gray.uuids) {
        if (!m_parts.fleet.find(uuid))
            input.conflicts.push_back(fmt::format("machine {} of the gray list is gone", uuid));
    }
    return release::makePlan(input);
}

bool Planner::takeNews(const domain::Release& draft, const AgentsBeside& beside,
                       const std::vector<SharedText>& machines, release::StartInput& start) const {
    const domain::ReleaseSpec& spec = draft.spec;
    const release::GrayList gray(spec.gray);
    const bool installs = spec.action == domain::DesiredAction::Install;
    for (const SharedText& name : machines) {
        const std::string& uuid = name.get();
        const auto planned = std::lower_bound(
            start.machines.begin(), start.machines.end(), uuid,
            [](const release::MachineProgress& one, const std::string& u) { return one.uuid < u; });
        const bool isPlanned = planned != start.machines.end() && planned->uuid == uuid;
        const auto view = m_parts.fleet.find(uuid);
        const auto target =
            view ? start.targets.find(view->record->stored.facts.machineType) : start.targets.end();
        if (isPlanned != (target != start.targets.end())) return false;
        if (!isPlanned) continue;
        const HeldMachine& stored = view->record->stored;
        const release::PlanMachine machine{
            stored.facts,        reportOf(*view->record, spec.agent), view->offline,
            view->record->batch, reportMark(*view->record),           planned->pinned};
        release::MachineProgress now = release::progressOf(machine, target->second);
        now.stage = planned->stage;
        now.batch = planned->batch;
        if (now.machineType != planned->machineType || now.fromVersion != planned->fromVersion ||
            gray.has(stored.facts) != (planned->stage == domain::StageKind::Gray))
            return false;
        if (installs && isFullFor(stored, spec.agent, agentsOf(beside, now.machineType)))
            now.reason = release::kAgentsFull;
        *planned = std::move(now);
    }
    return true;
}

}  // namespace ifrit::master::services
