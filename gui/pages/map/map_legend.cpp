// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/map/map_legend.h"

#include <QEvent>

#include "gui/pages/map/legend_button.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {
namespace {

constexpr int kColumns = 7;
constexpr int kRows = 4;

}  // namespace

MapLegend::MapLegend(const widgets::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_hint(widgets::mutedLabel({}, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    for (int i = 0; i < kRows; ++i) {
        m_rows.append(new QHBoxLayout);
        m_rows.back()->setSpacing(6);
        m_rows.back()->addStretch(1);
        column->addLayout(m_rows.back());
    }
    retranslate();
}

void MapLegend::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void MapLegend::retranslate() {
    m_hint->setText(tr("click to filter, double click for the list"));
    for (LegendButton* button : m_buttons)
        button->setToolTip(m_hint->text());
    placeHint();
}

void MapLegend::addButton() {
    const auto index = static_cast<std::size_t>(m_buttons.size());
    auto* button = new LegendButton(m_theme, this);
    button->setToolTip(m_hint->text());
    const int place = static_cast<int>(index);
    m_rows[std::min(place / kColumns, kRows - 1)]->insertWidget(place % kColumns, button);
    connect(button, &QAbstractButton::clicked, this, [this, index] {
        if (index < m_entries.size()) Q_EMIT toggled(m_entries[index].entry);
    });
    connect(button, &LegendButton::opened, this, [this, index] {
        if (index < m_entries.size() && !m_entries[index].filter.isEmpty())
            Q_EMIT opened(m_entries[index].filter);
    });
    m_buttons.append(button);
}

void MapLegend::setEntries(const Entries& entries, bool roomy) {
    m_entries = entries;
    while (m_buttons.size() < static_cast<qsizetype>(entries.size()))
        addButton();
    // Beside many entries there is no room for it; each says it too.
    m_roomy = roomy;
    m_filters = false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_buttons.size()); ++i) {
        LegendButton* button = m_buttons[static_cast<qsizetype>(i)];
        button->setVisible(i < entries.size());
        if (i >= entries.size()) continue;
        button->setEntry(entries[i].swatch, entries[i].word, entries[i].machines,
                         entries[i].chosen);
        m_filters = m_filters || entries[i].chosen;
    }
    placeHint();
}

// In no layout: the map gives way to the clusters beside it, and the hint to both.
void MapLegend::placeHint() {
    constexpr int kGap = 12;
    const QSize hint = m_hint->sizeHint();
    m_rows.front()->invalidate();
    const QSize row = m_rows.front()->sizeHint();
    m_hint->setVisible(m_roomy && row.width() + kGap + hint.width() <= width());
    m_hint->setGeometry(width() - hint.width(), 0, hint.width(), row.height());
}

void MapLegend::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeHint();
}

}  // namespace ifrit::gui::pages
