// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/map_group_model.h"

#include "gui/models/text_format.h"

namespace ifrit::gui::models {
namespace {

using Column = MapGroupModel::Column;

/// A count: shown in groups, sorted as a number.
Column number(ColumnTitle title, qint64 MapGroupRow::*member) {
    return {std::move(title),
            [member](const MapGroupRow& row) { return grouped(row.*member); },
            CellStyle::Number,
            {},
            [member](const MapGroupRow& a, const MapGroupRow& b) { return a.*member < b.*member; }};
}

std::vector<Column> columns() {
    return {
        {{"group", [] { return MapGroupModel::tr("Group"); }},
         [](const MapGroupRow& row) { return row.title; },
         CellStyle::Plain,
         {},
         {}},
        number({"machines", [] { return MapGroupModel::tr("Machines"); }}, &MapGroupRow::machines),
        number({"failed", [] { return MapGroupModel::tr("Failed"); }}, &MapGroupRow::failed),
        number({"silent", [] { return MapGroupModel::tr("Silent"); }}, &MapGroupRow::silent),
        number({"watching", [] { return MapGroupModel::tr("Watching"); }}, &MapGroupRow::watching),
        number({"in_flight", [] { return MapGroupModel::tr("In flight"); }},
               &MapGroupRow::inFlight),
        number({"healthy", [] { return MapGroupModel::tr("Healthy"); }}, &MapGroupRow::healthy),
        number({"no_agent_yet", [] { return MapGroupModel::tr("No agent yet"); }},
               &MapGroupRow::other),
        {{"by_colour", [] { return MapGroupModel::tr("By colour"); }},
         [](const MapGroupRow& row) { return row.colors; },
         CellStyle::Muted,
         {},
         {}}};
}

}  // namespace

MapGroupModel::MapGroupModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const MapGroupRow& row) { return row.title; }, parent) {}

}  // namespace ifrit::gui::models
