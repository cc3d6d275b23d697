// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/page_parts.h"
#include "gui/models/record_table_model.h"

namespace ifrit::gui::models {

/// The table form of the donut of states.
class StateShareModel : public RecordTableModel<StateShare> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::StateShareModel)
public:
    explicit StateShareModel(QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
