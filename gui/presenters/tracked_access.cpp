// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/tracked_access.h"

#include <utility>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;
using services::CallHandle;
using services::Reply;

services::Reply<bool> asReply(services::Done done) {
    return [done = std::move(done)](const absl::StatusOr<bool>& answer) { done(answer.status()); };
}
services::Done asDone(Reply<bool> reply) {
    return [reply = std::move(reply)](const absl::Status& status) {
        reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
    };
}

}  // namespace

CallHandle TrackedAccess::listUsers(Reply<std::vector<services::UserInfo>> reply) {
    return m_tracker.ask<std::vector<services::UserInfo>>(
        [] { return tr("List users"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.listUsers(std::move(told)); });
}

CallHandle TrackedAccess::createUser(const services::NewUser& user,
                                     Reply<services::MadePassword> reply) {
    services::NewUser named = user;
    named.mutation = CallTracker::named(user.mutation);
    return m_tracker.change<services::MadePassword>(
        [name = user.name] { return tr("Add user %1").arg(toText(name)); },
        named.mutation.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.createUser(named, std::move(told)); });
}

CallHandle TrackedAccess::setPassword(const services::PasswordChange& change,
                                      Reply<services::MadePassword> reply) {
    services::PasswordChange named = change;
    named.mutation = CallTracker::named(change.mutation);
    return m_tracker.change<services::MadePassword>(
        [name = change.user] { return tr("New password for %1").arg(toText(name)); },
        named.mutation.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.setPassword(named, std::move(told)); });
}

CallHandle TrackedAccess::setRole(const std::string& user, services::UserRole role,
                                  const Mutation& mutation, Reply<services::UserInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<services::UserInfo>(
        [user] { return tr("Change the role of %1").arg(toText(user)); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.setRole(user, role, named, std::move(told)); });
}

CallHandle TrackedAccess::disableUser(const std::string& user, const Mutation& mutation,
                                      Reply<services::UserInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<services::UserInfo>(
        [user] { return tr("Disable %1").arg(toText(user)); }, named.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.disableUser(user, named, std::move(told)); });
}

CallHandle TrackedAccess::enableUser(const std::string& user, const Mutation& mutation,
                                     Reply<services::UserInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<services::UserInfo>(
        [user] { return tr("Enable %1").arg(toText(user)); }, named.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.enableUser(user, named, std::move(told)); });
}

CallHandle TrackedAccess::removeUser(const std::string& user, const Mutation& mutation,
                                     services::Done done) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<bool>(
        [user] { return tr("Remove %1").arg(toText(user)); }, named.requestId,
        asReply(std::move(done)),
        [&](auto told, auto) { return m_inner.removeUser(user, named, asDone(std::move(told))); });
}

CallHandle TrackedAccess::listGrants(const std::string& user, Reply<services::GrantList> reply) {
    return m_tracker.ask<services::GrantList>(
        [] { return tr("List grants"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.listGrants(user, std::move(told)); });
}

CallHandle TrackedAccess::giveGrant(const domain::Grant& grant, const Mutation& mutation,
                                    Reply<services::GrantInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<services::GrantInfo>(
        [verb = grant.verb, to = grant.to] {
            return tr("Grant %1 to %2").arg(toText(verb), toText(to));
        },
        named.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.giveGrant(grant, named, std::move(told)); });
}

CallHandle TrackedAccess::takeGrant(const std::string& id, const Mutation& mutation,
                                    services::Done done) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<bool>(
        [] { return tr("Take a grant away"); }, named.requestId, asReply(std::move(done)),
        [&](auto told, auto) { return m_inner.takeGrant(id, named, asDone(std::move(told))); });
}

CallHandle TrackedAccess::checkAccess(const services::AccessQuestion& question,
                                      Reply<services::AccessAnswer> reply) {
    return m_tracker.ask<services::AccessAnswer>(
        [] { return tr("Ask for a permission"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.checkAccess(question, std::move(told)); });
}

CallHandle TrackedAccess::listTokens(const std::string& user,
                                     Reply<std::vector<services::TokenInfo>> reply) {
    return m_tracker.ask<std::vector<services::TokenInfo>>(
        [] { return tr("List tokens"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.listTokens(user, std::move(told)); });
}

CallHandle TrackedAccess::createToken(const services::NewToken& token,
                                      Reply<services::MadeToken> reply) {
    services::NewToken named = token;
    named.mutation = CallTracker::named(token.mutation);
    return m_tracker.change<services::MadeToken>(
        [label = token.label] { return tr("Make a token for %1").arg(toText(label)); },
        named.mutation.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.createToken(named, std::move(told)); });
}

CallHandle TrackedAccess::revokeTokens(const services::Revocation& which,
                                       Reply<std::uint32_t> reply) {
    services::Revocation named = which;
    named.mutation = CallTracker::named(which.mutation);
    return m_tracker.change<std::uint32_t>(
        [] { return tr("End tokens"); }, named.mutation.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.revokeTokens(named, std::move(told)); });
}

CallHandle TrackedAccess::listCertificates(const std::string& user,
                                           Reply<std::vector<services::CertificateInfo>> reply) {
    return m_tracker.ask<std::vector<services::CertificateInfo>>(
        [] { return tr("List certificates"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.listCertificates(user, std::move(told)); });
}

CallHandle TrackedAccess::issueCertificate(const std::string& user, const std::string& csrPem,
                                           const Mutation& mutation,
                                           Reply<services::IssuedCertificate> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<services::IssuedCertificate>(
        [user] { return tr("Issue a certificate for %1").arg(toText(user)); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) {
            return m_inner.issueCertificate(user, csrPem, named, std::move(told));
        });
}

CallHandle TrackedAccess::revokeCertificates(const services::Revocation& which,
                                             Reply<std::uint32_t> reply) {
    services::Revocation named = which;
    named.mutation = CallTracker::named(which.mutation);
    return m_tracker.change<std::uint32_t>(
        [] { return tr("Revoke certificates"); }, named.mutation.requestId, std::move(reply),
        [&](auto told, auto) { return m_inner.revokeCertificates(named, std::move(told)); });
}

CallHandle TrackedAccess::revokeMachine(const std::string& uuid, const Mutation& mutation,
                                        Reply<std::uint32_t> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<std::uint32_t>(
        [uuid] { return tr("Revoke machine %1").arg(toText(uuid)); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.revokeMachine(uuid, named, std::move(told)); });
}

}  // namespace ifrit::gui::presenters
