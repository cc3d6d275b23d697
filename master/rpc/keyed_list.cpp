// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/keyed_list.h"

#include <fmt/format.h>

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

std::string oldestFirst(base::WallTime time) {
    return digits(static_cast<std::uint64_t>(base::toUnixMillis(time)));
}

std::string newestFirst(base::WallTime time) {
    return digits(UINT64_MAX - static_cast<std::uint64_t>(base::toUnixMillis(time)));
}

}  // namespace ifrit::master::rpc
