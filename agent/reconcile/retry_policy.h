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

/// A master may know that its cluster's window opens tomorrow; yet somebody may open it before, or
/// another release may come that has none.
inline constexpr std::chrono::minutes kLongestPermitPause{2};
/// On top of it, see permitPause().
inline constexpr std::chrono::minutes kLongestSpread{10};

/// Attempts of a download that may fail until the machine counts as failed; it goes on trying.
inline constexpr std::uint32_t kTransientAttempts = 3;

/// Delay after the `attempt`-th failure (from 1): between half of and the whole of
/// min(cap, initial x 2^(attempt-1)). `random` is in [0, 1).
std::chrono::milliseconds retryDelay(const RetryPolicy& policy, std::uint32_t attempt,
                                     double random);

/// What a master told the machine to wait, never less, and a random share of a fifth of `longest`
/// on top, at most kLongestSpread: what opens for a whole fleet in one second must not be asked for
/// by all of it in that second. `longest`: what was told before the machine began to ask at least
/// every kLongestPermitPause, which is the pause where `told` is more.
std::chrono::milliseconds permitPause(std::chrono::milliseconds told,
                                      std::chrono::milliseconds longest, double random);

/// After the `attempt`-th probation (from 1) that nobody could judge: 10 minutes, and twice as long
/// each time, up to a day. Each takes the version before down, and the next may well end alike.
std::chrono::milliseconds unjudgedPause(std::uint32_t attempt);

/// No pause after the failure that `record` tells of is longer.
std::chrono::milliseconds longestPause(const journal::AgentRecord& record);

/// What the machine reports while it waits to try again after `error`.
domain::MachineState stateAfterFailure(const domain::AgentError& error);

}  // namespace ifrit::agent::reconcile
