// SPDX-License-Identifier: Apache-2.0
#include "agent/link/report_text.h"

#include <cstdint>

namespace ifrit::agent::link {
namespace {

unsigned byteAt(std::string_view text, std::size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
}

/// Length of the UTF-8 sequence at `at`, 0 if there is no valid one (RFC 3629).
std::size_t sequenceLength(std::string_view text, std::size_t at) {
    const unsigned first = byteAt(text, at);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(text, at + i) & 0xC0) != 0x80) return 0;
    }
    const unsigned second = byteAt(text, at + 1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
        return 0;
    }
    return length;
}

bool isControl(unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

/// U+FEFF (a byte order mark), U+FFFE and U+FFFF: a master stores them changed, so it refuses them.
bool isChangedByStorage(std::string_view sequence) {
    return sequence == "\xEF\xBB\xBF" || sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF";
}

}  // namespace

std::string reportable(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequenceLength(text, at);
        const std::size_t bytes = length == 0 ? 1 : length;
        if (out.size() + bytes > limit) break;
        if (length == 0 || (length == 1 && isControl(static_cast<unsigned char>(text[at]))) ||
            isChangedByStorage(text.substr(at, length))) {
            out += '?';
        } else {
            out += text.substr(at, length);
        }
        at += bytes;
    }
    return out;
}

}  // namespace ifrit::agent::link
