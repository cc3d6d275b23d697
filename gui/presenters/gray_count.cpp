// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/gray_count.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ifrit::gui::presenters {
namespace {

using models::FleetColumns;
using models::StringId;

/// "k=v,k=v" has all of these.
bool hasAll(std::string_view labels, const std::map<std::string, std::string>& wanted) {
    const std::string text = "," + std::string(labels) + ",";
    return std::all_of(wanted.begin(), wanted.end(), [&text](const auto& label) {
        return text.find("," + label.first + "=" + label.second + ",") != std::string::npos;
    });
}

/// Which machines the pin and the labels name. A fleet has few different label texts: each is
/// looked at once, not once a machine.
class ByText {
public:
    ByText(const domain::GraySelection& gray, const FleetColumns& columns)
        : m_gray(gray), m_columns(columns) {
        if (!gray.pin.empty()) m_pins.resize(columns.strings.size(), Answer::Unknown);
        if (!gray.labels.empty()) m_labels.resize(columns.strings.size(), Answer::Unknown);
    }
    bool names(std::uint32_t row) {
        if (!m_pins.empty() && know(m_pins, m_columns.pin[row],
                                    [this](std::string_view pin) { return pin == m_gray.pin; }))
            return true;
        return !m_labels.empty() &&
               know(m_labels, m_columns.labels[row],
                    [this](std::string_view labels) { return hasAll(labels, m_gray.labels); });
    }

private:
    enum class Answer : std::uint8_t { Unknown, No, Yes };
    template <typename Asked>
    bool know(std::vector<Answer>& answers, StringId id, Asked asked) {
        if (answers[id] == Answer::Unknown)
            answers[id] = asked(m_columns.text(id)) ? Answer::Yes : Answer::No;
        return answers[id] == Answer::Yes;
    }
    const domain::GraySelection& m_gray;
    const FleetColumns& m_columns;
    std::vector<Answer> m_pins;
    std::vector<Answer> m_labels;
};

}  // namespace

int GrayCount::of(const domain::GraySelection& gray, const models::FleetStore& store) {
    if (m_known && m_gray == gray) return m_count;
    m_known = true;
    m_gray = gray;
    m_count = 0;
    const FleetColumns& columns = store.columns();
    ByText byText(gray, columns);
    if (!gray.pin.empty() || !gray.labels.empty()) {
        for (std::uint32_t row = 0; row < columns.rows(); ++row)
            m_count += columns.alive[row] != 0 && byText.names(row) ? 1 : 0;
    }
    std::vector<std::uint32_t> rows;
    for (const std::string& uuid : gray.uuids) {
        if (const auto row = store.rowOf(uuid); row && !byText.names(*row)) rows.push_back(*row);
    }
    std::sort(rows.begin(), rows.end());
    m_count += static_cast<int>(std::unique(rows.begin(), rows.end()) - rows.begin());
    return m_count;
}

}  // namespace ifrit::gui::presenters
