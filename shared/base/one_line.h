// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ifrit::base {

/// What a foreign program printed, as it may stand in a log or on a terminal: one line of valid
/// UTF-8 that commands no terminal. White space is folded into single blanks, with none at the
/// ends. Each control character (C0, DEL, C1, what ends a line or turns the direction of writing)
/// and each byte that is no UTF-8 becomes '?'.
std::string oneLine(std::string_view text);

}  // namespace ifrit::base
