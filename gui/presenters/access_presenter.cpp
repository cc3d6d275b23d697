// SPDX-License-Identifier: GPL-3.0-or-later
// AccessPresenter: what it reads. What it changes is in access_changes.cpp.
#include "gui/presenters/access_presenter.h"

#include <algorithm>
#include <numeric>

#include "gui/models/own_words.h"
#include "gui/models/record_models.h"
#include "gui/presenters/filter_count.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::StatusKind;
using models::toText;

constexpr int kReloadAfterMs = 300;

QStringList sorted(const std::vector<std::string>& texts) {
    QStringList out;
    for (const std::string& text : texts)
        out << toText(text);
    out.sort();
    return out;
}

/// Verbs of the audit that this page shows the outcome of.
bool isAboutAccess(const std::string& verb) {
    for (const char* prefix : {"operator.", "grant.", "session.", "certificate."}) {
        if (verb.rfind(prefix, 0) == 0) return true;
    }
    return false;
}

}  // namespace

AccessPresenter::AccessPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_users(hub.times()),
      m_grants(hub.times()),
      m_tokens(hub),
      m_certificates(hub),
      m_listUsers([this](const auto& users) { takeUsers(users); }),
      m_listGrants([this](const auto& list) { takeGrants(list); }),
      m_change(hub) {
    m_reload.setSingleShot(true);
    m_reload.setInterval(kReloadAfterMs);
    connect(&m_reload, &QTimer::timeout, this, &AccessPresenter::refresh);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        const bool lacks = !m_loaded || !m_grantsError.ok() || m_tokens.list().failed() ||
                           m_certificates.list().failed();
        if (m_hub.isConnected() && lacks) refresh();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_error.ok()) refresh();
    });
    for (const auto signal : {&ConnectionHub::sessionClosing, &ConnectionHub::resumed})
        connect(&hub, signal, this, &AccessPresenter::answersOver);
    // Whose tokens and certificates may be asked for depends on who we are, which may be said
    // before or after the users are.
    connect(&hub, &ConnectionHub::identityChanged, this, [this] {
        readOwned();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::sessionClosing, this, &AccessPresenter::clear);
    connect(&m_change, &PendingChange::changed, this, &AccessPresenter::changed);
    connect(&m_tokens, &TokensPresenter::changed, this, &AccessPresenter::changed);
    connect(&m_certificates, &CertificatesPresenter::changed, this, &AccessPresenter::changed);
    // The users say how many of them each has.
    const auto told = [this](const QString& sentence) {
        Q_EMIT acted(sentence);
        refresh();
    };
    connect(&m_change, &PendingChange::acted, this, told);
    connect(&m_tokens, &TokensPresenter::acted, this, told);
    connect(&m_certificates, &CertificatesPresenter::acted, this, told);
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        const bool isMine = event.kind == Kind::Reset ||
                            (event.kind == Kind::AuditAppended && isAboutAccess(event.subject));
        if (isMine && !m_isLookedAt) m_age.outdate();
        if (isMine && m_isLookedAt && !m_reload.isActive()) m_reload.start();
    });
}

void AccessPresenter::clear() {
    m_listUsers.cancel();
    m_listGrants.cancel();
    m_tokens.list().clear();
    m_certificates.list().clear();
    m_check.cancel();
    m_loaded = false;
    m_age.clear();
    m_error = absl::OkStatus();
    m_grantsError = absl::OkStatus();
    m_grantsLoaded = false;
    m_allGrants = {};
    m_chosen.clear();
    m_answer.clear();
    m_users.setRecords({});
    showChosen();
    Q_EMIT changed();
}

void AccessPresenter::look() {
    m_isLookedAt = true;
    if (m_hub.isConnected() && m_age.isOld(m_hub.times().now())) refresh();
}

void AccessPresenter::refresh() {
    if (!m_hub.session()) return;
    m_age.read(m_hub.times().now());
    m_listUsers.ask([this](services::Reply<std::vector<services::UserInfo>> reply) {
        return m_hub.session()->access().listUsers(std::move(reply));
    });
    m_listGrants.ask([this](services::Reply<services::GrantList> reply) {
        return m_hub.session()->access().listGrants({}, std::move(reply));
    });
    readOwned();
}

void AccessPresenter::filterUsers(const QString& text) {
    m_usersFilter = text;
    m_users.setFilter(text);
    Q_EMIT changed();
}

void AccessPresenter::filterGrants(const QString& text) {
    m_grantsFilter = text;
    m_grants.setFilter(text);
    Q_EMIT changed();
}

QString AccessPresenter::grantsCount() const {
    if (m_grantsFilter.isEmpty()) return {};
    return countText(m_grants.rowCount(), static_cast<qint64>(m_grants.all().size()), false);
}

void AccessPresenter::takeUsers(const absl::StatusOr<std::vector<services::UserInfo>>& users) {
    m_error = users.status();
    if (users.ok()) {
        m_loaded = true;
        m_age.came();
        m_users.setRecords(*users);
    }
    showChosen();
    Q_EMIT changed();
}

void AccessPresenter::takeGrants(const absl::StatusOr<services::GrantList>& list) {
    m_grantsError = list.status();
    if (list.ok()) {
        m_grantsLoaded = true;
        m_allGrants = *list;
    }
    showChosen();
    Q_EMIT changed();
}

void AccessPresenter::readOwned() {
    m_tokens.list().read();
    m_certificates.list().read();
}

