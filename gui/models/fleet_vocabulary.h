// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
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
    /// A label with its value, "zone=b": labels() of them, from 0 on. The first stands for each
    /// label of which there are more than are kept.
    using LabelId = std::uint32_t;
    static constexpr LabelId kNotKept = 0;
    std::size_t labels() const { return m_labelTexts.size(); }
    std::string_view labelText(LabelId label) const { return m_labelTexts[label]; }
    /// Those in a machine's text of its labels, so that who counts a million machines takes no text
    /// apart.
    std::span<const LabelId> labelsIn(StringId text) const;

    /// Rows that were told; `strings` has every text that they name. O(rows).
    void take(const TextColumn& strings, const services::MachineColumns& rows);

private:
    struct Label {
        std::string_view key;
        std::map<std::string_view, LabelId> values;
        bool isFull = false;
    };
    bool isNew(StringId id, unsigned bit);
    void note(Column column, const TextColumn& strings, const std::vector<StringId>& ids);
    void noteLabels(StringId id, std::string_view labels);
    void noteLabel(std::string_view label);

    std::vector<std::uint8_t> m_seen;  ///< of each string, a bit for each column that has it
    std::array<Texts, 5> m_columns;
    std::vector<Label> m_labels;  ///< by key
    bool m_labelsFull = false;
    std::vector<std::string_view> m_labelTexts{{}};  ///< kNotKept has none
    std::vector<LabelId> m_labelIds;                 ///< of one text after another
    /// Of each string: where in m_labelIds its labels begin, and how many they are.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_labelsOf;
};

}  // namespace ifrit::gui::models
