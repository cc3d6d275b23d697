// SPDX-License-Identifier: Apache-2.0
// AccessHandler: users. What they are granted is in grants_handler.cpp; tokens and certificates
// are in credentials_handler.cpp.
#include "master/rpc/access_handler.h"

#include <map>
#include <utility>

#include "master/auth/tokens.h"
#include "master/rpc/access_wire.h"
#include "master/rpc/keyed_list.h"
#include "master/rpc/password_again.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"

namespace ifrit::master::rpc {

using storage::Transaction;

absl::Status AccessHandler::change(const Principal& who, const v1::Mutation& mutation,
                                   Reason reason, std::string_view verb, const Make& make,
                                   const Repeat& repeat) {
    IFRIT_ASSIGN_OR_RETURN(const services::Caller caller, callerOf(who, mutation));
    if (reason == Reason::Needed && caller.reason.empty()) {
        return base::invalidArgument("REASON_MISSING", "reason",
                                     "say why: whoever finds it later has to know");
    }
    return m_parts.calls.runOnce(
        {caller,
         [&make, &who](const services::Caller& c) {
             return make({c.name, c.via, c.address, c.reason, c.requestId, who.confirmed});
         },
         repeat},
        verb);
}

absl::StatusOr<std::string> AccessHandler::ownerOf(const Principal& who, std::string_view method,
                                                   const std::string& named) const {
    const std::string owner = named.empty() ? who.name : named;
    if (owner != "*") IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(owner));
    if (owner == who.name || who.role == services::OperatorRole::SuperAdmin) return owner;
    return base::permissionDenied("NOT_ALLOWED", owner,
                                  "{} may not call {} about others: it is for super admins alone",
                                  who.name, method);
}

absl::Status AccessHandler::mustBeSomebody(Transaction& view, const std::string& name) {
    if (name.empty() || name == "*") return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const auto found, view.operators().find(name));
    if (found) return absl::OkStatus();
    return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
}

absl::StatusOr<std::vector<v1::User>> AccessHandler::users() const {
    std::map<std::string, v1::User> out;
    const base::WallTime now = m_parts.trust.clock.now();
    const absl::Status read = m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
        out.clear();
        IFRIT_ASSIGN_OR_RETURN(const auto people, view.operators().list());
        for (const auto& person : people)
            out[person.name] = toWire(person);
        const auto of = [&out](const std::string& name) {
            const auto found = out.find(name);
            return found == out.end() ? nullptr : &found->second;
        };
        IFRIT_ASSIGN_OR_RETURN(const auto sessions, view.operators().listSessions());
        for (const auto& session : sessions) {
            v1::User* user = of(session.operatorName);
            if (user != nullptr && session.expires > now) user->set_tokens(user->tokens() + 1);
        }
        IFRIT_ASSIGN_OR_RETURN(const auto certificates, view.certificates().list("operator"));
        for (const auto& one : certificates) {
            v1::User* user = of(one.name);
            if (user != nullptr && !one.revoked && one.notAfter > now)
                user->set_certificates(user->certificates() + 1);
        }
        IFRIT_ASSIGN_OR_RETURN(const auto grants, view.grants().list());
        for (const auto& record : grants) {
            v1::User* user = of(record.grant.to);
            const bool holds = !record.grant.expires || *record.grant.expires > now;
            if (user != nullptr && holds) user->set_grants(user->grants() + 1);
        }
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    for (const domain::Grant& grant : m_parts.trust.grants.configured()) {
        const auto user = out.find(grant.to);
        if (user != out.end()) user->second.set_grants(user->second.grants() + 1);
    }
    std::vector<v1::User> all;
    for (auto& [name, user] : out)
        all.push_back(std::move(user));
    return all;
}

absl::Status AccessHandler::answerUser(const std::string& name, v1::User& out) const {
    IFRIT_ASSIGN_OR_RETURN(const auto all, users());
    for (const v1::User& user : all) {
        if (user.name() != name) continue;
        out = user;
        return absl::OkStatus();
    }
    return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
}

AccessHandler::Reactor* AccessHandler::ListUsers(Context* context,
                                                 const v1::ListUsersRequest* request,
                                                 v1::ListUsersResponse* response) {
    return m_parts.calls.run(context, "ifrit.v1.Access/ListUsers",
                             [this, request, response](const Principal&) -> absl::Status {
                                 IFRIT_ASSIGN_OR_RETURN(auto all, users());
                                 KeyedList<v1::User> list(1);
                                 for (v1::User& user : all) {
                                     std::string name = user.name();
                                     list.add(std::move(name), std::move(user));
                                 }
                                 IFRIT_ASSIGN_OR_RETURN(
                                     *response->mutable_next_page_token(),
                                     list.takePage(request->page_token(), request->page_size(),
                                                   *response->mutable_users()));
                                 return absl::OkStatus();
                             });
}

AccessHandler::Reactor* AccessHandler::CreateUser(Context* context,
                                                  const v1::CreateUserRequest* request,
                                                  v1::CreateUserResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/CreateUser", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto role, fromWire(request->role()));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                std::string password = request->password();
                if (request->no_password()) {
                    password.clear();
                } else if (password.empty()) {
                    password = auth::makePassword();
                    response->set_password(password);
                }
                IFRIT_ASSIGN_OR_RETURN(
                    const auto person,
                    auth::newOperator(request->name(), password, role, m_parts.trust.clock.now()));
                IFRIT_RETURN_IF_ERROR(
                    auth::addOperator(m_parts.trust.database, m_parts.trust.trail, person, by));
                return answerUser(person.name, *response->mutable_user());
            };
            return change(who, request->mutation(), Reason::Free, "operator.add", make,
                          [&](const std::string& name) {
                              return answerUser(name, *response->mutable_user());
                          });
        });
}

