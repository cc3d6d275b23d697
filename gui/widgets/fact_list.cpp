// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/fact_list.h"

#include <QGridLayout>

#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {

FactList::FactList(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
}

void FactList::setFacts(const QList<QPair<QString, QString>>& facts) {
    while (m_rows.size() < facts.size()) {
        const int row = static_cast<int>(m_rows.size());
        auto* value = new QLabel(this);
        value->setWordWrap(m_wraps);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        value->setFocusPolicy(Qt::ClickFocus);
        value->setTextFormat(Qt::PlainText);
        auto* name = mutedLabel({}, this);
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1, Qt::AlignTop);
        m_rows.append(qMakePair(name, value));
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const bool used = i < facts.size();
        m_rows[i].first->setVisible(used);
        m_rows[i].second->setVisible(used);
        if (!used) continue;
        m_rows[i].first->setText(facts[i].first);
        // A digest has no place to break by itself.
        QString text = facts[i].second;
        if (text.size() > 40 && !text.contains(QLatin1Char(' '))) {
            for (qsizetype at = 8; at < text.size(); at += 9)
                text.insert(at, QChar(0x200b));
        }
        m_rows[i].second->setText(text);
        // Chinese letters are taller: beside such a name the value stands on the same line.
        m_rows[i].second->setMinimumHeight(m_rows[i].first->sizeHint().height());
        m_rows[i].second->setAccessibleName(facts[i].first + QStringLiteral(": ") +
                                            facts[i].second);
    }
}

}  // namespace ifrit::gui::widgets
