// SPDX-License-Identifier: Apache-2.0
#include "shared/filter/filter_parser.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "shared/domain/enum_names.h"
#include "shared/filter/filter_completion.h"

namespace ifrit::filter {
namespace {

constexpr std::size_t kMaxFilterBytes = 4'096;
/// Of all its patterns. What one value takes grows with them: at most a millisecond. A list of a
/// hundred host names has 3,000.
constexpr int kMostSteps = 4'000;

struct Key {
    std::string_view name;
    Field field;
};
constexpr Key kKeys[] = {
    {"uuid", Field::Uuid},       {"type", Field::Type},   {"pin", Field::Pin},
    {"host", Field::Host},       {"label", Field::Label}, {"agent", Field::Agent},
    {"version", Field::Version}, {"state", Field::State}, {"batch", Field::Batch},
    {"seen", Field::Seen},       {"ifrit", Field::Ifrit}, {"address", Field::Address}};
constexpr std::string_view kKeyNames[] = {"uuid",    "type",  "pin",   "host", "label", "agent",
                                          "version", "state", "batch", "seen", "ifrit", "address"};
static_assert(std::size(kKeys) == std::size(kKeyNames));

bool parseNumber(std::string_view text, std::uint32_t& out) {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, out);
    return !text.empty() && result.ec == std::errc() && result.ptr == end;
}

std::string joinedKeys() {
    std::string out;
    for (const std::string_view name : kKeyNames)
        out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

}  // namespace

std::span<const std::string_view> filterKeys() {
    return kKeyNames;
}

MachineFilter::Parsed MachineFilter::parse(std::string_view text) {
    return FilterParser(text).parse();
}

MachineFilter::Parsed FilterParser::parse() {
    MachineFilter::Parsed out;
    if (m_text.size() > kMaxFilterBytes) {
        fail({kMaxFilterBytes, m_text.substr(kMaxFilterBytes)},
             "The filter is longer than 4096 bytes.");
    }
    for (Word word; !m_error && nextWord(word);) {
        if (!parseTerm(word)) break;
    }
    if (m_error) {
        out.error = std::move(m_error);
        return out;
    }
    out.filter.m_agent = std::move(m_agent);
    out.filter.m_terms = std::make_shared<const std::vector<Term>>(std::move(m_terms));
    return out;
}

bool FilterParser::fail(const Word& where, std::string sentence) {
    m_error = FilterError{where.position, std::max<std::size_t>(where.text.size(), 1),
                          std::move(sentence)};
    return false;
}

bool FilterParser::nextWord(Word& word) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = m_text.find_first_not_of(kBlanks, m_at);
    if (begin == std::string_view::npos) return false;
    const std::size_t end = std::min(m_text.find_first_of(kBlanks, begin), m_text.size());
    word = {begin, m_text.substr(begin, end - begin)};
    m_at = end;
    return true;
}

bool FilterParser::parseTerm(const Word& word) {
    Term term;
    Word rest = word;
    if (rest.text.size() > 1 && rest.text.front() == '-') {
        term.negated = true;
        rest = {rest.position + 1, rest.text.substr(1)};
    }
    const std::size_t sign = rest.text.find_first_of(":<>");
    if (sign == std::string_view::npos || rest.text.front() == '/') {
        if (!parseTexts(term, rest)) return false;
        m_terms.push_back(std::move(term));
        return true;
    }
    const std::string_view key = rest.text.substr(0, sign);
    const auto found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                    [&](const Key& k) { return k.name == key; });
    if (found == std::end(kKeys)) {
        return fail({rest.position, key},
                    fmt::format("There is no key \"{}\". Keys are {}.", key, joinedKeys()));
    }
    term.field = found->field;
    term.relation = rest.text[sign] == ':'   ? Relation::Is
                    : rest.text[sign] == '<' ? Relation::Less
                                             : Relation::Greater;
    const Word value{rest.position + sign + 1, rest.text.substr(sign + 1)};
    if (value.text.empty()) {
        return fail(rest, fmt::format("\"{}\" needs a value behind it.", rest.text));
    }
    if (!parseValue(term, rest, value)) return false;
    m_terms.push_back(std::move(term));
    return true;
}

