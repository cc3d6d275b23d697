// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/access_page.h"

#include "gui/models/selection_keeper.h"
#include "gui/pages/access/certificates_tab.h"
#include "gui/pages/access/check_tab.h"
#include "gui/pages/access/grant_dialog.h"
#include "gui/pages/access/new_user_dialog.h"
#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/access/tokens_tab.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/splitter.h"

namespace ifrit::gui::pages {
namespace {

constexpr int kVerbGap = 8;

}  // namespace

using presenters::AccessPresenter;

AccessPage::AccessPage(const widgets::Theme& theme, AccessPresenter& presenter, QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_export(new QPushButton(this)),
      m_add(primaryButton({}, this)),
      m_splitter(new widgets::Splitter(theme, Qt::Horizontal, this)),
      m_usersFilter(new widgets::FilterLine(this)),
      m_users(new widgets::DataTable(theme, this)),
      m_detail(new widgets::Panel(theme, this)),
      m_nobody(widgets::mutedLabel({}, m_detail)),
      m_facts(new widgets::FactList(theme, this)),
      m_password(new QPushButton(this)),
      m_role(new QPushButton(this)),
      m_standing(new QPushButton(this)),
      m_remove(dangerButton({}, this)),
      m_result(new QLabel(this)),
      m_tabs(new QTabWidget(this)),
      m_grants(new UserListTab(theme, QStringLiteral("grants"), presenter.grants(), m_tabs)),
      m_give(new QPushButton(this)),
      m_take(new QPushButton(this)),
      m_tokens(new TokensTab(theme, presenter.tokens(), m_tabs)),
      m_certificates(new CertificatesTab(theme, presenter.certificates(), m_tabs)),
      m_check(new CheckTab(theme, presenter, m_tabs)) {
    build();
    connectParts();
    connectVerbs();
    m_presenter.lookAway();  // until it is shown
    retranslate();
}

void AccessPage::build() {
    actions()->addWidget(m_export);
    actions()->addWidget(m_add);
    auto* panel = new widgets::Panel(theme(), m_splitter);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_users->setModel(&m_presenter.users());
    m_users->setObjectName(QStringLiteral("users"));
    // Certificates and when it changed: the panel beside it has both.
    m_users->leaveOut({6, 5});
    m_users->fitColumns();
    m_users->makeSortable();
    panel->body()->addWidget(m_usersFilter);
    panel->body()->addWidget(m_users);
    m_splitter->addWidget(panel);
    m_result->setProperty("look", QLatin1String("fail"));
    m_result->setWordWrap(true);
    m_result->setObjectName(QStringLiteral("answer"));
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->hide();
    m_detail->body()->addWidget(m_result);
    m_about = buildDetail();
    m_detail->body()->addWidget(m_about, 1);
    m_nobody->setWordWrap(true);
    m_nobody->setAlignment(Qt::AlignCenter);
    m_detail->body()->addWidget(m_nobody, 1);
    m_detail->setMinimumWidth(400);
    m_splitter->addWidget(m_detail);
    m_splitter->setObjectName(QStringLiteral("access-splitter"));
    m_splitter->setStretchFactor(0, 1);
    m_splitter->shareOut({500, 700});
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setExpanding(false);
    body()->addWidget(m_splitter, 1);
}

QWidget* AccessPage::buildDetail() {
    auto* page = new QWidget(m_detail);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_facts);
    // In as many lines as it takes: the list of users keeps its room.
    auto* verbs = new QHBoxLayout;
    verbs->setSpacing(kVerbGap);
    auto* lines = new widgets::FlowLayout(kVerbGap);
    for (QPushButton* button : {m_password, m_role, m_standing})
        lines->addWidget(button);
    verbs->addLayout(lines, 1);
    verbs->addWidget(m_remove, 0, Qt::AlignTop);
    column->addLayout(verbs);
    // Until when, and who gave it.
    m_grants->table().leaveOut({5, 6});
    // What it lets them do.
    m_grants->table().keepWhole(0);
    m_grants->table().fitColumns();
    m_grants->addVerbs({m_give, m_take});
    for (UserListTab* list : lists())
        m_tabs->addTab(list, {});
    m_tabs->addTab(m_check, {});
    column->addWidget(m_tabs, 1);
    return page;
}

QList<UserListTab*> AccessPage::lists() const {
    return {m_grants, m_tokens, m_certificates};
}

void AccessPage::ask() {
    m_check->ask();
}

void AccessPage::connectParts() {
    new models::SelectionKeeper(m_users->selectionModel(), [this](const QString& key) {
        return m_presenter.users().rowOfKey(key);
    });
    connect(m_users->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (!index.isValid()) return;
                const QString user = index.data(models::KeyRole).toString();
                if (user != m_resultOf) forgetResult();
                m_presenter.choose(user);
            });
    connect(m_grants, &UserListTab::rowChosen, this, &AccessPage::updateRows);
    using widgets::FilterLine;
    connectFilter(*m_usersFilter, *m_users);
    for (UserListTab* list : lists())
        connectFilter(list->filter(), list->table());
    connect(m_usersFilter, &FilterLine::filtered, &m_presenter, &AccessPresenter::filterUsers);
    connect(&m_grants->filter(), &FilterLine::filtered, &m_presenter,
            &AccessPresenter::filterGrants);
    connect(&m_presenter, &AccessPresenter::changed, this, &AccessPage::update);
    connect(&m_presenter, &AccessPresenter::acted, this, [this](const QString& sentence) {
        const services::UserInfo* user = m_presenter.chosen();
        m_resultOf = user == nullptr ? QString() : models::toText(user->name);
        m_result->setText(sentence);
        m_result->setVisible(!sentence.isEmpty());
    });
    connect(&m_presenter, &AccessPresenter::answersOver, this, &AccessPage::forgetResult);
    for (UserListTab* list : lists())
        connect(list, &UserListTab::verbBegun, this, &AccessPage::forgetResult);
    connect(&m_presenter, &AccessPresenter::secretMade, this,
            [this](const QString& whose, const QString& secret) {
                SecretDialog(theme(), whose, secret, this).exec();
            });
    answerNotice();
}

