// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// What `${...}` may name: `root` (the installed version), `data_dir`, `machine.uuid`,
/// `machine.type`, `machine.pin`, `machine.address`, and `vars.NAME` for the manifest's own.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Replaces `${name}`; `$$` is one '$'. INVALID_ARGUMENT (VARIABLE_UNKNOWN) names an unknown one.
absl::StatusOr<std::string> expand(std::string_view text, const Variables& variables);
absl::StatusOr<std::vector<std::string>> expandAll(const std::vector<std::string>& texts,
                                                   const Variables& variables);

/// Every text of the manifest that is expanded names only variables that will exist; else
/// PACKAGE_MANIFEST with the field.
absl::Status checkVariables(const domain::Manifest& manifest);

}  // namespace ifrit::package
