// SPDX-License-Identifier: GPL-3.0-or-later
// AccessPresenter: what it changes. Permissions are of danger class 3, whatever they reach.
#include <algorithm>

#include "gui/presenters/access_presenter.h"
#include "gui/presenters/widening.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

const char* permissionOf(AccessPresenter::Verb verb) {
    switch (verb) {
        case AccessPresenter::Verb::Password:
            return "operator.passwd";
        case AccessPresenter::Verb::Promote:
        case AccessPresenter::Verb::Demote:
            return "operator.role";
        case AccessPresenter::Verb::Disable:
            return "operator.disable";
        case AccessPresenter::Verb::Enable:
            return "operator.enable";
        case AccessPresenter::Verb::Remove:
            break;
    }
    return "operator.remove";
}

services::Mutation mutationOf(const QString& reason) {
    services::Mutation out;
    out.reason = reason.toStdString();
    return out;
}

services::Mutation mutationOf(const models::Consent& consent) {
    services::Mutation out = mutationOf(consent.reason);
    out.password = consent.password.toStdString();
    return out;
}

/// What it changes lets somebody do more, or be somebody.
bool isWidening(AccessPresenter::Verb verb) {
    using Verb = AccessPresenter::Verb;
    return verb != Verb::Disable && verb != Verb::Remove;
}

bool isName(const QString& name) {
    if (name.isEmpty() || name.size() > 64) return false;
    return std::all_of(name.begin(), name.end(), [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'a' && u <= u'z') || (u >= u'0' && u <= u'9') || u == u'.' || u == u'_' ||
               u == u'-' || u == u'@';
    });
}

}  // namespace

Action AccessPresenter::createAction() const {
    return {m_change.whyNot("operator.add")};
}

QString AccessPresenter::problemOf(const NewUser& user) const {
    if (user.name.isEmpty()) return tr("A name is missing.");
    if (!isName(user.name)) {
        return tr("A name has at most 64 of a-z, 0-9 and . _ @ -");
    }
    if (m_users.rowOfKey(user.name) >= 0) return tr("There is a user of this name.");
    return {};
}

models::DangerFacts AccessPresenter::oneUser(const QString& title, const QString& sentence,
                                             const QString& verb) const {
    models::DangerFacts facts(m_hub.place());
    facts.danger = domain::dangerOfDestruction({1, 0, m_hub.isProduction()});
    facts.title = title;
    facts.sentence = sentence;
    facts.verb = verb;
    facts.machines = 1;
    facts.countPrompt = tr("Type the number of users, 1, to go on");
    return facts;
}

models::DangerFacts AccessPresenter::createFacts(const NewUser& user) const {
    const bool isSuper = user.role == services::UserRole::SuperAdmin;
    models::DangerFacts facts =
        oneUser(tr("Add %1?").arg(user.name),
                isSuper ? tr("A super admin may do everything here, and let others.")
                        : tr("A reader sees everything here, and changes what is granted."),
                tr("Add"));
    facts.facts << qMakePair(tr("Role"),
                             models::StatusWords::roleName(std::string(nameOf(user.role))))
                << qMakePair(tr("Signs in with"), user.withPassword
                                                      ? tr("a password that the master makes")
                                                      : tr("a certificate alone"));
    facts.commands = {models::createUserCommand(user.name, isSuper, user.withPassword)};
    return widening(m_hub, std::move(facts));
}

void AccessPresenter::create(const NewUser& user, const models::Consent& consent) {
    m_change.begin(
        createAction().whyNot,
        [&](const auto& reply) {
            return m_hub.session()->access().createUser(
                {user.name.toStdString(), user.role, user.withPassword, mutationOf(consent)},
                reply);
        },
        [this](const absl::StatusOr<services::MadePassword>& made) { return madePassword(made); });
}

QString AccessPresenter::madePassword(const absl::StatusOr<services::MadePassword>& made) {
    if (made.ok() && !made->password.empty())
        Q_EMIT secretMade(toText(made->user), toText(made->password));
    return failureOf(made);
}

