// SPDX-License-Identifier: Apache-2.0
#include "shared/filter/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <utility>

namespace ifrit::filter {
namespace {

/// Of the program and of what a search keeps: enough for what FilterParser lets through.
constexpr std::int64_t kMostBytes = 256 * 1024;

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

Pattern::Error errorOf(const re2::RE2& compiled) {
    const std::string& of = compiled.error_arg();
    switch (compiled.error_code()) {
        case re2::RE2::ErrorBadPerlOp:
            if (has(of, "(?=") || has(of, "(?!") || has(of, "(?<")) {
                return "Look-ahead and look-behind are not taken: write a second term, with '-' "
                       "for what must not be.";
            }
            break;
        case re2::RE2::ErrorBadEscape:
            if (of.size() == 2 && of[1] >= '1' && of[1] <= '9')
                return "A pattern cannot refer back to its own groups.";
            break;
        case re2::RE2::ErrorPatternTooLarge:
        case re2::RE2::ErrorRepeatSize:
            return "The filter's regular expressions are too large: repeat less often, or write "
                   "them "
                   "shorter.";
        default:
            break;
    }
    return fmt::format("Not a regular expression: {}.", compiled.error());
}

}  // namespace

std::variant<Pattern, Pattern::Error> Pattern::parse(std::string_view text) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMostBytes);
    options.set_never_capture(true);
    auto compiled = std::make_shared<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!compiled->ok()) return errorOf(*compiled);
    return Pattern(std::move(compiled));
}

bool Pattern::isFoundIn(std::string_view value) const {
    return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *m_compiled);
}

int Pattern::steps() const {
    return m_compiled->ProgramSize();
}

}  // namespace ifrit::filter
