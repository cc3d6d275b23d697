// SPDX-License-Identifier: Apache-2.0
#include "shared/filter/filter_completion.h"

#include <algorithm>

#include "shared/domain/enum_names.h"
#include "shared/filter/machine_filter.h"

namespace ifrit::filter {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kSigns = ":<>";

/// [begin, end) of the word that the cursor stands in or at the end of.
Completion wordAt(std::string_view text, std::size_t cursor) {
    Completion out;
    const std::size_t before =
        cursor == 0 ? std::string_view::npos : text.find_last_of(kSpaces, cursor - 1);
    out.begin = before == std::string_view::npos ? 0 : before + 1;
    out.end = std::min(text.find_first_of(kSpaces, cursor), text.size());
    return out;
}

/// What a key's values are. '<' and '>' go with some of them only.
Wanted wantedOf(std::string_view key, char sign) {
    const bool ordered = sign != ':';
    if (key == "version") return Wanted::Version;
    if (key == "seen") return ordered ? Wanted::Age : Wanted::Nothing;
    if (ordered) return Wanted::Nothing;
    if (key == "state") return Wanted::State;
    if (key == "type") return Wanted::Type;
    if (key == "pin") return Wanted::Pin;
    if (key == "agent") return Wanted::Agent;
    if (key == "ifrit") return Wanted::IfritVersion;
    return Wanted::Nothing;
}

/// Narrows to the value between commas; a regular expression is one, commas and all.
void takeValue(std::string_view text, std::size_t cursor, Completion& out) {
    if (out.begin < out.end && text[out.begin] == '/') {
        out.wanted = Wanted::Nothing;
        return;
    }
    const std::string_view before = text.substr(out.begin, cursor - out.begin);
    if (const std::size_t comma = before.rfind(','); comma != std::string_view::npos)
        out.begin += comma + 1;
    out.end = std::min(text.find(',', cursor), out.end);
}

void takeLabel(std::string_view text, std::size_t cursor, Completion& out) {
    const std::size_t equals = text.find('=', out.begin);
    if (equals >= out.end || equals >= cursor) {
        out.wanted = Wanted::LabelKey;
        // The sign comes with the choice.
        if (equals < out.end) out.end = equals + 1;
        return;
    }
    out.wanted = Wanted::LabelValue;
    out.labelKey = text.substr(out.begin, equals - out.begin);
    out.begin = equals + 1;
    takeValue(text, cursor, out);
}

}  // namespace

Completion completionAt(std::string_view text, std::size_t cursor) {
    cursor = std::min(cursor, text.size());
    Completion out = wordAt(text, cursor);
    if (out.begin < cursor && text[out.begin] == '-') ++out.begin;
    if (out.begin < out.end && text[out.begin] == '/') return out;
    const std::size_t sign = text.find_first_of(kSigns, out.begin);
    if (sign >= out.end || sign >= cursor) {
        out.wanted = Wanted::Key;
        // The sign comes with the choice.
        if (sign < out.end) out.end = sign + 1;
    } else {
        const std::string_view key = text.substr(out.begin, sign - out.begin);
        out.begin = sign + 1;
        if (key == "label" && text[sign] == ':') {
            takeLabel(text, cursor, out);
        } else {
            out.wanted = wantedOf(key, text[sign]);
            if (out.wanted != Wanted::Nothing) takeValue(text, cursor, out);
        }
    }
    out.typed = text.substr(out.begin, cursor - out.begin);
    return out;
}

std::vector<std::string> keyChoices() {
    std::vector<std::string> out;
    for (const std::string_view key : filterKeys())
        out.push_back(std::string(key) + (key == "seen" ? ">" : ":"));
    return out;
}

std::vector<std::string> stateChoices() {
    std::vector<std::string> out = {"in_flight", "offline"};
    for (int state = 0; state <= static_cast<int>(domain::MachineState::Unmanaged); ++state)
        out.emplace_back(domain::nameOf(static_cast<domain::MachineState>(state)));
    return out;
}

std::vector<std::string> ageChoices() {
    return {"30s", "5m", "1h", "1d"};
}

}  // namespace ifrit::filter
