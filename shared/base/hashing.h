// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace ifrit::base {

/// XXH3-64 (xxHash 0.8 specification), the same on every platform. Not for secrets.
std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace ifrit::base
