// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/more_rows.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

#include "gui/presenters/filter_count.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {

MoreRows::MoreRows(widgets::DataTable& table, std::function<void()> more, QWidget* parent)
    : QWidget(parent),
      m_table(table),
      m_more(new QPushButton(this)),
      m_count(widgets::mutedLabel({}, this)) {
    m_more->setObjectName(QStringLiteral("more"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(&table);
    m_count->setObjectName(QStringLiteral("count"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_more);
    row->addWidget(m_count);
    row->addStretch(1);
    column->addLayout(row);
    m_more->hide();
    connect(m_more, &QPushButton::clicked, this, std::move(more));
    retranslate();
}

void MoreRows::setMore(bool hasMore) {
    m_hasMore = hasMore;
    m_more->setVisible(hasMore);
    count();
}

/// Of none the table itself says why.
void MoreRows::count() {
    const int rows = m_table.model() == nullptr ? 0 : m_table.model()->rowCount();
    m_count->setVisible(rows > 0);
    m_count->setText(presenters::countText(rows, rows, m_hasMore));
}

void MoreRows::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void MoreRows::retranslate() {
    m_more->setText(tr("Load more"));
    count();
}

}  // namespace ifrit::gui::pages
