// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/more_rows.h"

#include <QEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

#include "gui/widgets/data_table.h"

namespace ifrit::gui::pages {

MoreRows::MoreRows(widgets::DataTable& table, std::function<void()> more, QWidget* parent)
    : QWidget(parent), m_more(new QPushButton(this)) {
    m_more->setObjectName(QStringLiteral("more"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(&table);
    column->addWidget(m_more, 0, Qt::AlignLeft);
    m_more->hide();
    connect(m_more, &QPushButton::clicked, this, std::move(more));
    retranslate();
}

void MoreRows::setMore(bool hasMore) {
    m_more->setVisible(hasMore);
}

void MoreRows::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void MoreRows::retranslate() {
    m_more->setText(tr("Load more"));
}

}  // namespace ifrit::gui::pages