Action AccessPresenter::action(Verb verb) const {
    const services::UserInfo* user = chosen();
    if (user == nullptr) return {tr("Nobody is chosen.")};
    if (verb == Verb::Password && isSelf())
        return {tr("One's own password is changed with: ifritctl user passwd")};
    const bool takesAway = verb == Verb::Demote || verb == Verb::Disable || verb == Verb::Remove;
    if (takesAway && isLastSuperAdmin(*user))
        return {tr("%1 is the last super admin who may sign in. Make another one first.")
                    .arg(toText(user->name))};
    return {m_change.whyNot(permissionOf(verb))};
}

models::DangerFacts AccessPresenter::facts(Verb verb) const {
    const QString name = toText(m_chosen);
    models::DangerFacts out(m_hub.place());
    switch (verb) {
        case Verb::Password:
            out = oneUser(tr("Give %1 a new password?").arg(name),
                          tr("The old one and all tokens end at once; the new one is shown once."),
                          tr("Give"));
            break;
        case Verb::Promote:
            out = oneUser(tr("Make %1 a super admin?").arg(name),
                          tr("A super admin may do everything here, and let others."), tr("Make"));
            break;
        case Verb::Demote:
            out = oneUser(tr("Make %1 a reader?").arg(name),
                          tr("A reader sees everything here, and changes what is granted."),
                          tr("Make"));
            break;
        case Verb::Disable:
            out = oneUser(tr("Disable %1?").arg(name),
                          tr("Password, tokens and certificates are refused from now on, and what "
                             "is open ends within two seconds."),
                          tr("Disable"));
            break;
        case Verb::Enable:
            out = oneUser(tr("Enable %1?").arg(name),
                          tr("Password and certificates are good again; ended tokens are not."),
                          tr("Enable"));
            break;
        case Verb::Remove:
            out = oneUser(tr("Remove %1?").arg(name),
                          tr("Grants, tokens and certificates go too. Somebody of this name who is "
                             "added later gets nothing of them."),
                          tr("Remove"));
            break;
    }
    out.facts << sheetFacts();
    out.commands = {models::userCommand(verb, name)};
    return isWidening(verb) ? widening(m_hub, std::move(out)) : out;
}

void AccessPresenter::act(Verb verb, const std::string& user, const models::Consent& consent) {
    const services::Mutation mutation = mutationOf(consent);
    const QString whyNot = m_change.whyNot(permissionOf(verb));
    if (verb == Verb::Password) {
        m_change.begin(
            whyNot,
            [&](const auto& reply) {
                return m_hub.session()->access().setPassword({user, {}, {}, mutation}, reply);
            },
            [this](const absl::StatusOr<services::MadePassword>& made) {
                return madePassword(made);
            });
        return;
    }
    const auto ask = [&](const auto& reply) {
        services::AccessService& access = m_hub.session()->access();
        if (verb == Verb::Promote)
            return access.setRole(user, services::UserRole::SuperAdmin, mutation, reply);
        if (verb == Verb::Demote)
            return access.setRole(user, services::UserRole::Reader, mutation, reply);
        if (verb == Verb::Disable) return access.disableUser(user, mutation, reply);
        if (verb == Verb::Enable) return access.enableUser(user, mutation, reply);
        return access.removeUser(user, mutation, reply);
    };
    m_change.begin(whyNot, ask, [](const auto& answer) { return failureOf(answer); });
}

Action AccessPresenter::giveAction() const {
    if (chosen() == nullptr) return {tr("Nobody is chosen.")};
    if (chosen()->role == services::UserRole::SuperAdmin)
        return {tr("A super admin may do everything already.")};
    return {m_change.whyNot("grant.give")};
}

domain::Grant AccessPresenter::grantOf(const NewGrant& grant) const {
    domain::Grant out;
    out.to = m_chosen;
    out.verb = grant.permission.toStdString();
    if (!grant.agent.isEmpty()) out.agent = grant.agent.toStdString();
    if (!grant.machineType.isEmpty()) out.machineType = grant.machineType.toStdString();
    if (!grant.cluster.isEmpty()) out.cluster = grant.cluster.toStdString();
    if (grant.days > 0) out.expires = m_hub.times().now() + std::chrono::hours(24) * grant.days;
    return out;
}

