// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "gui/presenters/access_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// Asks what the chosen user shall be granted; the danger sheet comes after it.
class GrantDialog : public QDialog {
    Q_OBJECT
public:
    GrantDialog(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                QWidget* parent);
    presenters::AccessPresenter::NewGrant grant() const;

private:
    void update();

    presenters::AccessPresenter& m_presenter;
    QComboBox* m_permission;
    QLineEdit* m_agent;
    QLineEdit* m_type;
    QLineEdit* m_cluster;
    QComboBox* m_until;
    QLabel* m_hint;
    QPushButton* m_forward;
};

}  // namespace ifrit::gui::pages
