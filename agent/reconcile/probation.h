// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/reconcile/agent_facts.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::reconcile {

/// Beside the probation and the probe's own patience: for a slow start of the program.
inline constexpr std::chrono::milliseconds kStartAllowance{20'000};

struct ProbationVerdict {
    enum class Kind { Undecided, Passed, Failed };
    Kind kind = Kind::Undecided;
    base::WallTime lookAgain{};  ///< Undecided: nothing can change by time alone before
    std::string reason{};        ///< Failed
    std::string message{};
    bool operator==(const ProbationVerdict&) const = default;
};

/// How the new version in `facts` stands. It passes when it has been healthy without a break for
/// its probation, and fails with the first exit, a verdict of unhealthy, a process or thread that
/// the system refused it, or when its probation ends without a verdict or with its CPU throttled in
/// most of it. By the steady clock: `now` only makes times to look again of it.
ProbationVerdict judgeProbation(const AgentFacts& facts, base::WallTime now);

/// From its first probe to the last that can make it unhealthy; 0 without a probe.
std::chrono::milliseconds probeSpan(const std::optional<domain::Probe>& probe);

/// The end of a probation that begins at `started`.
base::WallTime probationDeadline(base::WallTime started, std::chrono::milliseconds probation,
                                 std::chrono::milliseconds probeSpan);

}  // namespace ifrit::agent::reconcile
