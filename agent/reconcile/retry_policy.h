// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "agent/journal/journal_state.h"
#include "shared/base/backoff.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::reconcile {

struct RetryPolicy {
    std::chrono::milliseconds initial{2'000};
    std::chrono::milliseconds cap{600'000};
};

/// A master may know that its cluster's window opens tomorrow.
inline constexpr std::chrono::hours kLongestPermitPause{24};

/// Attempts of a download that may fail until the machine counts as failed; it goes on trying.
inline constexpr std::uint32_t kTransientAttempts = 3;

/// Delay after the `attempt`-th failure (from 1): between half of and the whole of
/// min(cap, initial x 2^(attempt-1)). `random` is in [0, 1).
std::chrono::milliseconds retryDelay(const RetryPolicy& policy, std::uint32_t attempt,
                                     double random);

/// No pause after the failure that `record` tells of is longer.
std::chrono::milliseconds longestPause(const journal::AgentRecord& record);

/// What the machine reports while it waits to try again after `error`.
domain::MachineState stateAfterFailure(const domain::AgentError& error);

}  // namespace ifrit::agent::reconcile