QString AccessPresenter::problemOf(const NewGrant& grant) const {
    if (grant.permission.isEmpty()) return tr("Choose a permission.");
    const domain::Grant made = grantOf(grant);
    domain::Grant probe;
    probe.verb = made.verb;
    if (!domain::checkGrant(probe).ok()) return tr("This is no permission.");
    probe.agent = made.agent;
    if (!domain::checkGrant(probe).ok())
        return tr("An agent is a name, or the beginning of one and *.");
    probe.machineType = made.machineType;
    if (!domain::checkGrant(probe).ok())
        return tr("A machine type is a name such as LINUX, or the beginning of one and *.");
    probe.cluster = made.cluster;
    if (!domain::checkGrant(probe).ok())
        return tr("A cluster is a name, or the beginning of one and *.");
    return {};
}

models::DangerFacts AccessPresenter::giveFacts(const NewGrant& grant) const {
    const domain::Grant made = grantOf(grant);
    models::DangerFacts out =
        oneUser(tr("Grant %1 something?").arg(toText(m_chosen)),
                tr("It holds at once, at every master of the cluster."), tr("Grant"));
    out.facts = {
        {tr("Permission"), models::GrantModel::patternText(made.verb, tr("every permission"))},
        {tr("Agent"), models::GrantModel::patternText(made.agent, tr("every agent"))},
        {tr("Machine type"), models::GrantModel::patternText(made.machineType, tr("every type"))},
        {tr("Holds in"), models::GrantModel::patternText(made.cluster, tr("every cluster"))},
        {tr("Until"), made.expires ? m_hub.times().at(*made.expires) : tr("for ever")}};
    out.commands = {models::giveGrantCommand(made, grant.days)};
    return widening(m_hub, std::move(out));
}

void AccessPresenter::give(const domain::Grant& grant, const models::Consent& consent) {
    if (!domain::checkGrant(grant).ok()) return;
    m_change.begin(
        m_change.whyNot("grant.give"),
        [&](const auto& reply) {
            return m_hub.session()->access().giveGrant(grant, mutationOf(consent), reply);
        },
        [](const auto& answer) { return failureOf(answer); });
}

Action AccessPresenter::takeAction(int row) const {
    const services::GrantInfo* info = m_grants.at(row);
    if (info == nullptr) return {tr("No grant is chosen.")};
    if (info->grant.id.empty())
        return {tr("It is given by the master's configuration, and taken away there.")};
    return {m_change.whyNot("grant.take")};
}

models::DangerFacts AccessPresenter::takeFacts(int row) const {
    const services::GrantInfo& info = *m_grants.at(row);
    models::DangerFacts out =
        oneUser(tr("Take a grant from %1?").arg(toText(info.grant.to)),
                tr("It holds nowhere any more from the next call on."), tr("Take away"));
    out.facts = {
        {tr("Permission"),
         models::GrantModel::patternText(info.grant.verb, tr("every permission"))},
        {tr("Agent"), models::GrantModel::patternText(info.grant.agent, tr("every agent"))},
        {tr("Machine type"),
         models::GrantModel::patternText(info.grant.machineType, tr("every type"))},
        {tr("Holds in"), models::GrantModel::patternText(info.grant.cluster, tr("every cluster"))},
        {tr("Reason"), toText(info.reason)}};
    out.commands = {models::takeGrantCommand(info.grant.id)};
    return out;
}

void AccessPresenter::take(const std::string& grantId, const QString& reason) {
    m_change.begin(
        m_change.whyNot("grant.take"),
        [&](const auto& reply) {
            return m_hub.session()->access().takeGrant(grantId, mutationOf(reason), reply);
        },
        [](const auto& answer) { return failureOf(answer); });
}

}  // namespace ifrit::gui::presenters
