// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/step_list.h"

#include <QGridLayout>
#include <QLabel>

#include "gui/widgets/panel.h"
#include "gui/widgets/status_badge.h"

namespace ifrit::gui::pages {

StepList::StepList(const widgets::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(14);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(2, 1);
    m_grid->setColumnMinimumWidth(0, 84);
    m_grid->setColumnMinimumWidth(1, 96);
}

void StepList::setSteps(const std::vector<presenters::ConnectionsPresenter::Step>& steps) {
    while (m_rows.size() < static_cast<qsizetype>(steps.size())) {
        const int row = static_cast<int>(m_rows.size());
        auto* detail = widgets::mutedLabel({}, this);
        detail->setWordWrap(true);
        detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_rows.append({new QLabel(this), new widgets::StatusBadge(m_theme, this), detail});
        m_grid->addWidget(m_rows.last().name, row, 0);
        m_grid->addWidget(m_rows.last().badge, row, 1, Qt::AlignLeft);
        m_grid->addWidget(detail, row, 2);
    }
    for (qsizetype i = 0; i < static_cast<qsizetype>(steps.size()); ++i) {
        const auto& step = steps[static_cast<std::size_t>(i)];
        m_rows[i].name->setText(step.name);
        m_rows[i].badge->setLook(step.look);
        QString text = step.detail;
        if (!step.hint.isEmpty())
            text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + step.hint;
        m_rows[i].detail->setText(text);
        m_rows[i].name->setAccessibleName(step.name + QStringLiteral(": ") + step.look.word);
    }
    // A connection with fewer masters has fewer rows than the one before.
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const bool isUsed = i < static_cast<qsizetype>(steps.size());
        m_rows[i].name->setVisible(isUsed);
        m_rows[i].badge->setVisible(isUsed);
        m_rows[i].detail->setVisible(isUsed);
    }
}

}  // namespace ifrit::gui::pages
