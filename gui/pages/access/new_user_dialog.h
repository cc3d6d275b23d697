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

/// Asks who a new user is; what will happen, the danger sheet says after it.
class NewUserDialog : public QDialog {
    Q_OBJECT
public:
    NewUserDialog(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                  QWidget* parent);
    presenters::AccessPresenter::NewUser user() const;

private:
    void update();

    presenters::AccessPresenter& m_presenter;
    QLineEdit* m_name;
    QComboBox* m_role;
    QComboBox* m_way;
    QLabel* m_hint;
    QPushButton* m_forward;
};

}  // namespace ifrit::gui::pages
