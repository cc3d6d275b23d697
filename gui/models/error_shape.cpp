// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/error_shape.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ifrit::gui::models {
namespace {

/// So many hex digits at a stretch are a digest, an id or part of a uuid, not a word.
constexpr std::size_t kLeastOfId = 8;

bool isDigit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool isHex(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

bool isWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// As a whole word.
bool startsWith(std::string_view text, std::string_view word) {
    return !word.empty() && text.substr(0, word.size()) == word &&
           (text.size() == word.size() || !isWord(text[word.size()]));
}

std::size_t lengthOf(std::string_view text, bool (*fits)(char)) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), fits) -
                                    text.begin());
}

/// Is the next number the way in which something ended?
bool saysHow(std::string_view before) {
    static constexpr std::array<std::string_view, 6> kWords = {"code ",  "signal ", "status ",
                                                               "errno ", "HTTP ",   "error "};
    return std::any_of(kWords.begin(), kWords.end(), [before](std::string_view word) {
        return before.size() >= word.size() && before.substr(before.size() - word.size()) == word;
    });
}

}  // namespace

std::string shapeOfError(std::string_view message, std::string_view machine) {
    std::string out;
    std::size_t at = 0;
    while (at < message.size()) {
        const std::string_view rest = message.substr(at);
        const std::size_t word = lengthOf(rest, isWord);
        const bool begins = at == 0 || !isWord(message[at - 1]);
        if (begins && startsWith(rest, machine)) {
            out += '#';
            at += machine.size();
        } else if (begins && word >= kLeastOfId && lengthOf(rest, isHex) == word) {
            out += '#';
            at += word;
        } else if (isDigit(rest.front())) {
            const std::size_t digits = lengthOf(rest, isDigit);
            if (saysHow(message.substr(0, at))) {
                out += rest.substr(0, digits);
            } else {
                out += '#';
            }
            at += digits;
        } else {
            out += rest.front();
            ++at;
        }
    }
    return out;
}

}  // namespace ifrit::gui::models
