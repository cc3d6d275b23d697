// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/release_codec.h"
#include "shared/codec/window_codec.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/hash_ring.h"
#include "shared/domain/names.h"

namespace ifrit::codec {
namespace {

constexpr std::uint64_t kMaxDurationMs = 30ULL * 24 * 3600 * 1000;
constexpr std::size_t kMaxMachineTypes = 32;
constexpr std::size_t kMaxGateRules = 32;

absl::StatusOr<std::chrono::milliseconds> durationFromWire(const char* what, std::uint64_t millis) {
    if (millis > kMaxDurationMs) {
        return base::invalidArgument("DURATION_INVALID", what, "{} is longer than 30 days", what);
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(millis));
}

absl::StatusOr<domain::GraySelection> grayFromWire(const v1::GraySelection& gray) {
    IFRIT_RETURN_IF_ERROR(checkCount("machines of the gray list",
                                     static_cast<std::size_t>(gray.uuids_size()), kMaxGrayUuids));
    for (const std::string& uuid : gray.uuids()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
    }
    IFRIT_RETURN_IF_ERROR(checkText("pin", gray.pin(), domain::kMaxNameBytes));
    IFRIT_RETURN_IF_ERROR(checkLabels(gray.labels()));
    return domain::GraySelection{{gray.uuids().begin(), gray.uuids().end()},
                                 gray.pin(),
                                 {gray.labels().begin(), gray.labels().end()}};
}

absl::Status checkTarget(const v1::ReleaseSpec& spec, domain::DesiredAction action) {
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(spec.agent()));
    if (action == domain::DesiredAction::Install) {
        IFRIT_RETURN_IF_ERROR(domain::checkVersion(spec.version()));
    } else if (!spec.version().empty()) {
        return base::invalidArgument("VERSION_UNEXPECTED", spec.agent(),
                                     "an uninstall of {} takes no version", spec.agent());
    }
    if (spec.machine_types().empty()) {
        return base::invalidArgument("TYPES_MISSING", spec.agent(),
                                     "name at least one machine type");
    }
    IFRIT_RETURN_IF_ERROR(checkCount(
        "machine types", static_cast<std::size_t>(spec.machine_types_size()), kMaxMachineTypes));
    for (const std::string& type : spec.machine_types()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineType(type));
    }
    return absl::OkStatus();
}

absl::Status checkPercent(const char* what, std::uint32_t percent, std::uint32_t most) {
    if (percent <= most) return absl::OkStatus();
    return base::invalidArgument("PERCENT_INVALID", what, "{} of {} percent is over {}", what,
                                 percent, most);
}

absl::StatusOr<domain::PilotShare> pilotFromWire(const v1::PilotShare& pilot) {
    IFRIT_RETURN_IF_ERROR(checkPercent("a pilot", pilot.percent(), 100));
    return domain::PilotShare{pilot.percent(), pilot.count()};
}

absl::StatusOr<domain::BatchPlan> batchesFromWire(const v1::BatchPlan& batches) {
    domain::BatchPlan out;
    out.enabled = true;
    IFRIT_ASSIGN_OR_RETURN(out.interval, durationFromWire("batch interval", batches.interval_ms()));
    if (batches.advance() != v1::BATCH_ADVANCE_UNSPECIFIED) {
        IFRIT_ASSIGN_OR_RETURN(out.advance, fromWire(batches.advance()));
    }
    IFRIT_RETURN_IF_ERROR(checkCount("batches in the order",
                                     static_cast<std::size_t>(batches.order_size()),
                                     domain::kMaxBatches));
    out.order = {batches.order().begin(), batches.order().end()};
    return out;
}

absl::StatusOr<domain::GateRule> ruleFromWire(const v1::GateRule& rule) {
    domain::GateRule out;
    IFRIT_ASSIGN_OR_RETURN(out.kind, fromWire(rule.kind()));
    if (out.kind == domain::GateKind::Cost) {
        return base::invalidArgument("GATE_INVALID", "cost",
                                     "the cost gate has limits of its own, no percent and count");
    }
    if (rule.stage() != v1::STAGE_KIND_UNSPECIFIED) {
        IFRIT_ASSIGN_OR_RETURN(out.stage, fromWire(rule.stage()));
    }
    IFRIT_RETURN_IF_ERROR(checkPercent("a gate", rule.percent(), 100));
    out.limits = {rule.percent(), rule.count(), rule.min_sample()};
    return out;
}

