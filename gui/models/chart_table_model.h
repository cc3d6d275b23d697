// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/chart_parts.h"
#include "gui/models/record_table_model.h"

namespace ifrit::gui::models {

/// The table form of a chart.
class ChartTableModel : public RecordTableModel<ChartRow> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ChartTableModel)
public:
    explicit ChartTableModel(QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
