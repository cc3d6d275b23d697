// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/chart_table_model.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using Chart = Columns<ChartRow>;

Chart::Column text(ColumnTitle title, QString ChartRow::*member, CellStyle style) {
    return Chart::text(
        std::move(title), [member](const auto& row) { return row.*member; }, style);
}

std::vector<Chart::Column> columns() {
    return {text({"series", [] { return ChartTableModel::tr("Series"); }}, &ChartRow::name,
                 CellStyle::Plain),
            Chart::count({"samples", [] { return ChartTableModel::tr("Samples"); }},
                         [](const auto& row) { return row.count; }),
            text({"least", [] { return ChartTableModel::tr("Least"); }}, &ChartRow::least,
                 CellStyle::Number),
            text({"median", [] { return ChartTableModel::tr("Median"); }}, &ChartRow::median,
                 CellStyle::Number),
            text({"95_of_100_below", [] { return ChartTableModel::tr("95 of 100 below"); }},
                 &ChartRow::high, CellStyle::Number),
            text({"most", [] { return ChartTableModel::tr("Most"); }}, &ChartRow::most,
                 CellStyle::Number)};
}

}  // namespace

ChartTableModel::ChartTableModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const ChartRow& row) { return row.name; }, parent) {}

}  // namespace ifrit::gui::models
