// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/map_grouping.h"

#include <algorithm>
#include <map>
#include <set>

#include "gui/models/status_words.h"
#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

constexpr std::uint32_t kNone = ~0U;
constexpr std::size_t kMostLabelKeys = 50;

/// The value of a key in "k=v,k=v"; empty: it is not there.
QString valueOf(std::string_view labels, const QString& key) {
    for (const QString& part : toText(labels).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(QLatin1Char('='));
        if (equals >= 0 && part.left(equals) == key) return part.mid(equals + 1);
    }
    return {};
}

}  // namespace

MapGroups::MapGroups(const models::FleetColumns& columns, const MapGrouping& grouping)
    : m_columns(columns), m_grouping(grouping) {
    std::uint32_t last = 0;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] != 0) last = std::max(last, keyOf(row));
    }
    m_groupOf.assign(std::size_t{last} + 1, kNone);
    std::vector<std::uint32_t> keys;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        std::uint32_t& group = m_groupOf[keyOf(row)];
        if (group == kNone) keys.push_back(keyOf(row));
        group = 0;
    }
    // Two label texts may have the same value of the key: one group.
    std::map<std::pair<std::uint32_t, QString>, std::vector<std::uint32_t>> inOrder;
    for (const std::uint32_t key : keys) {
        const std::uint32_t number = grouping.by == MapGroupBy::Batch ? key : 0;
        inOrder[{number, titleOf(key)}].push_back(key);
    }
    for (const auto& [name, members] : inOrder) {
        for (const std::uint32_t key : members)
            m_groupOf[key] = static_cast<std::uint32_t>(m_titles.size());
        m_titles << name.second;
    }
}

std::uint32_t MapGroups::keyOf(std::uint32_t row) const {
    switch (m_grouping.by) {
        case MapGroupBy::Batch:
            return m_columns.batch[row];
        case MapGroupBy::Pin:
            return m_columns.pin[row];
        case MapGroupBy::Type:
            return m_columns.machineType[row];
        case MapGroupBy::Label:
            return m_columns.labels[row];
        case MapGroupBy::Nothing:
            break;
    }
    return 0;
}

QString MapGroups::titleOf(std::uint32_t key) const {
    switch (m_grouping.by) {
        case MapGroupBy::Batch:
            return key == 0 ? tr("No batch")
                            : models::StatusWords::nameOf(domain::StageKind::Batch, key);
        case MapGroupBy::Pin:
            return key == 0 ? tr("No pin") : toText(m_columns.text(key));
        case MapGroupBy::Type:
            return toText(m_columns.text(key));
        case MapGroupBy::Label: {
            const QString value = valueOf(m_columns.text(key), m_grouping.label);
            return value.isEmpty() ? tr("No %1").arg(m_grouping.label)
                                   : m_grouping.label + QLatin1Char('=') + value;
        }
        case MapGroupBy::Nothing:
            break;
    }
    return tr("All machines");
}

QStringList MapGroups::labelKeys(const models::FleetColumns& columns) {
    std::vector<bool> seen(columns.strings.size(), false);
    std::set<QString> keys;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        const models::StringId id = columns.labels[row];
        if (columns.alive[row] == 0 || id == 0 || seen[id]) continue;
        seen[id] = true;
        for (const QString& part :
             toText(columns.text(id)).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const qsizetype equals = part.indexOf(QLatin1Char('='));
            if (equals > 0 && keys.size() < kMostLabelKeys) keys.insert(part.left(equals));
        }
    }
    return {keys.begin(), keys.end()};
}

}  // namespace ifrit::gui::presenters
