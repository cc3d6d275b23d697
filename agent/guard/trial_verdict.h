// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/guard/slots.h"

namespace ifrit::agent::guard {

/// A version on trial that ended this often is put back before its probation is over.
inline constexpr int kTrialEnds = 3;
/// Its main loop turns every second while it is on trial; a busy disk may hold it up.
inline constexpr std::chrono::seconds kLongestBeat{15};

/// What guard has seen of a version on trial.
struct TrialEvidence {
    int ends = 0;         ///< how often it ended, or could not be started
    std::string lastEnd;  ///< how, a sentence
    /// How long the process that runs now has been up; nullopt: none runs.
    std::optional<std::chrono::milliseconds> up;
    std::optional<Proof> proof;               ///< by that very process
    std::chrono::milliseconds sinceBeat{0};   ///< with a proof
    std::optional<std::uint32_t> cpuPercent;  ///< mean over the last whole window
    std::uint64_t rssBytes = 0;
};

struct TrialVerdict {
    enum class Kind { Undecided, Passed, Failed };
    Kind kind = Kind::Undecided;
    std::string reason;  ///< Failed: stable name, AgentError::reason
    std::string message;
    bool operator==(const TrialVerdict&) const = default;
};

/// It passes when one process of it has been up for the whole probation, still turns, and has
/// synced with a master; it fails when it ended too often, costs more than it may, or has not
/// proved itself by then. So every trial ends: at the latest after kTrialEnds probations. Pure.
TrialVerdict judgeTrial(const Trial& trial, const TrialEvidence& evidence);

}  // namespace ifrit::agent::guard
