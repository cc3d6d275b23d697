// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pages/access/user_list_tab.h"
#include "gui/presenters/certificates_presenter.h"

namespace ifrit::gui::pages {

/// The certificates of the chosen user, and how they are revoked.
class CertificatesTab : public UserListTab {
    Q_OBJECT
public:
    CertificatesTab(const widgets::Theme& theme, presenters::CertificatesPresenter& presenter,
                    QWidget* parent);
    void retranslate();
    /// What is said, and what can be done: whom it is about, the line or the rows have changed.
    void updateRows();

private:
    void revoke();
    void revokeAll();

    presenters::CertificatesPresenter& m_presenter;
    QPushButton* m_revoke;
    QPushButton* m_revokeAll;
};

}  // namespace ifrit::gui::pages
