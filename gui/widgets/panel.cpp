// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/panel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>

#include <algorithm>

#include "gui/widgets/theme.h"
#include "gui/widgets/wrapped_label.h"

namespace ifrit::gui::widgets {

Panel::Panel(const Theme& theme, QWidget* parent)
    : QFrame(parent),
      m_theme(theme),
      m_heading(headingLabel({}, this)),
      m_fact(mutedLabel({}, this)),
      m_headingRow(new QHBoxLayout),
      m_body(new QVBoxLayout(this)) {
    m_body->setContentsMargins(14, 12, 14, 12);
    m_body->setSpacing(8);
    m_headingRow->setSpacing(8);
    m_headingRow->addWidget(m_heading);
    m_headingRow->addStretch(1);
    m_headingRow->addWidget(m_fact);
    m_body->addLayout(m_headingRow);
    m_heading->hide();
    m_fact->hide();
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Panel::setHeading(const QString& heading, const QString& fact) {
    m_heading->setText(heading);
    m_heading->setVisible(!heading.isEmpty());
    m_fact->setText(fact);
    m_fact->setVisible(!fact.isEmpty());
}

void Panel::setOld(bool old) {
    setOldLook(m_fact, old);
}

void Panel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color(Token::Border), 1));
    painter.setBrush(m_theme.color(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    auto* label = new WrappedLabel(text, parent);
    label->setProperty("look", QLatin1String("muted"));
    return label;
}

QLabel* headingLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("look", QLatin1String("heading"));
    return label;
}

void setLook(QWidget* widget, const char* look) {
    widget->setProperty("look", QLatin1String(look));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

void setOldLook(QWidget* widget, bool old) {
    if (widget->property("old").toBool() == old) return;
    widget->setProperty("old", old);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QHBoxLayout* sharedRow(const QList<std::pair<Panel*, int>>& panels) {
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    for (const auto& [panel, share] : panels)
        row->addWidget(panel, share);
    return row;
}

void keepWidthFor(QPushButton* button, const QStringList& words) {
    const QString shown = button->text();
    button->setMinimumWidth(0);
    int widest = 0;
    for (const QString& word : words) {
        button->setText(word);
        widest = std::max(widest, button->sizeHint().width());
    }
    button->setText(shown);
    button->setMinimumWidth(widest);
}

}  // namespace ifrit::gui::widgets
