// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace re2 {
class RE2;
}

namespace ifrit::filter {

/// A regular expression that is searched for, in time that grows with the text and not with what
/// the expression could mean: whoever writes it keeps no thread of the master
/// (docs/decisions/0026). Immutable; copies are cheap and may be used on other threads.
class Pattern {
public:
    /// What is wrong with it, as a sentence.
    using Error = std::string;
    static std::variant<Pattern, Error> parse(std::string_view text);

    bool isFoundIn(std::string_view value) const;
    /// How much of a filter's kMostSteps it takes.
    int steps() const;

private:
    explicit Pattern(std::shared_ptr<const re2::RE2> compiled) : m_compiled(std::move(compiled)) {}

    std::shared_ptr<const re2::RE2> m_compiled;
};

}  // namespace ifrit::filter
