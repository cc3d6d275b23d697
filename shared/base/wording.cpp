// SPDX-License-Identifier: Apache-2.0
#include "shared/base/wording.h"

#include <fmt/format.h>

#include <utility>

namespace ifrit::base {
namespace {

constexpr std::pair<std::int64_t, const char*> kUnits[] = {
    {86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}};

bool endsWith(std::string_view text, std::string_view end) {
    return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

/// The singular of a plural.
std::string oneOf(std::string_view what) {
    if (endsWith(what, "ies")) return std::string(what.substr(0, what.size() - 3)) + "y";
    const bool isLong = endsWith(what, "ches") || endsWith(what, "sses");
    if (isLong) return std::string(what.substr(0, what.size() - 2));
    return std::string(endsWith(what, "s") ? what.substr(0, what.size() - 1) : what);
}

}  // namespace

std::string countOf(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}", count, count == 1 ? oneOf(what) : std::string(what));
}

std::string sayDuration(std::chrono::milliseconds duration) {
    if (duration.count() < 1000) return fmt::format("{} ms", duration.count());
    std::int64_t left = duration.count() / 1000;
    std::string out;
    for (const auto& [seconds, name] : kUnits) {
        const std::int64_t count = left / seconds;
        left %= seconds;
        if (!out.empty()) return count == 0 ? out : fmt::format("{} {} {}", out, count, name);
        if (count > 0) out = fmt::format("{} {}", count, name);
    }
    return out;
}

}  // namespace ifrit::base
