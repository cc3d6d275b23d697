// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <cstdint>
#include <string>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "gui/models/page_parts.h"
#include "gui/models/version_colors.h"
#include "gui/presenters/machine_buckets.h"
#include "shared/base/clock.h"

namespace ifrit::gui::presenters {

enum class MapColor { State, Version, Age, Batch };

/// Gives each machine one of at most 26 entries of a legend. Made anew whenever the columns change;
/// keeps no hold of them, but a byte for each row. Pure. GUI thread.
class MapColoring {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::MapColoring)
public:
    struct Entry {
        models::MapSwatch swatch;
        QString word;
        QString filter;  ///< of the machines view, that finds what it counts; empty: none does
        qint64 machines = 0;
        bool always = false;  ///< also where there is none of it
    };

    /// `agent`: whose versions are meant; `versions`: the colours that they have. A walk over all
    /// rows, whose agents are read once, and one over a byte for each.
    MapColoring(const models::FleetColumns& columns, MapColor color, const std::string& agent,
                const models::VersionColors& versions, base::WallTime now);

    /// The entry of a row that is no hole.
    std::uint8_t of(std::uint32_t row) const { return m_of[row]; }
    const std::vector<Entry>& entries() const { return m_entries; }

    static models::StatusLook lookOf(MachineBucket bucket);
    static QString filterOf(MachineBucket bucket);

private:
    void makeStates(const models::FleetColumns& columns);
    void makeVersions(const models::FleetColumns& columns, const std::string& agent,
                      const models::VersionColors& colors);
    void makeAges(const models::FleetColumns& columns, std::int64_t nowMs);
    void makeBatches(const models::FleetColumns& columns);
    void addSeries(const QString& word, const QString& filter, int series);
    void closeSeries(bool ramp);

    std::vector<std::uint8_t> m_of;  ///< by row
    std::vector<Entry> m_entries;
};

}  // namespace ifrit::gui::presenters