void AccessPage::connectVerbs() {
    connect(m_users, &widgets::DataTable::detailsWanted, this,
            [this] { m_detail->setVisible(m_detail->isHidden()); });
    connect(m_export, &QPushButton::clicked, this,
            [this] { exportTable(exportOf(*m_users), this); });
    offer({m_add});
    const QList<QPushButton*> verbs = {m_password, m_role, m_standing, m_remove, m_give, m_take};
    offer(verbs + m_tokens->verbs() + m_certificates->verbs() + QList{m_check->verb()}, [this] {
        const services::UserInfo* user = m_presenter.chosen();
        return user == nullptr ? QString() : models::toText(user->name);
    });
    connect(m_add, &QPushButton::clicked, this, &AccessPage::addUser);
    connect(m_password, &QPushButton::clicked, this, [this] { act(Verb::Password); });
    connect(m_role, &QPushButton::clicked, this, [this] {
        const services::UserInfo* user = m_presenter.chosen();
        if (user == nullptr) return;
        act(user->role == services::UserRole::SuperAdmin ? Verb::Demote : Verb::Promote);
    });
    connect(m_standing, &QPushButton::clicked, this, [this] {
        const services::UserInfo* user = m_presenter.chosen();
        if (user != nullptr) act(user->disabled ? Verb::Enable : Verb::Disable);
    });
    connect(m_remove, &QPushButton::clicked, this, [this] { act(Verb::Remove); });
    connect(m_give, &QPushButton::clicked, this, &AccessPage::giveGrant);
    connect(m_take, &QPushButton::clicked, this, [this] {
        const int row = m_grants->row();
        if (!m_presenter.takeAction(row).enabled()) return;
        const std::string id = m_presenter.grants().at(row)->grant.id;
        const auto whyNot = [this, &id] {
            const int now = m_presenter.grants().rowOfKey(models::toText(id));
            return now < 0 ? widgets::DangerSheet::gone() : m_presenter.takeAction(now).whyNot;
        };
        if (const auto said = sure(m_presenter.takeFacts(row), whyNot))
            m_presenter.take(id, said->reason);
    });
}

