// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace ifrit::domain {

/// How a machine asks masters that do not answer, so that these know when it has asked at the
/// latest: a call is given up after kLongestCall, and the next one follows within kLongestBackoff.
inline constexpr std::chrono::seconds kLongestCall{20};
inline constexpr std::chrono::seconds kLongestBackoff{60};

}  // namespace ifrit::domain
