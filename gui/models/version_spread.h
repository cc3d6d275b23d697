// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/models/fleet_columns.h"

namespace ifrit::gui::models {

/// Machines of one version of an agent.
struct VersionSpread {
    std::string version;
    std::uint32_t running = 0;
    std::uint32_t staying = 0;  ///< of those that run it: are to run it
    std::uint32_t coming = 0;   ///< are to run it, and run another one or none
    bool operator==(const VersionSpread&) const = default;
};

/// Where the versions of an agent run, and where they are to run; newest first. One walk over the
/// agents of all machines.
std::vector<VersionSpread> versionSpread(const FleetColumns& columns, std::string_view agent);

}  // namespace ifrit::gui::models
