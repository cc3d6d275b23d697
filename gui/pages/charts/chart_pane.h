// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

#include "gui/models/chart_table_model.h"
#include "gui/models/text_format.h"

namespace ifrit::gui::widgets {
class ChartView;
class DataTable;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// A chart with its name, what is to be known of it, its export and its table form.
class ChartPane : public QWidget {
    Q_OBJECT
public:
    ChartPane(const widgets::Theme& theme, const models::TimeText& times, QWidget* parent);
    /// `name`: of the file that an export suggests.
    void setContent(const models::ChartContent& content, const QString& name);
    void showTable(bool table);
    /// The picture, or in its table form the table.
    void exportShown();
    widgets::ChartView* view() { return m_view; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    void retranslate();
    const widgets::Theme& m_theme;
    models::ChartTableModel m_rows;
    QLabel* m_title;
    QLabel* m_note;
    QPushButton* m_export;
    widgets::ChartView* m_view;
    widgets::DataTable* m_table;
    QString m_name;
    bool m_asTable = false;
};

}  // namespace ifrit::gui::pages
