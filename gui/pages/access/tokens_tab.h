// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/access/user_list_tab.h"
#include "gui/presenters/tokens_presenter.h"

namespace ifrit::gui::pages {

/// The tokens of the chosen user: a new one, the end of one, the end of all.
class TokensTab : public UserListTab {
    Q_OBJECT
public:
    TokensTab(const widgets::Theme& theme, presenters::TokensPresenter& presenter, QWidget* parent);
    void retranslate();
    /// What is said, and what can be done: whom it is about, the line or the rows have changed.
    void updateRows();
    /// What is said of a token that was made, once.
    static SecretDialog::Words wordsOf(const QString& label, const QString& secret);

private:
    void create();
    void end();
    void endAll();
    /// The token that was made last, once it is in the list.
    void chooseMade();

    presenters::TokensPresenter& m_presenter;
    QPushButton* m_create;
    QPushButton* m_end;
    QPushButton* m_endAll;
    QString m_made;  ///< its id; empty: it was chosen
};

}  // namespace ifrit::gui::pages
