// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "gui/services/fleet.h"

namespace ifrit::gui::models {

/// Which texts stand in the columns that a filter can name: found as rows come, so that nobody has
/// to look through a million of them. What a column once held is known until the next snapshot. The
/// texts are the FleetStore's own and live as long as its columns. GUI thread.
class FleetVocabulary {
public:
    enum class Column : std::uint8_t { Type, Pin, Agent, Version, IfritVersion };
    /// More of one kind are not kept, and isFull() says so: nobody looks through so many.
    static constexpr std::size_t kMost = 10'000;

    /// Some of a kind.
    struct Texts {
        std::vector<std::string_view> texts;  ///< in the order in which they came
        bool isFull = false;                  ///< there are others
    };
    const Texts& of(Column column) const { return m_columns[static_cast<std::size_t>(column)]; }
    Texts labelKeys() const;
    Texts labelValues(std::string_view key) const;

    /// Rows that were told; `strings` has every text that they name. O(rows).
    void take(const TextColumn& strings, const services::MachineColumns& rows);

private:
    struct Label {
        std::string_view key;
        std::set<std::string_view> values;
        bool isFull = false;
    };
    bool isNew(StringId id, unsigned bit);
    void note(Column column, const TextColumn& strings, const std::vector<StringId>& ids);
    void noteLabels(std::string_view labels);

    std::vector<std::uint8_t> m_seen;  ///< of each string, a bit for each column that has it
    std::array<Texts, 5> m_columns;
    std::vector<Label> m_labels;  ///< by key
    bool m_labelsFull = false;
};

}  // namespace ifrit::gui::models
