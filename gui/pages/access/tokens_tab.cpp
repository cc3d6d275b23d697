// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/tokens_tab.h"

#include "gui/pages/access/new_token_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {

using presenters::TokensPresenter;

TokensTab::TokensTab(const widgets::Theme& theme, TokensPresenter& presenter, QWidget* parent)
    : UserListTab(theme, QStringLiteral("tokens"), presenter.model(), parent),
      m_presenter(presenter),
      m_create(new QPushButton(this)),
      m_end(new QPushButton(this)),
      m_endAll(new QPushButton(this)) {
    // Since when, then from where: what it is ended by stays, and whole.
    constexpr int kSince = 2;
    constexpr int kFrom = 3;
    constexpr int kId = 4;
    table().leaveOut({kSince, kFrom});
    table().preferWhole(kId);
    table().fitColumns();
    addVerbs({m_create, m_end}, {m_endAll});
    connect(m_create, &QPushButton::clicked, this, &TokensTab::create);
    connect(m_end, &QPushButton::clicked, this, &TokensTab::end);
    connect(m_endAll, &QPushButton::clicked, this, &TokensTab::endAll);
    connect(this, &UserListTab::rowChosen, this, &TokensTab::updateRows);
    filterIn(presenter.list());
    connect(&presenter, &TokensPresenter::secretMade, this,
            [this](const QString& label, const QString& secret, const QString& id) {
                m_made = id;
                SecretDialog(UserListTab::theme(), wordsOf(label, secret), this).exec();
                chooseMade();
                // The button that it was made by was off meanwhile, and the keyboard went from it
                // to the list of users.
                table().setFocus();
            });
    // Which it is among the others is known once the list was read again.
    connect(&presenter.model(), &QAbstractItemModel::modelReset, this, &TokensTab::chooseMade);
}

SecretDialog::Words TokensTab::wordsOf(const QString& label, const QString& secret) {
    return {tr("New token"), tr("Token for %1").arg(label),
            tr("It is shown once and kept nowhere. Give it to the program that it is for, and to "
               "nobody else: it acts as you."),
            secret};
}

void TokensTab::retranslate() {
    filter().setWords(tr("Filter by label, address or id"), tr("Filter of the tokens"));
    table().setAccessibleName(tr("Tokens"));
    m_create->setText(tr("New token…"));
    m_end->setText(tr("End…"));
    m_endAll->setText(tr("End all…"));
    updateRows();
}

void TokensTab::updateRows() {
    sayOf(m_presenter);
    apply(m_create, m_presenter.createAction(), tr("For a program that acts as you"));
    apply(m_end, m_presenter.endAction(row()));
    apply(m_endAll, m_presenter.endAllAction());
}

void TokensTab::chooseMade() {
    if (m_made.isEmpty()) return;
    const int row = m_presenter.model().rowOfKey(m_made);
    if (row < 0) return;
    m_made.clear();
    table().selectRow(row);
}

void TokensTab::create() {
    NewTokenDialog dialog(theme(), m_presenter, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const auto token = dialog.token();
    const auto whyNot = [this] { return m_presenter.createAction().whyNot; };
    if (const auto said = sure(m_presenter, m_presenter.createFacts(token), whyNot))
        m_presenter.create(token, *said);
}

void TokensTab::end() {
    if (!m_presenter.endAction(row()).enabled()) return;
    const std::string id = m_presenter.model().at(row())->id;
    const auto whyNot = [this, &id] {
        const int now = m_presenter.model().rowOfKey(models::toText(id));
        return now < 0 ? widgets::DangerSheet::gone() : m_presenter.endAction(now).whyNot;
    };
    if (const auto said = sure(m_presenter, m_presenter.endFacts(row()), whyNot))
        m_presenter.end(id, said->reason);
}

void TokensTab::endAll() {
    if (!m_presenter.endAllAction().enabled()) return;
    const std::string user = m_presenter.list().user();
    const auto whyNot = [this, &user] {
        return m_presenter.list().user() == user ? m_presenter.endAllAction().whyNot
                                                 : widgets::DangerSheet::gone();
    };
    if (const auto said = sure(m_presenter, m_presenter.endAllFacts(), whyNot))
        m_presenter.endAll(user, said->reason);
}

}  // namespace ifrit::gui::pages
