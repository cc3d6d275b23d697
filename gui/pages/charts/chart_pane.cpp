// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/charts/chart_pane.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/picture_export.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {

ChartPane::ChartPane(const widgets::Theme& theme, const models::TimeText& times, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(widgets::headingLabel({}, this)),
      m_note(widgets::mutedLabel({}, this)),
      m_export(new QPushButton(this)),
      m_view(new widgets::ChartView(theme, times, this)),
      m_table(new widgets::DataTable(theme, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(m_title);
    row->addStretch(1);
    row->addWidget(m_export);
    m_export->setProperty("look", QLatin1String("link"));
    column->addLayout(row);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    column->addWidget(m_view, 1);
    column->addWidget(m_table, 1);
    m_table->setModel(&m_rows);
    m_table->fitColumns();
    m_table->hide();
    connect(m_export, &QPushButton::clicked, this, &ChartPane::exportShown);
    retranslate();
}

void ChartPane::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void ChartPane::retranslate() {
    m_export->setText(tr("Export…"));
    update();
}

void ChartPane::setContent(const models::ChartContent& content, const QString& name) {
    m_name = name;
    m_view->setContent(content);
    m_rows.setRecords(content.rows);
    update();
}

void ChartPane::exportShown() {
    if (!m_view->content().whyEmpty.isEmpty()) return;
    if (m_asTable) {
        exportTable(m_rows, m_name, this);
    } else {
        exportPicture(*m_view, m_theme, m_name, this);
    }
}

void ChartPane::showTable(bool table) {
    m_asTable = table;
    update();
}

void ChartPane::update() {
    const models::ChartContent& content = m_view->content();
    m_title->setText(content.title);
    m_note->setText(content.note);
    m_note->setVisible(!content.note.isEmpty());
    m_table->setAccessibleName(content.title);
    m_export->setAccessibleName(tr("Export the chart as a picture: %1").arg(content.title));
    // Where there is nothing to show, the sentence is.
    const bool any = content.whyEmpty.isEmpty();
    m_export->setVisible(any && !m_asTable);
    m_table->setVisible(any && m_asTable);
    m_view->setVisible(!any || !m_asTable);
}

}  // namespace ifrit::gui::pages
