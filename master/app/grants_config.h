// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/config/toml_section.h"
#include "shared/domain/grant.h"

namespace ifrit::master::app {

/// `[[grants]]`: what operators who are no super admins may do. One grant comes out for each
/// combination of a table's lists. Problems are those of `top`.
void readGrants(config::TomlSection& top, std::vector<domain::Grant>& grants);

/// As in a file, a table for each; empty for none.
std::string printGrants(const std::vector<domain::Grant>& grants);

}  // namespace ifrit::master::app