bool FilterParser::parseValue(Term& term, const Word& whole, const Word& value) {
    const bool ordered =
        term.field == Field::Version || term.field == Field::Batch || term.field == Field::Seen;
    if (term.relation != Relation::Is && !ordered) {
        return fail(whole, "'<' and '>' go with version, batch and seen; use ':' here.");
    }
    switch (term.field) {
        case Field::Label:
            return parseLabel(term, value);
        case Field::Batch:
            return parseBatches(term, value);
        case Field::State:
            return parseStates(term, value);
        case Field::Seen:
            return parseAge(term, whole, value);
        case Field::Agent:
            if (!parseTexts(term, value)) return false;
            if (term.texts.size() == 1 && !term.texts[0].pattern && !term.negated) {
                m_agent = term.texts[0].text;
            }
            return true;
        default:
            return parseTexts(term, value);
    }
}

std::vector<FilterParser::Word> FilterParser::values(const Word& value) {
    if (value.text.front() == '/') return {value};
    std::vector<Word> out;
    std::size_t begin = 0;
    while (begin <= value.text.size()) {
        const std::size_t end = std::min(value.text.find(',', begin), value.text.size());
        out.push_back({value.position + begin, value.text.substr(begin, end - begin)});
        begin = end + 1;
    }
    return out;
}

bool FilterParser::parseTexts(Term& term, const Word& value) {
    for (const Word& part : values(value)) {
        if (part.text.empty()) return fail(part, "A value is missing beside the comma.");
        TextMatch match{std::string(part.text), std::nullopt};
        if (part.text.front() == '/' && !parsePattern(match, part)) return false;
        term.texts.push_back(std::move(match));
    }
    return true;
}

bool FilterParser::parsePattern(TextMatch& match, const Word& part) {
    if (part.text.size() < 3 || part.text.back() != '/') {
        return fail(part, "A regular expression is written /like this/.");
    }
    auto parsed = Pattern::parse(part.text.substr(1, part.text.size() - 2));
    if (auto* error = std::get_if<Pattern::Error>(&parsed)) return fail(part, std::move(*error));
    match.pattern = std::get<Pattern>(std::move(parsed));
    m_steps += match.pattern->steps();
    if (m_steps > kMostSteps) {
        return fail(part,
                    "The filter's regular expressions are too large: repeat less often, or "
                    "write them shorter.");
    }
    return true;
}

bool FilterParser::parseLabel(Term& term, const Word& value) {
    const std::size_t equals = value.text.find('=');
    term.labelKey = std::string(value.text.substr(0, equals));
    if (term.labelKey.empty()) return fail(value, "Write label:key=value or label:key.");
    if (equals == std::string_view::npos) {
        term.labelAnyValue = true;
        return true;
    }
    const Word text{value.position + equals + 1, value.text.substr(equals + 1)};
    if (text.text.empty()) return fail(value, "Write label:key=value or label:key.");
    return parseTexts(term, text);
}

bool FilterParser::parseBatches(Term& term, const Word& value) {
    for (const Word& part : values(value)) {
        BatchRange range;
        const std::size_t dots = part.text.find("..");
        const bool single = dots == std::string_view::npos;
        if (!parseNumber(part.text.substr(0, dots), range.first) ||
            (!single && !parseNumber(part.text.substr(dots + 2), range.last))) {
            return fail(part, "Write a number, or a range such as 3..4.");
        }
        if (single) range.last = range.first;
        if (range.first > range.last) {
            return fail(part, fmt::format("The range {} is of no batch: write {}..{}.", part.text,
                                          range.last, range.first));
        }
        term.batches.push_back(range);
    }
    return true;
}

bool FilterParser::parseStates(Term& term, const Word& value) {
    for (const Word& part : values(value)) {
        StateMatch match;
        if (part.text == "in_flight") {
            match.group = StateGroup::InFlight;
        } else if (part.text == "offline") {
            match.group = StateGroup::Offline;
        } else if (const auto state = domain::fromName<domain::MachineState>(part.text)) {
            match.state = *state;
        } else {
            return fail(part, fmt::format("There is no state \"{}\". States are {}.", part.text,
                                          fmt::join(stateChoices(), ", ")));
        }
        term.states.push_back(match);
    }
    return true;
}

bool FilterParser::parseAge(Term& term, const Word& whole, const Word& value) {
    std::uint32_t number = 0;
    const std::string_view digits = value.text.substr(0, value.text.size() - 1);
    const std::size_t unit = std::string_view("smhd").find(value.text.back());
    if (term.relation == Relation::Is || unit == std::string_view::npos ||
        !parseNumber(digits, number)) {
        return fail(whole, "Write seen>5m or seen<30s, with s, m, h or d.");
    }
    constexpr int kSeconds[] = {1, 60, 3'600, 86'400};
    term.age = std::chrono::seconds(std::int64_t{number} * kSeconds[unit]);
    return true;
}

}  // namespace ifrit::filter
