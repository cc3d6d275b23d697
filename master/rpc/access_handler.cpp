// SPDX-License-Identifier: Apache-2.0
// AccessHandler: users and what they are granted. Tokens and certificates are in
// credentials_handler.cpp.
#include "master/rpc/access_handler.h"

#include <algorithm>
#include <map>
#include <utility>

#include "master/auth/grants.h"
#include "master/auth/tokens.h"
#include "master/rpc/access_answer.h"
#include "master/rpc/access_wire.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/crypto/password.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

using storage::Transaction;

constexpr std::size_t kMaxTypes = 256;

/// What stands in a grant's place must be asked by some call, or it would look like a permission
/// and be none.
absl::Status checkAskedFor(const std::string& verb) {
    const auto known = grantablePermissions();
    for (const std::string& permission : known) {
        if (domain::matchesPattern(verb, permission)) return absl::OkStatus();
    }
    return base::invalidArgument("GRANT_INVALID", verb,
                                 "'{}' is no permission that can be granted; there are {}", verb,
                                 fmt::join(known, ", "));
}

absl::StatusOr<domain::Touch> touchOf(const v1::CheckAccessRequest& request) {
    if (!isPermission(request.permission())) {
        IFRIT_RETURN_IF_ERROR(
            codec::checkText("permission", request.permission(), codec::kMaxShortTextBytes));
        return base::invalidArgument("PERMISSION_UNKNOWN", request.permission(),
                                     "there is no permission '{}'; there are {} and {}",
                                     request.permission(), fmt::join(grantablePermissions(), ", "),
                                     fmt::join(superAdminPermissions(), ", "));
    }
    if (!request.agent().empty()) IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request.agent()));
    IFRIT_RETURN_IF_ERROR(codec::checkCount(
        "machine_types", static_cast<std::size_t>(request.machine_types_size()), kMaxTypes));
    for (const std::string& type : request.machine_types())
        IFRIT_RETURN_IF_ERROR(domain::checkMachineType(type));
    return domain::Touch{request.permission(),
                         request.agent(),
                         {request.machine_types().begin(), request.machine_types().end()}};
}

}  // namespace

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
         [&make](const services::Caller& c) {
             return make({c.name, c.via, c.address, c.reason, c.requestId});
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

AccessHandler::Reactor* AccessHandler::ListUsers(Context* context, const v1::ListUsersRequest*,
                                                 v1::ListUsersResponse* response) {
    return m_parts.calls.run(context, "ifrit.v1.Access/ListUsers",
                             [this, response](const Principal&) -> absl::Status {
                                 IFRIT_ASSIGN_OR_RETURN(auto all, users());
                                 for (v1::User& user : all)
                                     *response->add_users() = std::move(user);
                                 return absl::OkStatus();
                             });
}

AccessHandler::Reactor* AccessHandler::CreateUser(Context* context,
                                                  const v1::CreateUserRequest* request,
                                                  v1::CreateUserResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/CreateUser",
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
    IFRIT_ASSIGN_OR_RETURN(const std::string name,
                           ownerOf(who, "ifrit.v1.Access/SetPassword", request.name()));
    storage::OperatorRecord person;
    IFRIT_RETURN_IF_ERROR(m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, view.operators().find(name));
        if (!found)
            return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
        person = *found;
        return absl::OkStatus();
    }));
    const auto make = [&](const auth::Administrator& by) -> absl::Status {
        // Whoever finds an open desk must not be able to keep it.
        if (name == who.name && !person.passwordHash.empty()) {
            IFRIT_RETURN_IF_ERROR(
                m_parts.trust.logins.confirm(name, request.current_password(), who.address));
        }
        std::string password = request.password();
        if (password.empty()) password = auth::makePassword();
        IFRIT_RETURN_IF_ERROR(auth::checkPassword(password));
        IFRIT_ASSIGN_OR_RETURN(person.passwordHash, crypto::hashPassword(password));
        person.changed = m_parts.trust.clock.now();
        IFRIT_RETURN_IF_ERROR(
            auth::changePassword(m_parts.trust.database, m_parts.trust.trail, person, by));
        if (request.password().empty()) response.set_password(password);
        return absl::OkStatus();
    };
    return change(who, request.mutation(), Reason::Free, "operator.passwd", make,
                  [](const std::string&) { return absl::OkStatus(); });
}

AccessHandler::Reactor* AccessHandler::SetPassword(Context* context,
                                                   const v1::SetPasswordRequest* request,
                                                   v1::SetPasswordResponse* response) {
    return m_parts.calls.run(context, "ifrit.v1.Access/SetPassword",
                             [this, request, response](const Principal& who) {
                                 return setPassword(who, *request, *response);
                             });
}

