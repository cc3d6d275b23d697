// SPDX-License-Identifier: Apache-2.0
#include "shared/filter/version_order.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace ifrit::filter {
namespace {

bool isDigit(std::string_view text, std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

/// '~' before the end of the text, which is before letters, which are before the rest.
int rankAt(std::string_view text, std::size_t at) {
    if (at >= text.size() || isDigit(text, at)) return 0;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '~') return -1;
    return std::isalpha(c) != 0 ? c : c + 256;
}

/// The digits from `at` on, without leading zeros; `at` moves behind them.
std::string_view number(std::string_view text, std::size_t& at) {
    const std::size_t begin = at;
    while (isDigit(text, at))
        ++at;
    std::string_view digits = text.substr(begin, at - begin);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

}  // namespace

int compareVersions(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !isDigit(a, i)) || (j < b.size() && !isDigit(b, j))) {
            const int difference = rankAt(a, i) - rankAt(b, j);
            if (difference != 0) return difference;
            ++i;
            ++j;
        }
        const std::string_view left = number(a, i);
        const std::string_view right = number(b, j);
        if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
        if (const int order = left.compare(right); order != 0) return order;
    }
    return 0;
}

}  // namespace ifrit::filter
