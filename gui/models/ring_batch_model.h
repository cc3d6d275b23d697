// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/record_table_model.h"
#include "gui/models/ring_parts.h"

namespace ifrit::gui::models {

/// The batches of the ring in words and figures: its table form.
class RingBatchModel : public RecordTableModel<RingBatch> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::RingBatchModel)
public:
    explicit RingBatchModel(QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
