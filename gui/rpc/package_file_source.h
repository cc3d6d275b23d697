// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/package_source.h"

namespace ifrit::gui::rpc {

/// The real OpenPackage: opens a package file, checks its form, its archive's digest and each file
/// in it against the manifest. Not the signature: which keys are trusted is the master's to say.
absl::StatusOr<PackageSource> openPackageSource(const std::string& path);

}  // namespace ifrit::gui::rpc
