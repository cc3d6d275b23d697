// SPDX-License-Identifier: Apache-2.0
#include "shared/base/duration.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::base {
namespace {

constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

}  // namespace

absl::StatusOr<std::chrono::milliseconds> parseDuration(std::string_view text,
                                                        std::chrono::hours most) {
    const std::int64_t mostMillis = std::chrono::milliseconds(most).count();
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (error == std::errc() && count >= 0 && count <= mostMillis) {
        for (const auto& [name, millis] : kUnits) {
            if (unit == name && count <= mostMillis / millis) {
                return std::chrono::milliseconds(count * millis);
            }
        }
    }
    return invalidArgument("DURATION_INVALID", text,
                           "'{}' is not a duration: write 500ms, 10s, 5m, 2h or 1d, at most "
                           "{} days",
                           text.substr(0, 40), most / std::chrono::hours(24));
}

std::string formatDuration(std::chrono::milliseconds duration) {
    for (const auto& [name, millis] : kUnits) {
        if (duration.count() != 0 && duration.count() % millis == 0) {
            return fmt::format("{}{}", duration.count() / millis, name);
        }
    }
    return fmt::format("{}ms", duration.count());
}

}  // namespace ifrit::base
