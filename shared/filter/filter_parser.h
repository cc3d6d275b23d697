// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/filter/filter_term.h"
#include "shared/filter/machine_filter.h"

namespace ifrit::filter {

/// Turns text into terms; stops at the first error. One use.
class FilterParser {
public:
    explicit FilterParser(std::string_view text) : m_text(text) {}
    MachineFilter::Parsed parse();

private:
    struct Word {
        std::size_t position = 0;
        std::string_view text;
    };
    bool nextWord(Word& word);
    bool parseTerm(const Word& word);
    bool parseValue(Term& term, const Word& whole, const Word& value);
    bool parseTexts(Term& term, const Word& value);
    bool parsePattern(TextMatch& match, const Word& part);
    bool parseLabel(Term& term, const Word& value);
    bool parseBatches(Term& term, const Word& value);
    bool parseStates(Term& term, const Word& value);
    bool parseAge(Term& term, const Word& whole, const Word& value);
    /// The values between commas; a regular expression is one, commas and all.
    static std::vector<Word> values(const Word& value);
    bool fail(const Word& where, std::string sentence);

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_steps = 0;  ///< of all patterns
    std::vector<Term> m_terms;
    std::string m_agent;
    std::optional<FilterError> m_error;
};

}  // namespace ifrit::filter
