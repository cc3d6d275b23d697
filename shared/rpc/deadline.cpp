// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/deadline.h"

namespace ifrit::rpc {

gpr_timespec deadlineIn(std::chrono::milliseconds timeout) {
    return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                        gpr_time_from_millis(timeout.count(), GPR_TIMESPAN));
}

std::chrono::milliseconds timeLeft(gpr_timespec deadline) {
    const gpr_timespec end = gpr_convert_clock_type(deadline, GPR_CLOCK_MONOTONIC);
    return std::chrono::milliseconds(
        gpr_time_to_millis(gpr_time_sub(end, gpr_now(GPR_CLOCK_MONOTONIC))));
}

}  // namespace ifrit::rpc
