// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/tokens_tab.h"

#include "gui/pages/access/new_token_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {

using presenters::TokensPresenter;
using widgets::DangerSheet;

TokensTab::TokensTab(const widgets::Theme& theme, TokensPresenter& presenter, QWidget* parent)
    : UserListTab(theme, QStringLiteral("tokens"), presenter.model(), parent),
      m_theme(theme),
      m_presenter(presenter),
      m_create(new QPushButton(this)),
      m_end(new QPushButton(this)),
      m_endAll(new QPushButton(this)) {
    table().fitColumns();
    addVerbs({m_create, m_end}, {m_endAll});
    connect(m_create, &QPushButton::clicked, this, &TokensTab::create);
    connect(m_end, &QPushButton::clicked, this, &TokensTab::end);
    connect(m_endAll, &QPushButton::clicked, this, &TokensTab::endAll);
    connect(this, &UserListTab::rowChosen, this, &TokensTab::updateRows);
    connect(&filter(), &widgets::FilterLine::filtered, this,
            [this](const QString& text) { m_presenter.list().filter(text); });
    connect(&presenter, &TokensPresenter::secretMade, this,
            [this](const QString& label, const QString& secret) {
                SecretDialog(m_theme, wordsOf(label, secret), this).exec();
            });
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
    say(m_presenter.note(), m_presenter.emptyText(), m_presenter.list().count());
    apply(m_create, m_presenter.createAction(), tr("For a program that acts as you"));
    apply(m_end, m_presenter.endAction(row()));
    apply(m_endAll, m_presenter.endAllAction());
}

void TokensTab::create() {
    NewTokenDialog dialog(m_theme, m_presenter, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const auto token = dialog.token();
    const QString password = dialog.password();
    DangerSheet sheet(m_theme, m_presenter.createFacts(token), this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.create(token, password, sheet.reason());
}

void TokensTab::end() {
    if (!m_presenter.endAction(row()).enabled()) return;
    const std::string id = m_presenter.model().at(row())->id;
    DangerSheet sheet(m_theme, m_presenter.endFacts(row()), this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.end(id, sheet.reason());
}

void TokensTab::endAll() {
    if (!m_presenter.endAllAction().enabled()) return;
    const std::string user = m_presenter.list().user();
    DangerSheet sheet(m_theme, m_presenter.endAllFacts(), this);
    if (sheet.exec() == QDialog::Accepted) m_presenter.endAll(user, sheet.reason());
}

}  // namespace ifrit::gui::pages
