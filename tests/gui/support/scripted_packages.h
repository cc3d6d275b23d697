// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gui/services/packages.h"

namespace ifrit::tests {

/// What a cluster of pictures and page tests has published: several versions of two agents.
std::vector<gui::services::PackageInfo> scriptedPackages(base::WallTime now);

/// The signed bytes of such a package; the manifests of two versions differ in fields and files.
std::string scriptedManifest(const gui::services::PackageInfo& package);

}  // namespace ifrit::tests
