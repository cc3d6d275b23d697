// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ifrit::agent::link {

/// A text from a program, hook or file as the contract takes it: valid UTF-8 without control
/// characters (but tab and newline), at most `limit` bytes. One bad byte of a hook's output must
/// not keep a machine's whole report from being taken.
std::string reportable(std::string_view text, std::size_t limit);

}  // namespace ifrit::agent::link
