// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ifrit::domain {

/// Managed agents of one machine that a master can hear of (machine_link.proto). A machine runs
/// more if it is told to, and nobody learns how they do: a release that would bring one more passes
/// the machine by.
inline constexpr std::size_t kMaxAgentsPerMachine = 64;

}  // namespace ifrit::domain
