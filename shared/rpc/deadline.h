// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/support/time.h>

#include <chrono>

namespace ifrit::rpc {

// gRPC takes times of the wall clock too, and between the moment that one is made and the moment
// that it is read that clock may be set by hours. These are of the clock that nobody sets.

/// `timeout` from now.
gpr_timespec deadlineIn(std::chrono::milliseconds timeout);

/// Until a deadline of any of gRPC's clocks: negative when it is over, at most 24 days.
std::chrono::milliseconds timeLeft(gpr_timespec deadline);

}  // namespace ifrit::rpc
