// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "master/release/approval.h"
#include "master/services/release_engine.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/names.h"

namespace ifrit::master::services {
namespace {

constexpr std::size_t kPlansRemembered = 64;
constexpr std::size_t kUuidsNamed = 20;

bool shareType(const domain::ReleaseSpec& a, const domain::ReleaseSpec& b) {
    return a.agent == b.agent &&
           std::any_of(a.machineTypes.begin(), a.machineTypes.end(), [&b](const auto& type) {
               return std::find(b.machineTypes.begin(), b.machineTypes.end(), type) !=
                      b.machineTypes.end();
           });
}

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

absl::Status checkOrder(std::vector<std::uint32_t> order, std::uint32_t batches) {
    if (order.empty()) return absl::OkStatus();
    std::sort(order.begin(), order.end());
    bool fits = order.size() == batches;
    for (std::uint32_t i = 0; fits && i < batches; ++i)
        fits = order[i] == i + 1;
    if (fits) return absl::OkStatus();
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

std::optional<release::Target> pinOf(const Standing& standing, const domain::MachineFacts& facts) {
    const auto pin = standing.pins.find(facts.uuid);
    if (pin == standing.pins.end()) return std::nullopt;
    const auto full = standing.full.find(facts.machineType);
    const bool stands = full == standing.full.end() || domain::wins(pin->second, full->second);
    return stands ? std::optional(targetOf(pin->second)) : std::nullopt;
}

}  // namespace

absl::Status ReleaseEngine::checkSpec(const domain::ReleaseSpec& spec) {
    if (spec.agent == domain::kSelfAgent && spec.action != domain::DesiredAction::Install) {
        return base::invalidArgument(
            "SELF_UNINSTALL", spec.agent,
            "{} keeps the machines and is not removed by a release; remove it with each machine's "
            "own package manager",
            spec.agent);
    }
    IFRIT_RETURN_IF_ERROR(release::checkTimeZone(spec.windows.timeZone));
    std::vector<PackageRecord> packages;
    const absl::Status listed =
        m_parts.database.read([&packages](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(packages, in.packages().list(""));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(listed);
    for (const std::string& type : spec.machineTypes)
        IFRIT_RETURN_IF_ERROR(targetFor(packages, spec, type).status());
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
                              "the gray list names {} unknown machines: {}; correct the list",
                              unknown.size(), named(unknown));
    }
    if (!foreign.empty()) {
        return base::invalidArgument("GRAY_MACHINE_TYPE", spec.gray.uuids.front(),
                                     "machines of the gray list are of another type than the "
                                     "release targets: {}",
                                     named(foreign));
    }
    return absl::OkStatus();
}

std::uint64_t ReleaseEngine::machinesOf(const domain::ReleaseSpec& spec) const {
    const auto machines = m_parts.fleet.all();
    return static_cast<std::uint64_t>(
        std::count_if(machines.begin(), machines.end(), [&spec](const MachineView& view) {
            const auto& types = spec.machineTypes;
            return std::find(types.begin(), types.end(), view.record->stored.facts.machineType) !=
                   types.end();
        }));
}

std::vector<std::string> ReleaseEngine::conflictsOf(const release::Model& model) const {
    std::vector<std::string> out;
    for (const auto& [id, other] : m_models) {
        if (id == model.release.id || !release::isRunning(other.release.state) ||
            !shareType(other.release.spec, model.release.spec))
            continue;
        out.push_back(fmt::format(
            "release {} of {} for the same machine types is {}; one at a time: let it end, abort "
            "or roll it back",
            other.release.number, other.release.spec.agent, domain::nameOf(other.release.state)));
    }
    return out;
}

absl::Status ReleaseEngine::checkNewest(const release::Model& model) const {
    for (const auto& [id, other] : m_heads) {
        if (!other.release.started || other.release.number <= model.release.number ||
            !shareType(other.release.spec, model.release.spec))
            continue;
        return base::failedPrecondition(
            "RELEASE_SUPERSEDED", model.release.id,
            "release {} moved these machines since; roll that one back, or release the wanted "
            "version",
            other.release.number);
    }
    return absl::OkStatus();
}

absl::StatusOr<release::Plan> ReleaseEngine::planLocked(const release::Model& model) {
    const domain::ReleaseSpec& spec = model.release.spec;
    release::PlanInput input;
    input.release = &model.release;
    input.pollInterval = m_parts.pollInterval;
    input.ringBatches = m_parts.fleet.ring().batches;
    input.conflicts = conflictsOf(model);
    input.now = m_parts.clock.now();
    input.rules = &m_parts.rules;
    input.clusterMachines = m_parts.fleet.size();
    input.changedInWindow = m_ledger.changed(input.now);
    std::vector<PackageRecord> packages;
    compose::DesiredRows rows;
    const absl::Status seen = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(packages, in.packages().list(""));
        IFRIT_ASSIGN_OR_RETURN(rows, in.desired().rows());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(seen);
    for (const std::string& type : spec.machineTypes) {
        IFRIT_ASSIGN_OR_RETURN(input.targets[type], targetFor(packages, spec, type));
        const PackageRecord* package = findPackage(packages, spec, type);
        if (package != nullptr) input.archiveBytes[type] = package->archiveBytes;
    }
    const Standing standing = addStanding(rows, spec, input);
    for (const MachineView& view : m_parts.fleet.all()) {
        const auto& facts = view.record->stored.facts;
        if (input.targets.count(facts.machineType) == 0) continue;
        input.machines.push_back({facts, reportOf(*view.record, spec.agent), view.offline,
                                  view.record->batch, reportMark(*view.record),
                                  pinOf(standing, facts)});
    }
    for (const std::string& uuid : spec.gray.uuids) {
        if (!m_parts.fleet.find(uuid))
            input.conflicts.push_back(fmt::format("machine {} of the gray list is gone", uuid));
    }
    return release::makePlan(input);
}

bool ReleaseEngine::needsApproval(const release::Model& model) const {
    return model.release.spec.approvalRequired || m_parts.rules.requireApproval;
}

absl::StatusOr<release::Plan> ReleaseEngine::plan(const std::string& id) {
    absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(checkLeads());
    IFRIT_ASSIGN_OR_RETURN(const std::string known, resolveId(id));
    const auto model = m_models.find(known);
    if (model == m_models.end() || model->second.release.state != domain::ReleaseState::Draft) {
        return base::failedPrecondition(
            "RELEASE_STATE", known, "release {} is {}; only a draft has a plan",
            m_heads.at(known).release.number, domain::nameOf(m_heads.at(known).release.state));
    }
    IFRIT_ASSIGN_OR_RETURN(release::Plan plan, planLocked(model->second));
    endApproval(known, plan.id);
    const ClusterConditions now = conditions();
    const release::ChangeBar frozen =
        release::changeBarOf({}, now.get(), m_parts.clock.now(), release::Bound::FreezeOnly);
    if (frozen.closed()) plan.conflicts.push_back(frozen.message);
    const domain::Release& draft = model->second.release;
    plan.approvalRequired = needsApproval(model->second);
    plan.approval = draft.approval;
    const std::string gap = release::approvalGap(draft, plan.approvalRequired, plan.id);
    if (!gap.empty()) plan.conflicts.push_back(gap);
    if (m_shownPlans.size() >= kPlansRemembered) m_shownPlans.erase(m_shownPlans.begin());
    m_shownPlans[plan.id] = plan;
    return plan;
}

std::set<std::string> ReleaseEngine::digestsInUse() const {
    absl::MutexLock lock(&m_mutex);
    std::set<std::string> out;
    for (const auto& [id, head] : m_heads) {
        const bool isActive = release::isActive(head.release.state);
        // What was rolled back is over: its machines run, and desire, what they ran before.
        const bool isRolledBack = head.release.state == domain::ReleaseState::RolledBack;
        if (!isActive && (isRolledBack || !checkNewest(head).ok())) continue;
        for (const auto& [type, target] : head.targets)
            out.insert(target.digest);
        for (const auto& [type, previous] : head.previous) {
            if (previous) out.insert(previous->digest);
        }
    }
    out.erase("");
    return out;
}

std::map<std::pair<std::string, std::string>, std::uint64_t> ReleaseEngine::versionsNamed() const {
    absl::MutexLock lock(&m_mutex);
    std::map<std::pair<std::string, std::string>, std::uint64_t> out;
    // Heads, which also a master that does not lead has.
    for (const auto& [id, head] : m_heads) {
        const auto& release = head.release;
        if (release::isActive(release.state))
            out.emplace(std::pair(release.spec.agent, release.spec.version), release.number);
    }
    return out;
}

}  // namespace ifrit::master::services
