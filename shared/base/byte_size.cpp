// SPDX-License-Identifier: Apache-2.0
#include "shared/base/byte_size.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <utility>

namespace ifrit::base {
namespace {

constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {{"TB", 1'000'000'000'000},
                                                                 {"TiB", 1ULL << 40U},
                                                                 {"GB", 1'000'000'000},
                                                                 {"GiB", 1ULL << 30U},
                                                                 {"MB", 1'000'000},
                                                                 {"MiB", 1ULL << 20U},
                                                                 {"KB", 1'000},
                                                                 {"KiB", 1ULL << 10U},
                                                                 {"B", 1}};
constexpr std::size_t kMostDecimals = 3;

/// In small letters, without the spaces.
std::string plain(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter != ' ')
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    return out;
}

/// 0: no such unit.
std::uint64_t bytesOf(std::string_view unit) {
    if (unit.empty()) return 1;
    for (const auto& [name, bytes] : kUnits) {
        if (plain(name) == unit) return bytes;
    }
    return 0;
}

}  // namespace

// In whole numbers, so that what is written is what is meant.
std::optional<std::uint64_t> parseByteSize(std::string_view text) {
    const std::string all = plain(text);
    const char* const allEnd = all.data() + all.size();
    std::uint64_t whole = 0;
    auto [end, error] = std::from_chars(all.data(), allEnd, whole);
    if (error != std::errc() || whole > kMostBytes) return std::nullopt;
    std::uint64_t thousandths = 0;
    if (end != allEnd && *end == '.') {
        const char* const first = end + 1;
        const auto [last, bad] = std::from_chars(first, allEnd, thousandths);
        const auto digits = static_cast<std::size_t>(last - first);
        if (bad != std::errc() || digits > kMostDecimals) return std::nullopt;
        for (std::size_t at = digits; at < kMostDecimals; ++at)
            thousandths *= 10;
        end = last;
    }
    const std::uint64_t times =
        bytesOf(std::string_view(end, static_cast<std::size_t>(allEnd - end)));
    if (times == 0 || whole > kMostBytes / times) return std::nullopt;
    if (times == 1 && thousandths != 0) return std::nullopt;
    const std::uint64_t bytes = whole * times + thousandths * times / 1000;
    return bytes <= kMostBytes ? std::optional(bytes) : std::nullopt;
}

std::string formatByteSize(std::uint64_t bytes) {
    std::string shortest;
    for (const auto& [name, times] : kUnits) {
        if (bytes % times != 0 || bytes < times) continue;
        std::string form = fmt::format("{}{}", bytes / times, name);
        if (shortest.empty() || form.size() < shortest.size()) shortest = std::move(form);
    }
    return shortest.empty() ? "0B" : shortest;
}

}  // namespace ifrit::base
