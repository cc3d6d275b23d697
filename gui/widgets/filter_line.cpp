// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/filter_line.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {

FilterLine::FilterLine(QWidget* parent)
    : QWidget(parent),
      m_bar(new QHBoxLayout(this)),
      m_line(new QLineEdit(this)),
      m_count(mutedLabel({}, this)),
      m_clear(new QPushButton(tr("Clear"), this)) {
    m_bar->setContentsMargins(0, 0, 0, 0);
    m_bar->setSpacing(8);
    m_bar->addWidget(m_line, 1);
    m_bar->addWidget(m_count);
    m_bar->addWidget(m_clear);
    m_count->hide();
    applyClear();
    m_line->installEventFilter(this);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::textChanged, this, &FilterLine::apply);
    connect(m_line, &QLineEdit::returnPressed, this, &FilterLine::listWanted);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        clear();
        // The button goes off: the next key is meant for here.
        m_line->setFocus();
    });
}

void FilterLine::setWords(const QString& placeholder, const QString& name) {
    m_line->setPlaceholderText(placeholder);
    m_line->setAccessibleName(name);
}

void FilterLine::setCount(const QString& text) {
    m_count->setText(text);
    m_count->setVisible(!text.isEmpty());
}

QString FilterLine::text() const {
    return m_line->text().simplified();
}

void FilterLine::clear() {
    m_line->clear();
}

void FilterLine::focusLine() {
    m_line->setFocus();
    m_line->selectAll();
}

void FilterLine::apply() {
    applyClear();
    Q_EMIT filtered(text());
}

void FilterLine::allowClear(QPushButton& button, bool filters) {
    button.setEnabled(filters);
    const QString why = filters ? QString() : tr("The filter is empty.");
    button.setToolTip(why);
    button.setAccessibleDescription(why);
}

void FilterLine::applyClear() {
    allowClear(*m_clear, filters());
}

void FilterLine::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    m_clear->setText(tr("Clear"));
    applyClear();
    // Words of the list are others now.
    if (filters()) Q_EMIT filtered(text());
}

bool FilterLine::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_line && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Down) {
        Q_EMIT listWanted();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace ifrit::gui::widgets
