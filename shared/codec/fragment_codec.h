// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "shared/domain/desired_state.h"

namespace ifrit::codec {

/// Serialized ifrit.v1.DesiredFragment, the form that the cache keeps and machines get. Equal
/// entries in equal order give equal bytes, so that an etag over them is one of the entries.
std::string encodeFragment(const std::vector<domain::DesiredEntry>& entries);

/// INVALID_ARGUMENT for bytes that are no fragment or break the limits: what a shared cache holds
/// is not trusted.
absl::StatusOr<std::vector<domain::DesiredEntry>> decodeFragment(const std::string& bytes);

}  // namespace ifrit::codec
