// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/machine_deadline.h"

#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::domain {

absl::Status checkMachineDeadline(std::chrono::milliseconds deadline) {
    if (deadline >= kLeastMachineDeadline && deadline <= kMostMachineDeadline)
        return absl::OkStatus();
    return base::invalidArgument(
        "DEADLINE_INVALID", "machine deadline", "a machine's deadline is {} to {}, not {}",
        base::sayDuration(kLeastMachineDeadline), base::sayDuration(kMostMachineDeadline),
        base::sayDuration(deadline));
}

}  // namespace ifrit::domain
