// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/keyed_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace ifrit::master::rpc {
namespace {

/// Below every character of a name, so that "ann" is before "ann-2".
constexpr char kBetween = '\x1f';

std::string digits(std::uint64_t number) {
    return fmt::format("{:020}", number);
}

}  // namespace

std::string listKey(std::initializer_list<std::string_view> parts) {
    std::string out;
    for (const std::string_view part : parts) {
        if (!out.empty()) out += kBetween;
        out += part;
    }
    return out;
}

absl::Status checkPageToken(const std::string& token, std::size_t parts) {
    const auto between = std::count(token.begin(), token.end(), kBetween);
    if (token.empty() || static_cast<std::size_t>(between) + 1 == parts) return absl::OkStatus();
    return base::invalidArgument("PAGE_TOKEN", "", "the page token is not one of this list");
}

std::string oldestFirst(base::WallTime time) {
    return digits(static_cast<std::uint64_t>(base::toUnixMillis(time)));
}

std::string newestFirst(base::WallTime time) {
    return digits(UINT64_MAX - static_cast<std::uint64_t>(base::toUnixMillis(time)));
}

}  // namespace ifrit::master::rpc
