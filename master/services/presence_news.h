// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "master/services/clone_watch.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Stores what other masters have to be told, in few statements; the rows as they are stored. Of a
/// machine's former runs the newest few stay.
absl::StatusOr<std::vector<storage::PresenceRecord>> storeNews(
    storage::Transaction& in, const std::vector<CloneWatch::News>& news);

}  // namespace ifrit::master::services
