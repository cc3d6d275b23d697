// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "agent/platform/posix/held_child.h"
#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {

/// Both ends of what a parent and its held child tell each other, and the child's standard
/// descriptors. What the child gets is above all that it is put onto (ChildPlan).
struct LaunchChannels {
    UniqueFd input;
    UniqueFd output;  ///< not valid: the parent's
    UniqueFd parentGate;
    UniqueFd childGate;
    UniqueFd parentErrors;
    UniqueFd childErrors;

    /// Opens them all. An output file that cannot be opened for a full or broken disk is replaced
    /// by /dev/null: that must not keep an agent down, nor make its version look bad.
    static absl::StatusOr<LaunchChannels> open(const LaunchSpec& spec);

    /// Lets the child go on.
    void openGate() const;

    /// Waits until the child has closed its end, by its exec, or has written why there is none.
    /// False when the deadline came before.
    bool awaitEnd(std::chrono::steady_clock::time_point deadline) const;
    /// After awaitEnd(): why there was no exec.
    std::optional<ChildFailure> readFailure() const;
};

}  // namespace ifrit::agent::platform
