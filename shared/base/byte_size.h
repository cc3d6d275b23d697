// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ifrit::base {

/// At most what parseByteSize() takes: 1 TiB.
inline constexpr std::uint64_t kMostBytes = 1ULL << 40U;

/// "2MB" (2,000,000), "512KiB" (524,288), "1.5MB" (up to three decimals), "65536B", "65536". Spaces
/// do not count, small and capital letters are the same. Nullopt: not of this form, or too many.
std::optional<std::uint64_t> parseByteSize(std::string_view text);
/// The shortest form with a unit that parseByteSize() reads back equal.
std::string formatByteSize(std::uint64_t bytes);

}  // namespace ifrit::base
