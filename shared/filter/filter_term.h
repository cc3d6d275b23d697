// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/domain/machine.h"
#include "shared/filter/pattern.h"

namespace ifrit::filter {

enum class Field {
    Word,
    Uuid,
    Type,
    Pin,
    Host,
    Address,
    Ifrit,
    Label,
    Agent,
    Version,
    State,
    Batch,
    Seen
};

enum class Relation { Is, Less, Greater };

/// A text to compare with, or a pattern to search.
struct TextMatch {
    std::string text;
    std::optional<Pattern> pattern;
    bool matches(std::string_view value) const;
};

struct BatchRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

enum class StateGroup { One, InFlight, Offline };
struct StateMatch {
    StateGroup group = StateGroup::One;
    domain::MachineState state = domain::MachineState::Unknown;
};

/// One parsed term; which members mean something depends on `field`.
struct Term {
    Field field = Field::Word;
    Relation relation = Relation::Is;
    bool negated = false;
    std::vector<TextMatch> texts;
    std::string labelKey;
    bool labelAnyValue = false;
    std::vector<BatchRange> batches;
    std::vector<StateMatch> states;
    std::chrono::milliseconds age{0};
};

}  // namespace ifrit::filter