absl::StatusOr<domain::CostLimits> costFromWire(const v1::CostGate& cost) {
    constexpr std::uint32_t kMostPercent = 10'000;
    IFRIT_RETURN_IF_ERROR(checkPercent("the cost gate", cost.percent(), kMostPercent));
    if (!cost.disabled() && cost.min_sample() < domain::kLeastCostSample) {
        return base::invalidArgument("GATE_INVALID", "cost",
                                     "the cost gate's least sample is {}; below {} machines a rank "
                                     "test says nothing",
                                     cost.min_sample(), domain::kLeastCostSample);
    }
    return domain::CostLimits{!cost.disabled(), cost.percent(), cost.cpu_centipercent() / 100.0,
                              cost.rss_bytes(), cost.min_sample()};
}

absl::StatusOr<domain::GatePolicy> gatesFromWire(const v1::GatePolicy& gates) {
    domain::GatePolicy out;
    IFRIT_RETURN_IF_ERROR(
        checkCount("gates", static_cast<std::size_t>(gates.rules_size()), kMaxGateRules));
    for (const v1::GateRule& wire : gates.rules()) {
        IFRIT_ASSIGN_OR_RETURN(const domain::GateRule rule, ruleFromWire(wire));
        for (const domain::GateRule& other : out.rules) {
            if (other.kind == rule.kind && other.stage == rule.stage) {
                return base::invalidArgument("GATE_INVALID", domain::nameOf(rule.kind),
                                             "two gates '{}' for the same stage",
                                             domain::nameOf(rule.kind));
            }
        }
        out.rules.push_back(rule);
    }
    if (gates.has_cost()) {
        IFRIT_ASSIGN_OR_RETURN(out.cost, costFromWire(gates.cost()));
    }
    for (const v1::CostGate& wire : gates.stage_costs()) {
        domain::StageCost own;
        IFRIT_ASSIGN_OR_RETURN(own.stage, fromWire(wire.stage()));
        IFRIT_ASSIGN_OR_RETURN(own.limits, costFromWire(wire));
        if (domain::ownCostOf(out, own.stage) != nullptr) {
            return base::invalidArgument("GATE_INVALID", "cost", "two cost gates for the stage {}",
                                         domain::nameOf(own.stage));
        }
        out.stageCosts.push_back(own);
    }
    return out;
}

void costToWire(const domain::CostLimits& limits, v1::CostGate& out) {
    out.set_disabled(!limits.enabled);
    out.set_percent(limits.percent);
    out.set_cpu_centipercent(static_cast<std::uint32_t>(std::lround(limits.cpuPoints * 100)));
    out.set_rss_bytes(limits.rssBytes);
    out.set_min_sample(limits.minSample);
}

v1::GatePolicy gatesToWire(const domain::GatePolicy& gates) {
    v1::GatePolicy out;
    for (const domain::GateRule& rule : gates.rules) {
        v1::GateRule& wire = *out.add_rules();
        wire.set_kind(toWire(rule.kind));
        if (rule.stage) wire.set_stage(toWire(*rule.stage));
        wire.set_percent(rule.limits.percent);
        wire.set_count(rule.limits.count);
        wire.set_min_sample(rule.limits.minSample);
    }
    costToWire(gates.cost, *out.mutable_cost());
    for (const domain::StageCost& own : gates.stageCosts) {
        v1::CostGate& wire = *out.add_stage_costs();
        wire.set_stage(toWire(own.stage));
        costToWire(own.limits, wire);
    }
    return out;
}

