// SPDX-License-Identifier: Apache-2.0
#include "gui/services/call.h"

#include "shared/base/call_details.h"

namespace ifrit::gui::services {

std::string requestIdOf(const absl::Status& status) {
    return base::callDetails(status).requestId;
}

std::optional<std::uint64_t> actualCountOf(const absl::Status& status) {
    const std::uint64_t count = base::callDetails(status).actualCount;
    return count == 0 ? std::nullopt : std::optional(count);
}

std::optional<ChangeSince> changeSinceOf(const absl::Status& status) {
    const base::CallDetails::Change change = base::callDetails(status).change;
    if (change.what.empty()) return std::nullopt;
    return ChangeSince{change.what, change.by, base::fromUnixMillis(change.atMillis)};
}

}  // namespace ifrit::gui::services
