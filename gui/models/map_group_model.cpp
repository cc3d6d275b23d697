// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/map_group_model.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using Group = Columns<MapGroupRow>;

Group::Column number(ColumnTitle title, qint64 MapGroupRow::*member) {
    return Group::count(std::move(title), [member](const auto& row) { return row.*member; });
}

std::vector<Group::Column> columns() {
    return {
        Group::text({"group", [] { return MapGroupModel::tr("Group"); }},
                    [](const auto& row) { return row.title; }),
        number({"machines", [] { return MapGroupModel::tr("Machines"); }}, &MapGroupRow::machines),
        number({"failed", [] { return MapGroupModel::tr("Failed or reverted"); }},
               &MapGroupRow::failed),
        number({"silent", [] { return MapGroupModel::tr("Silent"); }}, &MapGroupRow::silent),
        number({"watching", [] { return MapGroupModel::tr("Watching"); }}, &MapGroupRow::watching),
        number({"in_flight", [] { return MapGroupModel::tr("In flight"); }},
               &MapGroupRow::inFlight),
        number({"healthy", [] { return MapGroupModel::tr("Healthy"); }}, &MapGroupRow::healthy),
        number({"no_agent_yet", [] { return MapGroupModel::tr("No agent yet"); }},
               &MapGroupRow::other),
        Group::text(
            {"by_colour", [] { return MapGroupModel::tr("By colour"); }},
            [](const auto& row) { return row.colors; }, CellStyle::Muted)};
}

}  // namespace

MapGroupModel::MapGroupModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const MapGroupRow& row) { return row.title; }, parent) {}

}  // namespace ifrit::gui::models
