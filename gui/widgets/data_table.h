// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include "gui/models/table_role.h"

namespace ifrit::gui::widgets {

class Theme;

using models::KeyRole;
using models::MonospaceRole;
using models::MutedRole;
using models::StatusKindRole;

/// A table in the look: rows of 27 px, lines between rows only, whole rows selected, Ctrl+C copies
/// them tab-separated. Draws only what is visible, so a million rows cost what a screenful costs.
class DataTable : public QTableView {
    Q_OBJECT
public:
    DataTable(const Theme& theme, QWidget* parent);
    void setModel(QAbstractItemModel* model) override;

Q_SIGNALS:
    void opened(const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void copySelection() const;
    const Theme& m_theme;
};

}  // namespace ifrit::gui::widgets
