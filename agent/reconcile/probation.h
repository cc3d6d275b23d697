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

/// How long what is no fault of a version may keep it from being judged, beside its own time: no
/// room to start or to ask it, an old version that does not end, a network that is not there. Its
/// own processes may be what takes the room, so it cannot be waited for for ever.
inline constexpr std::chrono::minutes kLongestUnjudged{10};

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
/// most of it; with NO_VERDICT, which does not convict it, where nobody could judge it until the
/// limit. By the steady clock: `now` only makes times to look again of it.
ProbationVerdict judgeProbation(const AgentFacts& facts, base::WallTime now);

/// Nobody waits any longer for what keeps this step from its start or its verdict.
bool isOverdue(const AgentFacts& facts);
/// The sentence of a NO_VERDICT; `why` says what was missing.
std::string unjudged(const std::string& why);

/// From its first probe to the last that can make it unhealthy; 0 without a probe.
std::chrono::milliseconds probeSpan(const std::optional<domain::Probe>& probe);

/// The end of a probation that begins at `started`.
base::WallTime probationDeadline(base::WallTime started, std::chrono::milliseconds probation,
                                 std::chrono::milliseconds probeSpan);

}  // namespace ifrit::agent::reconcile
