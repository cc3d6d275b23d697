// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/stage_options.h"

#include <charconv>
#include <utility>

#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/gate_text.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::gui::ctl {
namespace {

// As a release's file takes it.
constexpr std::uint64_t kMostInFlight = 10'000'000;

absl::StatusOr<std::uint32_t> number(std::string_view text, std::string_view what) {
    std::uint32_t out = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || rest != end)
        return usage(fmt::format("{}: '{}' is no whole number", what, text));
    return out;
}

absl::StatusOr<std::uint32_t> percent(std::string_view text, std::string_view what) {
    if (text.empty() || text.back() != '%')
        return usage(fmt::format("{}: '{}' is no percentage such as 5%", what, text));
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t out, number(text.substr(0, text.size() - 1), what));
    if (out > 100) return usage(fmt::format("{}: {} is over 100%", what, text));
    return out;
}

}  // namespace

absl::StatusOr<domain::PilotShare> parsePilot(std::string_view text) {
    domain::PilotShare out;
    std::string_view count = text;
    if (const std::size_t mark = text.find('%'); mark != std::string_view::npos) {
        IFRIT_ASSIGN_OR_RETURN(out.percent, percent(text.substr(0, mark + 1), "--pilot"));
        count = text.substr(mark + 1);
        if (!count.empty() && (count.front() != ',' || count.size() == 1))
            return usage(fmt::format("--pilot: '{}' is not as 5%, 20 or 5%,20", text));
        if (!count.empty()) count.remove_prefix(1);
    }
    if (!count.empty() || text.empty()) {
        IFRIT_ASSIGN_OR_RETURN(out.count, number(count, "--pilot"));
    }
    if (out.empty()) return usage("--pilot of nothing is no pilot; leave it out");
    return out;
}

absl::StatusOr<domain::GateRule> parseGate(std::string_view text) {
    const absl::StatusOr<domain::GateRule> rule = domain::parseGateRule(text);
    return rule.ok() ? rule : usage("--" + base::messageOf(rule.status()));
}

void addStageOptions(CLI::App& verb, StageOptions& options,
                     const std::function<CLI::Option*(CLI::Option*)>& own) {
    own(verb.add_option(
            "--pilot", options.pilot,
            "After gray: so many machines of each type, as 5%, 20 or at least both: 5%,20"))
        ->type_name("SHARE");
    CLI::Option* batches = own(verb.add_flag("--batches", options.batches,
                                             "Then the hash batches of the ring, one at a time"));
    own(verb.add_option("--batch-interval", options.interval,
                        "Least time from one batch to the next"))
        ->type_name("TIME")
        ->needs(batches);
    own(verb.add_flag("--batch-promote", options.promote, "Each batch waits for release promote"))
        ->needs(batches);
    own(verb.add_option("--batch-order", options.order,
                        "Every batch once, with commas between; rotated by release if absent"))
        ->type_name("BATCH")
        ->check(wholeNumber(1, domain::kMaxBatches))
        ->delimiter(',')
        ->needs(batches);
    own(verb.add_option("--max-in-flight", options.maxInFlight,
                        "Machines that switch at the same time (no limit)"))
        ->type_name("N")
        ->check(wholeNumber(0, kMostInFlight));
    own(verb.add_option("--gate", options.gates,
                        "KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]], repeatable; 5%,1,1 if absent"))
        ->type_name("GATE");
    own(verb.add_flag("--no-cost-gate", options.noCostGate,
                      "Do not halt when the new version needs more CPU or memory"));
    own(verb.add_option("--cost-gate", options.costGates,
                        "[STAGE=]PERCENT%[,CPUPOINTS[,RSS[,MINSAMPLE]]] or STAGE=none, repeatable; "
                        "50%,2,16MiB,5 if absent"))
        ->type_name("COST");
    own(verb.add_option("--download-rate", options.downloadRate,
                        "What each machine downloads with at most, as 2MB/s or 512KiB/s (none: as "
                        "it is configured)"))
        ->type_name("RATE");
}

absl::Status applyStageOptions(const StageOptions& options, domain::ReleaseSpec& spec) {
    if (!options.pilot.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.pilot, parsePilot(options.pilot));
    }
    spec.batches.enabled = options.batches;
    if (!options.interval.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.batches.interval,
                               parseDuration("--batch-interval", options.interval));
    }
    if (options.promote) spec.batches.advance = domain::BatchAdvance::Promote;
    spec.batches.order = options.order;
    spec.maxInFlight = options.maxInFlight;
    for (const std::string& text : options.gates) {
        IFRIT_ASSIGN_OR_RETURN(const domain::GateRule rule, parseGate(text));
        spec.gates.rules.push_back(rule);
    }
    bool general = false;
    for (const std::string& text : options.costGates) {
        const auto rule = domain::parseCostRule(text);
        if (!rule.ok()) return usage("--cost-gate: " + base::messageOf(rule.status()));
        if (!rule->stage && std::exchange(general, true))
            return usage("--cost-gate: there are two of every stage");
        if (!rule->stage && options.noCostGate)
            return usage(
                fmt::format("--no-cost-gate and --cost-gate {} exclude each other: one of "
                            "a stage of its own may stand beside it",
                            text));
        if (!domain::addCostRule(*rule, spec.gates))
            return usage(fmt::format("--cost-gate: there are two of the stage of '{}'", text));
    }
    if (options.noCostGate) spec.gates.cost.enabled = false;
    if (!options.downloadRate.empty()) {
        const auto rate = domain::parseDownloadRate(options.downloadRate);
        if (!rate.ok()) return usage("--download-rate: " + base::messageOf(rate.status()));
        spec.downloadRate = *rate;
    }
    return absl::OkStatus();
}

}  // namespace ifrit::gui::ctl