void AccessPresenter::showChosen() {
    std::vector<services::GrantInfo> grants;
    std::copy_if(m_allGrants.grants.begin(), m_allGrants.grants.end(), std::back_inserter(grants),
                 [this](const auto& info) { return info.grant.to == m_chosen; });
    m_grants.setRecords(std::move(grants));
    m_tokens.list().showOf(m_chosen);
    m_certificates.list().showOf(m_chosen);
}

void AccessPresenter::choose(const QString& name) {
    if (m_chosen == name.toStdString()) return;
    m_chosen = name.toStdString();
    m_check.cancel();
    m_answer.clear();
    m_answerKind = StatusKind::None;
    showChosen();
    Q_EMIT changed();
}

const services::UserInfo* AccessPresenter::chosen() const {
    return m_users.at(m_users.rowOfKey(toText(m_chosen)));
}

bool AccessPresenter::isSelf() const {
    return m_hub.identity() && m_hub.identity()->user == m_chosen;
}

QStringList AccessPresenter::grantable() const {
    QStringList out = sorted(m_allGrants.permissions);
    // Whole families, before their members.
    QStringList families;
    for (const QString& permission : out) {
        const QString family = permission.section(QLatin1Char('.'), 0, 0) + QLatin1String(".*");
        if (!families.contains(family)) families << family;
    }
    return families + out;
}

QStringList AccessPresenter::permissions() const {
    return sorted(m_allGrants.permissions) + sorted(m_allGrants.superAdminPermissions);
}

QList<QPair<QString, QString>> AccessPresenter::chosenFacts() const {
    return factsOf(tr("read, and what is granted below"));
}

QList<QPair<QString, QString>> AccessPresenter::sheetFacts() const {
    return factsOf(tr("read; grants: %1")
                       .arg(m_grantsLoaded ? grouped(static_cast<qint64>(m_grants.all().size()))
                                           : tr("unknown")));
}

QList<QPair<QString, QString>> AccessPresenter::factsOf(const QString& reader) const {
    const services::UserInfo* user = chosen();
    if (user == nullptr) return {};
    QString may = user->role == services::UserRole::SuperAdmin ? tr("everything") : reader;
    if (user->disabled) may = tr("nothing while disabled");
    return {{tr("Role"), models::StatusWords::roleName(std::string(nameOf(user->role)))},
            {tr("May"), may},
            {tr("Signs in with"),
             user->hasPassword ? tr("a password or a certificate") : tr("a certificate alone")},
            {tr("Certificates"), tr("%1 in force").arg(grouped(user->certificates))},
            {tr("Added"), m_hub.times().at(user->created)}};
}

QString AccessPresenter::grantsNote() const {
    if (!m_grantsError.ok()) return sentenceOf(m_grantsError);
    return m_grantsLoaded ? QString() : tr("Loading.");
}

void AccessPresenter::check(const QString& permission, const QString& agent,
                            const QString& machineTypes) {
    if (!m_hub.session() || m_chosen.empty() || permission.isEmpty()) return;
    services::AccessQuestion question{
        m_chosen, permission.toStdString(), agent.trimmed().toStdString(), {}};
    for (const QString& type : machineTypes.split(QLatin1Char(','), Qt::SkipEmptyParts))
        question.machineTypes.push_back(type.trimmed().toStdString());
    m_answerKind = StatusKind::Run;
    m_answer = KeptText([] { return tr("The master is asked."); });
    m_check = m_hub.session()->access().checkAccess(
        question, [this](const absl::StatusOr<services::AccessAnswer>& found) { answered(found); });
    Q_EMIT changed();
}

void AccessPresenter::answered(const absl::StatusOr<services::AccessAnswer>& found) {
    if (!found.ok()) {
        m_answerKind = StatusKind::Wait;
        m_answer = KeptText([status = found.status()] { return sentenceOf(status); });
    } else {
        m_answerKind = found->allowed ? StatusKind::Ok : StatusKind::Fail;
        m_answer = KeptText([allowed = found->allowed, why = toText(found->message)] {
            return (allowed ? tr("Yes: %1.") : tr("No: %1.")).arg(models::OwnWords::ofAccess(why));
        });
    }
    Q_EMIT changed();
}

qint64 AccessPresenter::superAdmins() const {
    const auto& all = m_users.all();
    return std::count_if(all.begin(), all.end(), [](const auto& user) {
        return user.role == services::UserRole::SuperAdmin && !user.disabled;
    });
}

bool AccessPresenter::isLastSuperAdmin(const services::UserInfo& user) const {
    return user.role == services::UserRole::SuperAdmin && !user.disabled && superAdmins() == 1;
}

QString AccessPresenter::countLine() const {
    if (!m_loaded) return {};
    const auto& all = m_users.all();
    if (!m_usersFilter.isEmpty())
        return countText(m_users.rowCount(), static_cast<qint64>(all.size()), false);
    // As the column has them: those that have not expired.
    const auto grants = std::accumulate(
        all.begin(), all.end(), qint64{0},
        [](qint64 sum, const services::UserInfo& user) { return sum + user.grants; });
    const auto users = static_cast<qint64>(m_users.rowCount());
    const QStringList parts{
        tr("%1 user(s)", "", models::pluralOf(users)).arg(grouped(users)),
        tr("%1 super admin(s)", "", models::pluralOf(superAdmins())).arg(grouped(superAdmins())),
        tr("%1 grant(s)", "", models::pluralOf(grants)).arg(grouped(grants))};
    return parts.join(QStringLiteral(" · "));
}

models::ViewNotice AccessPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_loaded;
    facts.error = m_error;
    facts.readAt = m_age.asOf();
    // Beside a list that a filter has emptied stands what the page is about, too.
    facts.total = facts.shown = static_cast<qint64>(m_users.all().size());
    facts.empty = tr("Nobody may sign in here.");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
