// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/state_share_model.h"

#include "gui/models/text_format.h"

namespace ifrit::gui::models {
namespace {

std::vector<StateShareModel::Column> columns() {
    const auto fewer = [](const StateShare& a, const StateShare& b) {
        return a.machines < b.machines;
    };
    return {{{"state", [] { return StateShareModel::tr("State"); }},
             {},
             CellStyle::Plain,
             [](const StateShare& row) { return row.look; },
             {}},
            {{"machines", [] { return StateShareModel::tr("Machines"); }},
             [](const StateShare& row) { return grouped(row.machines); },
             CellStyle::Number,
             {},
             fewer},
            {{"of_all", [] { return StateShareModel::tr("Of all"); }},
             [](const StateShare& row) { return row.share; },
             CellStyle::Number,
             {},
             fewer}};
}

}  // namespace

StateShareModel::StateShareModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const StateShare& row) { return QString::number(row.state); }, parent) {}

}  // namespace ifrit::gui::models
