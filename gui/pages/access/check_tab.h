// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QWidget>

#include "gui/presenters/access_presenter.h"

class QFormLayout;

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// Whether the chosen user may do something, and why.
class CheckTab : public QWidget {
    Q_OBJECT
public:
    CheckTab(const widgets::Theme& theme, presenters::AccessPresenter& presenter, QWidget* parent);
    void retranslate();
    /// Whom it is about, the permissions that there are, or the answer have changed.
    void update();
    void ask() { m_presenter.check(m_permission->currentText(), m_agent->text(), m_types->text()); }
    QPushButton* verb() const { return m_ask; }

private:
    QLabel* addField(QFormLayout* form, QWidget* field);

    const widgets::Theme& m_theme;
    presenters::AccessPresenter& m_presenter;
    QLabel* m_question;
    QComboBox* m_permission;
    QLineEdit* m_agent;
    QLineEdit* m_types;
    QLabel* m_permissionName = nullptr;
    QLabel* m_agentName = nullptr;
    QLabel* m_typesName = nullptr;
    QPushButton* m_ask;
    QLabel* m_answer;
};

}  // namespace ifrit::gui::pages
