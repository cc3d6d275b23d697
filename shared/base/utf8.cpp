// SPDX-License-Identifier: Apache-2.0
#include "shared/base/utf8.h"

#include <cstdint>

namespace ifrit::base {
namespace {

struct Form {
    unsigned char mask;
    unsigned char lead;
    std::size_t length;
    std::uint32_t smallest;  ///< a smaller code point has a shorter form
};
constexpr Form kForms[] = {
    {0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

bool isScalar(std::uint32_t point, const Form& form) {
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    return point >= form.smallest && point <= 0x10ffff && !surrogate;
}

}  // namespace

std::size_t utf8SequenceLength(std::string_view text) {
    if (text.empty()) return 0;
    const auto first = static_cast<unsigned char>(text.front());
    for (const Form& form : kForms) {
        if ((first & form.mask) != form.lead) continue;
        if (text.size() < form.length) return 0;
        std::uint32_t point = first & static_cast<unsigned char>(~form.mask);
        for (std::size_t i = 1; i < form.length; ++i) {
            const auto next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0) != 0x80) return 0;
            point = (point << 6) | (next & 0x3fU);
        }
        return isScalar(point, form) ? form.length : 0;
    }
    return 0;
}

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8SequenceLength(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string validUtf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = utf8SequenceLength(text);
        out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

}  // namespace ifrit::base
