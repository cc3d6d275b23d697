// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/release/cluster_rules.h"
#include "shared/config/toml_section.h"

namespace ifrit::master::app {

/// `[releases]` and `[limits]`: what holds for every release of the cluster. Problems are those of
/// `top`.
void readRules(config::TomlSection& top, release::ClusterRules& rules);

/// As in the file.
std::string printRules(const release::ClusterRules& rules);

}  // namespace ifrit::master::app
