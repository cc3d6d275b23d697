// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QStringList>
#include <QTreeView>

#include "gui/models/table_role.h"

namespace ifrit::gui::widgets {

class ColumnFit;
class Theme;

/// A DataTable whose rows stand under headings that open and close: all are open until somebody
/// closes one, and stay as they were when the model is reset, by KeyRole. For hundreds of rows.
class DataTree : public QTreeView {
    Q_OBJECT
public:
    DataTree(const Theme& theme, QWidget* parent);
    void setModel(QAbstractItemModel* model) override;
    ColumnFit& columnFit() { return *m_columns; }
    void restoreColumns(const QByteArray& state);
    /// Empty while the widths are not the operator's.
    QByteArray columns() const;
    /// Keys of the headings that are there and closed.
    QStringList closed() const;
    void setClosed(const QStringList& keys);
    /// Open whatever was closed, which is closed again afterwards: a filter hides nothing twice.
    void setAllOpen(bool open);
    /// What stands in the tree's room while it has no row.
    void setEmptyText(const QString& text);
    /// As on the first day: all open, in widths of their own.
    void openAllAndFit();

Q_SIGNALS:
    /// Enter, or a double click, on a row that nothing stands under.
    void opened(const QModelIndex& index);

protected:
    void changeEvent(QEvent* event) override;
    void drawBranches(QPainter* painter, const QRect& rect,
                      const QModelIndex& index) const override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyClosed();
    const Theme& m_theme;
    ColumnFit* m_columns;
    QSet<QString> m_closed;
    QString m_emptyText;
    bool m_allOpen = false;
    bool m_applying = false;  ///< what opens and closes now is not the operator's doing
};

}  // namespace ifrit::gui::widgets
