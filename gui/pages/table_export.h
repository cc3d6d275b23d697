// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <memory>

#include "gui/presenters/row_source.h"

class QAbstractItemModel;
class QItemSelectionModel;
class QWidget;

namespace ifrit::gui::widgets {
class DataTable;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// What of a table can be written.
struct ExportTable {
    using Source = std::function<std::unique_ptr<presenters::RowSource>()>;
    const QAbstractItemModel* model = nullptr;  ///< the rows that are shown
    const QItemSelectionModel* selection = nullptr;
    QString name;  ///< of the file, and in the title
    Source shown;  ///< what the filter shows, where the model may hold only the first of it
    Source all;    ///< without the filter; empty: there is none
};

/// Asks which rows (selected, shown, all) and whereto (CSV, JSON lines, clipboard), and writes them
/// from the event loop, whole or not at all; says at the end how many, or what failed.
void exportTable(const ExportTable& table, QWidget* parent);
void exportTable(const QAbstractItemModel& model, const QString& name, QWidget* parent);
/// As the page that it stands on says (Page::exportOf()); of one that stands on none what it shows,
/// asked over `elsewhere`.
void exportTable(const widgets::DataTable& table, QWidget* elsewhere);

}  // namespace ifrit::gui::pages
