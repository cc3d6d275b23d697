// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::gui::ctl {

/// When a release may change machines and who must approve it, as typed.
struct RuleOptions {
    bool approval = false;
    std::vector<std::string> windows;
    std::vector<std::string> blackouts;
    std::string timeZone;
    std::uint32_t lateJoiners = domain::kDefaultLateJoiners;
};

/// `own` gets each option that is made.
void addRuleOptions(CLI::App& verb, RuleOptions& options,
                    const std::function<CLI::Option*(CLI::Option*)>& own);

/// Fills the parts of `spec` that the options name; errors are of usage.
absl::Status applyRuleOptions(const RuleOptions& options, domain::ReleaseSpec& spec);

}  // namespace ifrit::gui::ctl