absl::Status AccessHandler::setPassword(const Principal& who, const v1::SetPasswordRequest& request,
                                        v1::SetPasswordResponse& response) {
    constexpr char kMethod[] = "ifrit.v1.Access/SetPassword";
    IFRIT_ASSIGN_OR_RETURN(const std::string name, ownerOf(who, kMethod, request.name()));
    storage::OperatorRecord person;
    IFRIT_RETURN_IF_ERROR(m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, view.operators().find(name));
        if (!found)
            return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
        person = *found;
        return absl::OkStatus();
    }));
    const auto make = [&](const auth::Administrator& by) -> absl::Status {
        std::optional<storage::OperatorRecord> confirmed;
        // Whoever finds an open desk must not be able to keep it; nor whoever stole a token of
        // somebody without a password, who could say the new one again wherever it is asked for.
        if (name == who.name && person.passwordHash.empty() && who.method == "token")
            return passwordNeeded(*findMethod(kMethod), who);
        if (name == who.name && !person.passwordHash.empty()) {
            IFRIT_ASSIGN_OR_RETURN(confirmed, m_parts.trust.logins.confirm(
                                                  name, request.current_password(), who.address));
        }
        std::string password = request.password();
        if (password.empty()) password = auth::makePassword();
        IFRIT_RETURN_IF_ERROR(auth::checkPassword(password));
        IFRIT_ASSIGN_OR_RETURN(person.passwordHash, crypto::hashPassword(password));
        person.changed = m_parts.trust.clock.now();
        IFRIT_RETURN_IF_ERROR(auth::changePassword(m_parts.trust.database, m_parts.trust.trail,
                                                   person, by, confirmed));
        if (request.password().empty()) response.set_password(password);
        return absl::OkStatus();
    };
    return change(who, request.mutation(), Reason::Free, "operator.passwd", make,
                  [](const std::string&) { return absl::OkStatus(); });
}

AccessHandler::Reactor* AccessHandler::SetPassword(Context* context,
                                                   const v1::SetPasswordRequest* request,
                                                   v1::SetPasswordResponse* response) {
    return m_parts.calls.runChange(context, "ifrit.v1.Access/SetPassword", *request,
                                   [this, request, response](const Principal& who) {
                                       return setPassword(who, *request, *response);
                                   });
}

template <typename Request, typename ChangeUser>
AccessHandler::Reactor* AccessHandler::changeUser(Context* context, std::string_view method,
                                                  const Request* request, v1::User* response,
                                                  ChangeUser changeIt) {
    return m_parts.calls.runChange(
        context, method, *request,
        [this, method, request, response, changeIt](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(request->name()));
            const auto answer = [&](const std::string& name) {
                return answerUser(name, *response);
            };
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(changeIt(by));
                m_parts.trust.revoked();
                return answer(request->name());
            };
            return change(who, request->mutation(), Reason::Needed, findMethod(method)->verb, make,
                          answer);
        });
}

AccessHandler::Reactor* AccessHandler::SetRole(Context* context, const v1::SetRoleRequest* request,
                                               v1::User* response) {
    return changeUser(context, "ifrit.v1.Access/SetRole", request, response,
                      [this, request](const auth::Administrator& by) -> absl::Status {
                          IFRIT_ASSIGN_OR_RETURN(const auto role, fromWire(request->role()));
                          return auth::changeRole(m_parts.trust.database, m_parts.trust.trail,
                                                  request->name(), role, m_parts.trust.clock.now(),
                                                  by);
                      });
}

AccessHandler::Reactor* AccessHandler::DisableUser(Context* context,
                                                   const v1::DisableUserRequest* request,
                                                   v1::User* response) {
    return changeUser(context, "ifrit.v1.Access/DisableUser", request, response,
                      [this, request](const auth::Administrator& by) {
                          return auth::changeStanding(m_parts.trust.database, m_parts.trust.trail,
                                                      request->name(), auth::Standing::Disabled,
                                                      m_parts.trust.clock.now(), by);
                      });
}

AccessHandler::Reactor* AccessHandler::EnableUser(Context* context,
                                                  const v1::EnableUserRequest* request,
                                                  v1::User* response) {
    return changeUser(context, "ifrit.v1.Access/EnableUser", request, response,
                      [this, request](const auth::Administrator& by) {
                          return auth::changeStanding(m_parts.trust.database, m_parts.trust.trail,
                                                      request->name(), auth::Standing::Enabled,
                                                      m_parts.trust.clock.now(), by);
                      });
}

AccessHandler::Reactor* AccessHandler::RemoveUser(Context* context,
                                                  const v1::RemoveUserRequest* request,
                                                  v1::RemoveUserResponse*) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/RemoveUser", *request,
        [this, request](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(request->name()));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(auth::removeOperator(m_parts.trust.database,
                                                           m_parts.trust.trail, request->name(),
                                                           m_parts.trust.clock.now(), by));
                m_parts.trust.revoked();
                return absl::OkStatus();
            };
            return change(who, request->mutation(), Reason::Needed, "operator.remove", make,
                          [](const std::string&) { return absl::OkStatus(); });
        });
}

}  // namespace ifrit::master::rpc
