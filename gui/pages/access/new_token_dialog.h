// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "gui/presenters/tokens_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// Asks what a new token is for and how long it is good; the danger sheet comes after it.
class NewTokenDialog : public QDialog {
    Q_OBJECT
public:
    NewTokenDialog(const widgets::Theme& theme, presenters::TokensPresenter& presenter,
                   QWidget* parent);
    presenters::TokensPresenter::NewToken token() const;

private:
    void update();

    presenters::TokensPresenter& m_presenter;
    QLineEdit* m_label;
    QComboBox* m_for;
    QLabel* m_hint;
    QPushButton* m_forward;
};

}  // namespace ifrit::gui::pages
