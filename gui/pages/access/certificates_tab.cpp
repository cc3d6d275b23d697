// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/certificates_tab.h"

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {

using presenters::CertificatesPresenter;

CertificatesTab::CertificatesTab(const widgets::Theme& theme, CertificatesPresenter& presenter,
                                 QWidget* parent)
    : UserListTab(theme, QStringLiteral("certificates"), presenter.model(), parent),
      m_presenter(presenter),
      m_revoke(new QPushButton(this)),
      m_revokeAll(new QPushButton(this)) {
    // Why and when it was revoked, then when it was issued: what it is called by stays.
    constexpr int kIssued = 2;
    constexpr int kSerial = 3;
    constexpr int kRevoked = 4;
    constexpr int kReason = 5;
    table().leaveOut({kReason, kRevoked, kIssued});
    // What it is revoked by, and told to who asks.
    table().preferWhole(kSerial);
    table().fitColumns();
    addVerbs({m_revoke}, {m_revokeAll});
    connect(m_revoke, &QPushButton::clicked, this, &CertificatesTab::revoke);
    connect(m_revokeAll, &QPushButton::clicked, this, &CertificatesTab::revokeAll);
    connect(this, &UserListTab::rowChosen, this, &CertificatesTab::updateRows);
    filterIn(presenter.list());
}

void CertificatesTab::retranslate() {
    filter().setWords(tr("Filter by state, serial or reason"), tr("Filter of the certificates"));
    table().setAccessibleName(tr("Certificates"));
    m_revoke->setText(tr("Revoke…"));
    m_revokeAll->setText(tr("Revoke all…"));
    updateRows();
}

void CertificatesTab::updateRows() {
    sayOf(m_presenter);
    apply(m_revoke, m_presenter.revokeAction(row()));
    apply(m_revokeAll, m_presenter.revokeAllAction());
}

void CertificatesTab::revoke() {
    if (!m_presenter.revokeAction(row()).enabled()) return;
    const std::string serial = m_presenter.model().at(row())->serial;
    const auto whyNot = [this, &serial] {
        const int now = m_presenter.model().rowOfKey(models::toText(serial));
        return now < 0 ? widgets::DangerSheet::gone() : m_presenter.revokeAction(now).whyNot;
    };
    if (const auto said = sure(m_presenter, m_presenter.revokeFacts(row()), whyNot))
        m_presenter.revoke(serial, said->reason);
}

void CertificatesTab::revokeAll() {
    if (!m_presenter.revokeAllAction().enabled()) return;
    const std::string user = m_presenter.list().user();
    const auto whyNot = [this, &user] {
        return m_presenter.list().user() == user ? m_presenter.revokeAllAction().whyNot
                                                 : widgets::DangerSheet::gone();
    };
    if (const auto said = sure(m_presenter, m_presenter.revokeAllFacts(), whyNot))
        m_presenter.revokeAll(user, said->reason);
}

}  // namespace ifrit::gui::pages
