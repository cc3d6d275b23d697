// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::package {

/// What is in a directory, in no order. NOT_FOUND where there is none; errnoStatus() where it
/// cannot be read to its end.
absl::StatusOr<std::vector<std::string>> fileNamesIn(const std::string& directory);

}  // namespace ifrit::agent::package
