// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "master/release/cluster_rules.h"
#include "shared/config/toml_section.h"

namespace ifrit::master::app {

/// `[releases]` and `[limits]`: what holds for every release of the cluster, and `machineStreams`,
/// which machines may hold at once. Problems are those of `top`.
void readRules(config::TomlSection& top, release::ClusterRules& rules, std::size_t& machineStreams);

/// As in the file.
std::string printRules(const release::ClusterRules& rules, std::size_t machineStreams);

}  // namespace ifrit::master::app