void addStages(const domain::ReleaseSpec& spec, v1::ReleaseSpec& out) {
    if (!spec.pilot.empty()) {
        out.mutable_pilot()->set_percent(spec.pilot.percent);
        out.mutable_pilot()->set_count(spec.pilot.count);
    }
    if (!spec.batches.enabled) return;
    v1::BatchPlan& batches = *out.mutable_batches();
    batches.set_interval_ms(static_cast<std::uint64_t>(spec.batches.interval.count()));
    batches.set_advance(toWire(spec.batches.advance));
    for (const std::uint32_t batch : spec.batches.order)
        batches.add_order(batch);
}

}  // namespace

v1::ReleaseSpec toWire(const domain::ReleaseSpec& spec) {
    v1::ReleaseSpec out;
    out.set_agent(spec.agent);
    out.set_action(toWire(spec.action));
    out.set_version(spec.version);
    for (const std::string& type : spec.machineTypes)
        out.add_machine_types(type);
    if (!spec.gray.empty()) {
        v1::GraySelection& gray = *out.mutable_gray();
        for (const std::string& uuid : spec.gray.uuids)
            gray.add_uuids(uuid);
        gray.set_pin(spec.gray.pin);
        for (const auto& [key, value] : spec.gray.labels)
            (*gray.mutable_labels())[key] = value;
    }
    out.set_soak_ms(static_cast<std::uint64_t>(spec.soak.count()));
    out.set_machine_deadline_ms(static_cast<std::uint64_t>(spec.machineDeadline.count()));
    out.set_auto_verify(spec.autoVerify);
    addStages(spec, out);
    out.set_max_in_flight(spec.maxInFlight);
    *out.mutable_gates() = gatesToWire(spec.gates);
    out.set_approval_required(spec.approvalRequired);
    if (!spec.windows.empty()) *out.mutable_windows() = toWire(spec.windows);
    out.set_late_joiners_per_minute(spec.lateJoinersPerMinute);
    out.set_download_rate(spec.downloadRate);
    return out;
}

absl::StatusOr<domain::ReleaseSpec> fromWire(const v1::ReleaseSpec& spec) {
    domain::ReleaseSpec out;
    IFRIT_ASSIGN_OR_RETURN(out.action, fromWire(spec.action()));
    IFRIT_RETURN_IF_ERROR(checkTarget(spec, out.action));
    IFRIT_ASSIGN_OR_RETURN(out.gray, grayFromWire(spec.gray()));
    IFRIT_ASSIGN_OR_RETURN(out.soak, durationFromWire("soak", spec.soak_ms()));
    if (spec.machine_deadline_ms() != 0) {
        IFRIT_ASSIGN_OR_RETURN(out.machineDeadline,
                               durationFromWire("machine deadline", spec.machine_deadline_ms()));
    }
    IFRIT_ASSIGN_OR_RETURN(out.pilot, pilotFromWire(spec.pilot()));
    if (spec.has_batches()) {
        IFRIT_ASSIGN_OR_RETURN(out.batches, batchesFromWire(spec.batches()));
    }
    IFRIT_ASSIGN_OR_RETURN(out.gates, gatesFromWire(spec.gates()));
    out.maxInFlight = spec.max_in_flight();
    out.approvalRequired = spec.approval_required();
    IFRIT_ASSIGN_OR_RETURN(out.windows, fromWire(spec.windows()));
    if (spec.late_joiners_per_minute() > domain::kMaxLateJoiners) {
        return base::invalidArgument("LATE_JOINERS", "late joiners",
                                     "{} late joiners a minute, at most {}",
                                     spec.late_joiners_per_minute(), domain::kMaxLateJoiners);
    }
    if (spec.late_joiners_per_minute() != 0)
        out.lateJoinersPerMinute = spec.late_joiners_per_minute();
    IFRIT_RETURN_IF_ERROR(domain::checkDownloadRate(spec.download_rate()));
    out.downloadRate = spec.download_rate();
    out.agent = spec.agent();
    out.version = spec.version();
    // One that is named twice is meant once.
    for (const std::string& type : spec.machine_types()) {
        auto& types = out.machineTypes;
        if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
    }
    out.autoVerify = spec.auto_verify();
    return out;
}

}  // namespace ifrit::codec
