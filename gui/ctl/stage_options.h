// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::gui::ctl {

/// "5%", "20", or both as "5%,20".
absl::StatusOr<domain::PilotShare> parsePilot(std::string_view text);

/// "KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]]", e.g. "silent@batch=10%,2,5"; what is left out has
/// its default.
absl::StatusOr<domain::GateRule> parseGate(std::string_view text);

/// How a release goes through the cluster, as typed.
struct StageOptions {
    std::string pilot;
    bool batches = false;
    std::string interval;
    bool promote = false;
    std::vector<std::uint32_t> order;
    std::uint32_t maxInFlight = 0;
    std::vector<std::string> gates;
    bool noCostGate = false;
    std::vector<std::string> costGates;
    std::string downloadRate;
};

/// `own` gets each option that is made.
void addStageOptions(CLI::App& verb, StageOptions& options,
                     const std::function<CLI::Option*(CLI::Option*)>& own);

/// Fills the parts of `spec` that the options name; errors are of usage.
absl::Status applyStageOptions(const StageOptions& options, domain::ReleaseSpec& spec);

}  // namespace ifrit::gui::ctl