void AccessPage::retranslate() {
    setTitle(viewName());
    m_export->setText(tr("Export…"));
    m_add->setText(tr("Add user…"));
    m_password->setText(tr("New password…"));
    m_remove->setText(tr("Remove…"));
    m_give->setText(tr("Grant…"));
    m_take->setText(tr("Take away…"));
    m_tabs->setTabText(0, tr("Grants"));
    m_tabs->setTabText(1, tr("Tokens"));
    m_tabs->setTabText(2, tr("Certificates"));
    m_tabs->setTabText(3, tr("May they?"));
    m_usersFilter->setWords(tr("Filter by name, state or role"), tr("Filter of the users"));
    m_grants->filter().setWords(tr("Filter by permission, agent, type, reason…"),
                                tr("Filter of the grants"));
    m_users->setAccessibleName(tr("Users"));
    m_grants->table().setAccessibleName(tr("Grants"));
    m_tokens->retranslate();
    m_certificates->retranslate();
    m_nobody->setText(
        tr("Choose a user in the list: what they may do, and their grants, tokens and "
           "certificates, are shown here."));
    m_check->retranslate();
    update();
}

void AccessPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_presenter.look();
}

void AccessPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_presenter.lookAway();
}

void AccessPage::update() {
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    apply(m_add, m_presenter.createAction());
    // Somebody to read about from the start; who is chosen later stays.
    if (!m_chosenOnce && m_presenter.users().rowCount() > 0) {
        m_chosenOnce = true;
        m_users->selectRow(0);
    }
    updateDetail();
    updateRows();
}

void AccessPage::updateDetail() {
    const services::UserInfo* user = m_presenter.chosen();
    m_detail->setHeading(user == nullptr ? QString() : models::toText(user->name));
    m_about->setVisible(user != nullptr);
    m_nobody->setVisible(user == nullptr);
    m_facts->setFacts(m_presenter.chosenFacts());
    const bool isSuper = user != nullptr && user->role == services::UserRole::SuperAdmin;
    const bool isDisabled = user != nullptr && user->disabled;
    m_role->setText(isSuper ? tr("Make reader…") : tr("Make super admin…"));
    m_standing->setText(isDisabled ? tr("Enable…") : tr("Disable…"));
    apply(m_password, m_presenter.action(Verb::Password));
    apply(m_role, m_presenter.action(isSuper ? Verb::Demote : Verb::Promote));
    apply(m_standing, m_presenter.action(isDisabled ? Verb::Enable : Verb::Disable));
    apply(m_remove, m_presenter.action(Verb::Remove));
    m_check->update();
}

void AccessPage::updateRows() {
    apply(m_give, m_presenter.giveAction());
    apply(m_take, m_presenter.takeAction(m_grants->row()));
    m_users->setEmptyText(m_usersFilter->filters() ? tr("No user matches the filter.") : QString());
    const bool any = m_presenter.chosen() != nullptr;
    const QString note = any ? m_presenter.grantsNote() : QString();
    QString empty;
    if (any && note.isEmpty()) {
        empty = m_presenter.grants().all().empty()
                    ? tr("Nothing is granted beside what the role may.")
                    : tr("No grant of this user matches the filter.");
    }
    m_grants->say(note, empty, m_presenter.grantsCount());
    m_tokens->updateRows();
    m_certificates->updateRows();
}

std::optional<models::Consent> AccessPage::sure(const models::DangerFacts& facts,
                                                const std::function<QString()>& whyNot) {
    forgetResult();
    return widgets::DangerSheet::ask(theme(), facts, this, [&](widgets::DangerSheet& sheet) {
        sheet.follow(m_presenter, &AccessPresenter::changed, whyNot);
    });
}

