// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <cstdint>
#include <string>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "gui/models/page_parts.h"
#include "gui/presenters/machine_buckets.h"
#include "shared/base/clock.h"

namespace ifrit::gui::presenters {

enum class MapColor { State, Version, Age, Batch };

/// Gives each machine one of at most 26 entries of a legend. Made anew
/// whenever the columns change; keeps no hold of them. Pure. GUI thread.
class MapColoring {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::MapColoring)
public:
    struct Entry {
        models::MapSwatch swatch;
        QString word;
        QString filter;       ///< of the machines view, that finds what it counts; empty: none does
        qint64 machines = 0;  ///< as far as count() was told
        bool always = false;  ///< also where there is none of it
    };

    /// `agent`: whose versions are meant. One walk over all rows, two for versions and batches.
    MapColoring(const models::FleetColumns& columns, MapColor color, const std::string& agent,
                base::WallTime now);

    /// The entry of a row of the same columns.
    std::uint8_t of(const models::FleetColumns& columns, std::uint32_t row) const;
    const std::vector<Entry>& entries() const { return m_entries; }

    static models::StatusLook lookOf(MachineBucket bucket);
    static QString filterOf(MachineBucket bucket);

private:
    void makeStates();
    void makeVersions(const models::FleetColumns& columns, const std::string& agent);
    void makeAges();
    void makeBatches(const models::FleetColumns& columns);
    /// The version of the agent on a machine; 0: it has none.
    models::StringId versionOn(const models::FleetColumns& columns, std::uint32_t row) const;
    void addSeries(const QString& word, const QString& filter);
    void closeSeries(bool ramp);

    MapColor m_color;
    std::int64_t m_nowMs;
    models::StringId m_agent = 0;
    std::vector<std::uint8_t> m_entryOf;  ///< by version or batch
    std::vector<Entry> m_entries;
};

}  // namespace ifrit::gui::presenters
