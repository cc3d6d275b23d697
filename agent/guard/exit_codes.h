// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::agent::guard {

// Of ifrit-guard (sysexits.h).
inline constexpr int kExitInternal = 70;
inline constexpr int kExitLocked = 75;  ///< another ifrit-guard runs on this root
inline constexpr int kExitConfiguration = 78;

/// ifrit-agent ends with it once it has begun a trial: guard starts the new version at once. Not
/// one of sysexits.h, so that nothing else ends with it.
inline constexpr int kSwitchedSlots = 80;

}  // namespace ifrit::agent::guard
