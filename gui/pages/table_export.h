// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractItemModel;
class QWidget;

namespace ifrit::gui::pages {

/// Asks for a file (CSV or JSON lines) and writes every row of the model to it, whole or not at
/// all; tells what failed.
void exportTable(const QAbstractItemModel& model, const QString& name, QWidget* parent);

/// RFC 4180, with a header line.
QString csvOf(const QAbstractItemModel& model);
/// One object a line, keys from the header.
QString jsonLinesOf(const QAbstractItemModel& model);

}  // namespace ifrit::gui::pages
