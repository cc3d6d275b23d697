// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ifrit::filter {

/// Negative, 0 or positive as `a` is older than, equal to or newer than `b`. Digits by value, other
/// parts by text, '~' before everything: "4.9" < "4.10", "1.0~rc1" < "1.0". O(length).
int compareVersions(std::string_view a, std::string_view b);

}  // namespace ifrit::filter
