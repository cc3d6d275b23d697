// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

#include "gui/models/fleet_columns.h"

namespace ifrit::gui::presenters {

enum class MapGroupBy { Batch, Pin, Type, Label, Nothing };

/// What the machines of the map are grouped by.
struct MapGrouping {
    MapGroupBy by = MapGroupBy::Batch;
    QString label;  ///< by Label: its key
    bool operator==(const MapGrouping&) const = default;
};

/// Puts each machine into one of the groups, which stand in order: batches by number, all others by
/// name. A group's name is made once, not once a machine. Pure.
class MapGroups {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::MapGroups)
public:
    MapGroups(const models::FleetColumns& columns, const MapGrouping& grouping);

    const QStringList& titles() const { return m_titles; }
    /// How many machines each has.
    const std::vector<std::size_t>& sizes() const { return m_sizes; }
    /// Into titles(); of a row that is no hole.
    std::uint32_t of(std::uint32_t row) const { return m_groupOf[keyOf(row)]; }

    /// The keys of the labels that machines have, in order; at most 50.
    static QStringList labelKeys(const models::FleetColumns& columns);

private:
    std::uint32_t keyOf(std::uint32_t row) const { return m_keys == nullptr ? 0 : m_keys[row]; }
    QString titleOf(std::uint32_t key) const;

    const models::FleetColumns& m_columns;
    MapGrouping m_grouping;
    const std::uint32_t* m_keys;           ///< of the columns, by row; null: all in one
    std::vector<std::uint32_t> m_groupOf;  ///< by batch, or by interned text
    std::vector<std::size_t> m_sizes;
    QStringList m_titles;
};

}  // namespace ifrit::gui::presenters
