// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/map_group_model.h"

#include "gui/models/text_format.h"

namespace ifrit::gui::models {
namespace {

using Column = MapGroupModel::Column;

/// A count: shown in groups, sorted as a number.
Column number(std::function<QString()> title, qint64 MapGroupRow::*member) {
    return {std::move(title),
            [member](const MapGroupRow& row) { return grouped(row.*member); },
            CellStyle::Number,
            {},
            [member](const MapGroupRow& a, const MapGroupRow& b) { return a.*member < b.*member; }};
}

std::vector<Column> columns() {
    return {{[] { return MapGroupModel::tr("Group"); },
             [](const MapGroupRow& row) { return row.title; },
             CellStyle::Plain,
             {},
             {}},
            number([] { return MapGroupModel::tr("Machines"); }, &MapGroupRow::machines),
            number([] { return MapGroupModel::tr("Failed"); }, &MapGroupRow::failed),
            number([] { return MapGroupModel::tr("Silent"); }, &MapGroupRow::silent),
            number([] { return MapGroupModel::tr("Watching"); }, &MapGroupRow::watching),
            number([] { return MapGroupModel::tr("In flight"); }, &MapGroupRow::inFlight),
            number([] { return MapGroupModel::tr("Healthy"); }, &MapGroupRow::healthy),
            number([] { return MapGroupModel::tr("No agent yet"); }, &MapGroupRow::other),
            {[] { return MapGroupModel::tr("By colour"); },
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
