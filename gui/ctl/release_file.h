// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "shared/domain/release.h"

namespace ifrit::gui::ctl {

/// A release as a TOML file (docs/cli.md): agent, version or action, machine_types, soak,
/// machine_deadline, auto_verify, and a table [gray] of uuids, pin, labels. Strict: each error is
/// INVALID_ARGUMENT (RELEASE_FILE) with `source`, line and key.
absl::StatusOr<domain::ReleaseSpec> parseReleaseFile(std::string_view toml,
                                                     std::string_view source);

}  // namespace ifrit::gui::ctl
