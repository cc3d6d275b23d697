// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/mutex.h>

namespace ifrit::base {

/// Abseil as distributions build it looks for lock cycles at each lock, gRPC's included: a graph in
/// memory and 4 % of a master's processor time under polls. Kept in debug builds, which is where
/// tests find cycles. First thing in main().
inline void leaveMutexChecksToTests() {
#ifdef NDEBUG
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

}  // namespace ifrit::base
