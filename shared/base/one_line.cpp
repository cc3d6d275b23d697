// SPDX-License-Identifier: Apache-2.0
#include "shared/base/one_line.h"

#include "shared/base/utf8.h"

namespace ifrit::base {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/// Of one whole sequence.
bool isControl(std::string_view sequence) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1) return at(0) < 0x20 || at(0) == 0x7f;
    if (sequence.size() == 2) return at(0) == 0xc2 && at(1) < 0xa0;  // U+0080 to U+009F
    if (sequence.size() != 3 || at(0) != 0xe2) return false;
    // U+2028 to U+202E and U+2066 to U+2069
    return (at(1) == 0x80 && at(2) >= 0xa8 && at(2) <= 0xae) ||
           (at(1) == 0x81 && at(2) >= 0xa6 && at(2) <= 0xa9);
}

}  // namespace

std::string oneLine(std::string_view text) {
    std::string out;
    bool isPending = false;  // a blank, if anything follows
    while (!text.empty()) {
        if (isSpace(text.front())) {
            isPending = !out.empty();
            text.remove_prefix(1);
            continue;
        }
        if (isPending) out += ' ';
        isPending = false;
        const std::size_t length = utf8SequenceLength(text);
        const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
        out += length == 0 || isControl(sequence) ? std::string_view("?") : sequence;
        text.remove_prefix(sequence.size());
    }
    return out;
}

}  // namespace ifrit::base