template <typename Request, typename ChangeUser>
AccessHandler::Reactor* AccessHandler::changeUser(Context* context, std::string_view method,
                                                  const Request* request, v1::User* response,
                                                  ChangeUser changeIt) {
    return m_parts.calls.run(
        context, method,
        [this, method, request, response, changeIt](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(request->name()));
            const auto answer = [&](const std::string& name) {
                return answerUser(name, *response);
            };
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(changeIt(by));
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
    return m_parts.calls.run(
        context, "ifrit.v1.Access/RemoveUser",
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

AccessHandler::Reactor* AccessHandler::ListGrants(Context* context,
                                                  const v1::ListGrantsRequest* request,
                                                  v1::ListGrantsResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/ListGrants",
        [this, request, response](const Principal&) -> absl::Status {
            const std::string& to = request->to();
            if (!to.empty()) IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(to));
            std::vector<storage::GrantRecord> all;
            IFRIT_RETURN_IF_ERROR(
                m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(
                        all, to.empty() ? view.grants().list() : view.grants().listOf(to));
                    return absl::OkStatus();
                }));
            for (const domain::Grant& grant : m_parts.trust.grants.configured()) {
                if (to.empty() || grant.to == to) all.push_back({grant, "configuration", {}, {}});
            }
            std::stable_sort(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.grant.to < b.grant.to; });
            for (const storage::GrantRecord& record : all)
                *response->add_grants() = toWire(record);
            for (const std::string& permission : grantablePermissions())
                response->add_permissions(permission);
            for (const std::string& permission : superAdminPermissions())
                response->add_super_admin_permissions(permission);
            return absl::OkStatus();
        });
}

AccessHandler::Reactor* AccessHandler::GiveGrant(Context* context,
                                                 const v1::GiveGrantRequest* request,
                                                 v1::Grant* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/GiveGrant",
        [this, request, response](const Principal& who) -> absl::Status {
            storage::GrantRecord record;
            IFRIT_ASSIGN_OR_RETURN(record.grant, fromWire(request->grant()));
            IFRIT_RETURN_IF_ERROR(checkAskedFor(record.grant.verb));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                record.grant.id = base::randomUuid();
                record.givenBy = by.name;
                record.given = m_parts.trust.clock.now();
                record.reason = by.reason;
                IFRIT_RETURN_IF_ERROR(
                    auth::giveGrant(m_parts.trust.database, m_parts.trust.trail, record, by));
                *response = toWire(record);
                return absl::OkStatus();
            };
            const auto repeat = [&](const std::string& id) {
                return m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(const auto found, view.grants().find(id));
                    if (found) *response = toWire(*found);
                    return absl::OkStatus();
                });
            };
            return change(who, request->mutation(), Reason::Needed, "grant.give", make, repeat);
        });
}

AccessHandler::Reactor* AccessHandler::TakeGrant(Context* context,
                                                 const v1::TakeGrantRequest* request,
                                                 v1::TakeGrantResponse*) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/TakeGrant",
        [this, request](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(codec::checkText("id", request->id(), codec::kMaxShortTextBytes));
            const auto make = [&](const auth::Administrator& by) {
                return auth::takeGrant(m_parts.trust.database, m_parts.trust.trail, request->id(),
                                       m_parts.trust.clock.now(), by);
            };
            return change(who, request->mutation(), Reason::Needed, "grant.take", make,
                          [](const std::string&) { return absl::OkStatus(); });
        });
}

AccessHandler::Reactor* AccessHandler::CheckAccess(Context* context,
                                                   const v1::CheckAccessRequest* request,
                                                   v1::CheckAccessResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/CheckAccess",
        [this, request, response](const Principal& who) -> absl::Status {
            AccessQuestion question;
            question.user = request->user().empty() ? who.name : request->user();
            IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(question.user));
            IFRIT_ASSIGN_OR_RETURN(question.touch, touchOf(*request));
            IFRIT_RETURN_IF_ERROR(
                m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(question.person, view.operators().find(question.user));
                    return absl::OkStatus();
                }));
            IFRIT_ASSIGN_OR_RETURN(question.grants, m_parts.identities.grantsOf(question.user));
            question.cluster = m_parts.cluster;
            question.now = m_parts.trust.clock.now();
            const AccessAnswer answer = explainAccess(question);
            response->set_allowed(answer.isAllowed);
            response->set_message(answer.message);
            response->set_user(question.user);
            for (const domain::Grant& grant : answer.grants)
                *response->add_grants() = toWire(grant);
            return absl::OkStatus();
        });
}

}  // namespace ifrit::master::rpc
