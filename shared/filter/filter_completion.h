// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ifrit::filter {

/// What may stand at a place of a filter's text.
enum class Wanted {
    Nothing,  ///< a pattern, a number, a word that no list has
    Key,
    State,
    Type,
    Pin,
    Agent,
    Version,
    IfritVersion,
    LabelKey,
    LabelValue,
    Age
};

/// Where the cursor is: a choice takes the place of bytes [begin, end).
struct Completion {
    Wanted wanted = Wanted::Nothing;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view typed;     ///< from begin to the cursor
    std::string_view labelKey;  ///< LabelValue: of which label
};

/// Of MachineFilter's grammar, right or wrong as the rest of the text may be. `cursor` is a byte.
/// Both views are of `text`. O(length).
Completion completionAt(std::string_view text, std::size_t cursor);

/// Every key with the sign that is written behind it: "state:", "seen>".
std::vector<std::string> keyChoices();
/// Every value of `state:`.
std::vector<std::string> stateChoices();
/// Some of `seen>`.
std::vector<std::string> ageChoices();

}  // namespace ifrit::filter
