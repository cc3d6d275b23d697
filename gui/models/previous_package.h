// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gui/services/packages.h"

namespace ifrit::gui::models {

/// The package that went before another, for some of that one's machine types.
struct PreviousPackage {
    services::PackageInfo package;
    std::vector<std::string> machineTypes;
};

/// Of the same agent, for each machine type of `package`, the newest version that is older, out of
/// `candidates` in any order. Those for most types first; types that have none are in none. Pure.
std::vector<PreviousPackage> previousOf(const services::PackageInfo& package,
                                        const std::vector<services::PackageInfo>& candidates);

}  // namespace ifrit::gui::models
