// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/tokens_presenter.h"

#include "gui/presenters/widening.h"

namespace ifrit::gui::presenters {
namespace {

using models::DangerFacts;
using models::grouped;
using models::toText;

/// Only super admins have it: it is for the tokens of others.
constexpr char kRevoke[] = "session.revoke";
constexpr qsizetype kMostLabelBytes = 256;

services::Mutation mutationOf(const QString& reason) {
    services::Mutation out;
    out.reason = reason.toStdString();
    return out;
}

QString labelOf(const services::TokenInfo& token) {
    return token.label.empty() ? TokensPresenter::tr("a login") : toText(token.label);
}

/// Of the one user whom it is about, as all that this page changes.
DangerFacts oneUser(const ConnectionHub& hub) {
    DangerFacts facts(hub.place());
    facts.danger = domain::dangerOfDestruction({1, 0, hub.isProduction()});
    facts.machines = 1;
    facts.countPrompt = TokensPresenter::tr("Type the number of users, 1, to go on");
    return facts;
}

}  // namespace

TokensPresenter::TokensPresenter(ConnectionHub& hub, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_list(
          hub, kRevoke,
          [this](const std::string& whose,
                 services::Reply<std::vector<services::TokenInfo>> reply) {
              return m_hub.session()->access().listTokens(whose, std::move(reply));
          },
          [this] { Q_EMIT changed(); }),
      m_change(hub) {
    // A sheet that is open asks then whether it still can be done.
    for (const auto signal : {&ConnectionHub::linkChanged, &ConnectionHub::identityChanged})
        connect(&hub, signal, this, &TokensPresenter::changed);
    connect(&m_change, &PendingChange::changed, this, &TokensPresenter::changed);
    connect(&m_change, &PendingChange::acted, this, &TokensPresenter::acted);
}

QString TokensPresenter::note() const {
    if (m_list.isHidden()) return tr("Tokens of others are shown to super admins alone.");
    return noteOf(m_list.notice({}));
}

QString TokensPresenter::emptyText() const {
    if (m_list.user().empty() || m_list.model().rowCount() > 0 || !note().isEmpty()) return {};
    return m_list.model().all().empty() ? tr("No token is open.")
                                        : tr("No token of this user matches the filter.");
}

QString TokensPresenter::whyNotOwn() const {
    const QString whyNot = m_change.whyNot(kRevoke);
    const bool lacksOnlyThat = !m_change.isUnderWay() && m_hub.session() != nullptr &&
                               m_hub.isConnected() && !m_hub.profile().readOnly && m_hub.identity();
    return lacksOnlyThat ? QString() : whyNot;
}

Action TokensPresenter::createAction() const {
    if (const QString whyNot = whyNotOwn(); !whyNot.isEmpty()) return {whyNot};
    if (m_list.isOwn()) return {};
    return {tr("A token stands for whoever makes it: choose yourself, %1.")
                .arg(toText(m_hub.identity()->user))};
}

QString TokensPresenter::problemOf(const NewToken& token) const {
    if (token.label.isEmpty()) return tr("Say what it is for.");
    // ifritctl, which the sheet says the command of, would take it for an option.
    if (token.label.startsWith(QLatin1Char('-'))) return tr("It cannot begin with a dash.");
    if (token.label.toUtf8().size() > kMostLabelBytes)
        return tr("What it is for is longer than %1 bytes.").arg(kMostLabelBytes);
    return {};
}

models::DangerFacts TokensPresenter::createFacts(const NewToken& token) const {
    models::DangerFacts facts(m_hub.place());
    facts.title = tr("Make a token for %1?").arg(token.label);
    facts.sentence = tr("Whoever has it acts as you, until it ends. It is shown once.");
    facts.facts = {
        {tr("Acts as"), m_hub.identity() ? toText(m_hub.identity()->user) : QString()},
        {tr("Until"), m_hub.times().at(m_hub.times().now() + std::chrono::hours(24) * token.days)}};
    facts.verb = tr("Make");
    facts.reason = models::DangerFacts::Reason::Required;
    facts.commands = {models::createTokenCommand(token.label, token.days)};
    return widening(m_hub, std::move(facts));
}

void TokensPresenter::create(const NewToken& token, const models::Consent& consent) {
    if (!problemOf(token).isEmpty()) return;
    m_change.begin(
        whyNotOwn(),
        [&](const auto& reply) {
            return m_hub.session()->access().createToken(
                {token.label.toStdString(), std::chrono::hours(24) * token.days,
                 consent.password.toStdString(), mutationOf(consent.reason)},
                reply);
        },
        [this, label = token.label](const absl::StatusOr<services::MadeToken>& answer) {
            return made(label, answer);
        });
}

QString TokensPresenter::made(const QString& label,
                              const absl::StatusOr<services::MadeToken>& token) {
    if (!token.ok()) return failureOf(token);
    // A repeated request is answered without what only the first answer had.
    if (token->secret.empty()) {
        return tr("The token %1 was made, but what it says was lost on the way: end it, and make "
                  "another.")
            .arg(toText(token->token.id));
    }
    Q_EMIT secretMade(label, toText(token->secret), toText(token->token.id));
    return {};
}

Action TokensPresenter::endAction(int row) const {
    if (m_list.model().at(row) == nullptr) return {tr("No token is chosen.")};
    return endAction();
}

Action TokensPresenter::endAction() const {
    // One's own needs no permission.
    return {m_list.isOwn() ? whyNotOwn() : m_change.whyNot(kRevoke)};
}

models::DangerFacts TokensPresenter::endFacts(int row) const {
    const services::TokenInfo& token = *m_list.model().at(row);
    models::DangerFacts out = oneUser(m_hub);
    out.title = tr("End a token of %1?").arg(toText(token.user));
    out.sentence =
        token.current
            ? tr("It is the one that this window speaks by: you will have to sign in again.")
            : tr("Whatever program uses it is refused from now on, and what it has open ends.");
    out.verb = tr("End");
    out.facts = {{tr("Label"), labelOf(token)},
                 {tr("From"), toText(token.address)},
                 {tr("Until"), m_hub.times().at(token.expires)}};
    out.commands = {models::endTokenCommand(token.id)};
    return out;
}

void TokensPresenter::end(const std::string& tokenId, const QString& reason) {
    revoke(endAction().whyNot, {tokenId, {}, mutationOf(reason)});
}

Action TokensPresenter::endAllAction() const {
    if (m_list.model().all().empty()) return {tr("There is no token to end.")};
    return endAction();
}

models::DangerFacts TokensPresenter::endAllFacts() const {
    const auto& all = m_list.model().all();
    const bool ours = std::any_of(all.begin(), all.end(), [](const auto& t) { return t.current; });
    models::DangerFacts out = oneUser(m_hub);
    out.title = tr("End all tokens of %1?").arg(toText(m_list.user()));
    out.sentence =
        tr("Whatever program uses one is refused from now on, and what it has open "
           "ends. Passwords and certificates stay good.");
    if (ours) {
        out.sentence += QLatin1Char(' ') +
                        tr("This window speaks by one of them: you will have to sign in again.");
    }
    out.verb = tr("End all");
    out.facts = {{tr("Tokens"), grouped(static_cast<qint64>(all.size()))}};
    out.commands = {models::endTokensCommand(m_list.user())};
    return out;
}

void TokensPresenter::endAll(const std::string& user, const QString& reason) {
    const bool own = m_hub.identity() && m_hub.identity()->user == user;
    revoke(own ? whyNotOwn() : m_change.whyNot(kRevoke), {{}, user, mutationOf(reason)});
}

void TokensPresenter::revoke(const QString& whyNot, const services::Revocation& which) {
    m_change.begin(
        whyNot,
        [&](const auto& reply) { return m_hub.session()->access().revokeTokens(which, reply); },
        [](const absl::StatusOr<std::uint32_t>& ended) { return failureOf(ended); });
}

}  // namespace ifrit::gui::presenters
