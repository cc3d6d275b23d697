// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/record_table_model.h"

namespace ifrit::gui::models {

/// One group of the map in figures.
struct MapGroupRow {
    QString title;
    qint64 machines = 0;
    qint64 failed = 0;
    qint64 silent = 0;
    qint64 watching = 0;
    qint64 inFlight = 0;
    qint64 healthy = 0;
    qint64 other = 0;
    QString colors;  ///< what the cells say where they say no state: "1.6.1 6 · 1.5.0 231"
    bool operator==(const MapGroupRow&) const = default;
};

/// The table form of the map.
class MapGroupModel : public RecordTableModel<MapGroupRow> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::MapGroupModel)
public:
    explicit MapGroupModel(QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
