// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ifrit::agent::reconcile {

// StepInProgress::position of the journal. Written before what it names begins.
//
// Install and upgrade. Killed in kPermitted or kSwitching, the old version is put back and a new
// permit asked for, because the old permit may be long over; from kStarting on the new one is
// started and has its probation; kReverting always ends with the old one.
inline constexpr std::string_view kPermitted = "permitted";  ///< pre-install hook; old runs on
inline constexpr std::string_view kSwitching = "switching";  ///< stop old, switch `current`
inline constexpr std::string_view kStarting = "starting";    ///< hooks, start new
inline constexpr std::string_view kWatching = "watching";    ///< probation
inline constexpr std::string_view kReverting = "reverting";  ///< stop new, switch back, start old
// Uninstall; always finished once begun.
inline constexpr std::string_view kRemoving = "removing";

}  // namespace ifrit::agent::reconcile
