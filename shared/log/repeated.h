// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ifrit::log {

/// Of so many times in a row that the same was met: the first ones matter in the log, the
/// thousandth of the same night does not.
constexpr bool isWorthALine(std::uint32_t times) {
    return times <= 3 || times % 20 == 0;
}

}  // namespace ifrit::log
