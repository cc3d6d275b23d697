// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ifrit::base {

/// Length of the UTF-8 sequence (RFC 3629: shortest form, no surrogate, at most U+10FFFF) at the
/// start of `text`; 0 where there is none.
std::size_t utf8SequenceLength(std::string_view text);
bool isUtf8(std::string_view text);
/// `text` with each byte that belongs to no such sequence replaced by U+FFFD.
std::string validUtf8(std::string_view text);

}  // namespace ifrit::base
