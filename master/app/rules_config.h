// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "master/release/cluster_rules.h"
#include "shared/config/toml_section.h"

namespace ifrit::master::app {

/// What one master bears, as in Config.
struct OwnLimits {
    std::size_t& machineStreams;
    std::uint32_t& busyPercent;
};

/// `[releases]` and `[limits]`: what holds for every release of the cluster, and `own`. Problems
/// are those of `top`.
void readRules(config::TomlSection& top, release::ClusterRules& rules, const OwnLimits& own);

/// As in the file.
std::string printRules(const release::ClusterRules& rules, std::size_t machineStreams,
                       std::uint32_t busyPercent);

}  // namespace ifrit::master::app
