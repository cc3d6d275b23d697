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

constexpr std::size_t kMostLabelKeys = 50;

/// The value of a key in "k=v,k=v"; empty: it is not there.
QString valueOf(std::string_view labels, const QString& key) {
    for (const QString& part : toText(labels).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(QLatin1Char('='));
        if (equals >= 0 && part.left(equals) == key) return part.mid(equals + 1);
    }
    return {};
}

/// By row; null: they have none.
const std::uint32_t* keysOf(const models::FleetColumns& columns, MapGroupBy by) {
    switch (by) {
        case MapGroupBy::Batch:
            return columns.batch.data();
        case MapGroupBy::Pin:
            return columns.pin.data();
        case MapGroupBy::Type:
            return columns.machineType.data();
        case MapGroupBy::Label:
            return columns.labels.data();
        case MapGroupBy::Nothing:
            break;
    }
    return nullptr;
}

}  // namespace

MapGroups::MapGroups(const models::FleetColumns& columns, const MapGrouping& grouping)
    : m_columns(columns), m_grouping(grouping), m_keys(keysOf(columns, grouping.by)) {
    std::vector<std::size_t> machines;  // by key
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        const std::uint32_t key = keyOf(row);
        if (key >= machines.size()) machines.resize(std::size_t{key} + 1, 0);
        ++machines[key];
    }
    // Two label texts may have the same value of the key: one group.
    std::map<std::pair<std::uint32_t, QString>, std::vector<std::uint32_t>> inOrder;
    for (std::uint32_t key = 0; key < machines.size(); ++key) {
        if (machines[key] == 0) continue;
        const std::uint32_t number = grouping.by == MapGroupBy::Batch ? key : 0;
        inOrder[{number, titleOf(key)}].push_back(key);
    }
    m_groupOf.assign(machines.size(), 0);
    for (const auto& [name, members] : inOrder) {
        m_sizes.push_back(0);
        for (const std::uint32_t key : members) {
            m_groupOf[key] = static_cast<std::uint32_t>(m_titles.size());
            m_sizes.back() += machines[key];
        }
        m_titles << name.second;
    }
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
