// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ifrit::base {

/// Lower-case hexadecimal of arbitrary bytes.
std::string toHex(std::string_view bytes);
/// Bytes of a hexadecimal text of even length (either case); nullopt for anything else.
std::optional<std::string> fromHex(std::string_view text);

}  // namespace ifrit::base
