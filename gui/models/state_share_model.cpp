// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/state_share_model.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using Share = Columns<StateShare>;

std::vector<Share::Column> columns() {
    Share::Column machines =
        Share::count({"machines", [] { return StateShareModel::tr("Machines"); }},
                     [](const auto& row) { return row.machines; });
    Share::Column ofAll = Share::text(
        {"of_all", [] { return StateShareModel::tr("Of all"); }},
        [](const auto& row) { return row.share; }, CellStyle::Number);
    ofAll.less = machines.less;
    return {Share::state(
                {"state", [] { return StateShareModel::tr("State"); }},
                [](const auto& row) { return row.look; },
                [](const auto& row) { return row.look.word; }),
            std::move(machines), std::move(ofAll)};
}

}  // namespace

StateShareModel::StateShareModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const StateShare& row) { return QString::number(row.state); }, parent) {}

}  // namespace ifrit::gui::models