void AccessPage::forgetResult() {
    m_result->clear();
    m_result->hide();
}

void AccessPage::act(Verb verb) {
    if (!m_presenter.action(verb).enabled()) return;
    const std::string user = m_presenter.chosen()->name;
    const auto whyNot = [this, verb, &user] {
        const auto* now = m_presenter.chosen();
        return now != nullptr && now->name == user ? m_presenter.action(verb).whyNot
                                                   : widgets::DangerSheet::gone();
    };
    if (const auto said = sure(m_presenter.facts(verb), whyNot)) m_presenter.act(verb, user, *said);
}

void AccessPage::addUser() {
    NewUserDialog dialog(theme(), m_presenter, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const auto user = dialog.user();
    const auto whyNot = [this, &user] {
        const QString cannot = m_presenter.createAction().whyNot;
        return cannot.isEmpty() ? m_presenter.problemOf(user) : cannot;
    };
    if (const auto said = sure(m_presenter.createFacts(user), whyNot))
        m_presenter.create(user, *said);
}

void AccessPage::giveGrant() {
    GrantDialog dialog(theme(), m_presenter, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const auto wanted = dialog.grant();
    if (m_presenter.chosen() == nullptr || !m_presenter.problemOf(wanted).isEmpty()) return;
    const domain::Grant grant = m_presenter.grantOf(wanted);
    const auto whyNot = [this, &grant] {
        const auto* now = m_presenter.chosen();
        return now != nullptr && now->name == grant.to ? m_presenter.giveAction().whyNot
                                                       : widgets::DangerSheet::gone();
    };
    if (const auto said = sure(m_presenter.giveFacts(wanted), whyNot))
        m_presenter.give(grant, *said);
}

ExportTable AccessPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    if (&table == m_users) out.name = tr("users");
    if (&table == m_users && m_usersFilter->filters())
        out.all = [this] { return m_presenter.userRows(); };
    if (&table == &m_grants->table() && m_grants->filter().filters())
        out.all = [this] { return m_presenter.grantRows(); };
    if (&table == &m_tokens->table() && m_tokens->filter().filters())
        out.all = [this] { return m_presenter.tokens().list().rows(); };
    if (&table == &m_certificates->table() && m_certificates->filter().filters())
        out.all = [this] { return m_presenter.certificates().list().rows(); };
    return out;
}

QList<models::CtlCommand> AccessPage::commands() const {
    const services::UserInfo* user = m_presenter.chosen();
    if (user != nullptr && m_tabs->currentWidget() == m_tokens)
        return {models::tokensCommand(user->name)};
    if (user != nullptr && m_tabs->currentWidget() == m_certificates)
        return {models::certificatesCommand(user->name)};
    return {models::usersCommand()};
}

// Of the list that the keyboard is at, or beside.
widgets::FilterLine* AccessPage::nearFilter() const {
    const QWidget* focus = window()->focusWidget();
    if (focus == nullptr || !m_tabs->isAncestorOf(focus)) return m_usersFilter;
    auto* list = qobject_cast<UserListTab*>(m_tabs->currentWidget());
    return list == nullptr ? m_usersFilter : &list->filter();
}

void AccessPage::focusContent() {
    m_users->isVisibleTo(this) ? m_users->setFocus() : Page::focusContent();
}

void AccessPage::focusFilter() {
    nearFilter()->focusLine();
}

bool AccessPage::escape() {
    for (widgets::FilterLine* line : {nearFilter(), m_usersFilter}) {
        if (!line->filters()) continue;
        line->clear();
        return true;
    }
    if (m_presenter.chosen() == nullptr) return false;
    m_users->clearSelection();
    m_users->setCurrentIndex({});
    m_presenter.choose({});
    // What it was at may be away now.
    m_users->setFocus();
    return true;
}

}  // namespace ifrit::gui::pages
