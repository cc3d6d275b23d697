// SPDX-License-Identifier: Apache-2.0
// AccessHandler: what users are granted, and whether it lets them.
#include <algorithm>
#include <utility>

#include "master/auth/grants.h"
#include "master/rpc/access_answer.h"
#include "master/rpc/access_handler.h"
#include "master/rpc/access_wire.h"
#include "master/rpc/grant_rule.h"
#include "master/rpc/keyed_list.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

using storage::Transaction;

constexpr std::size_t kMaxTypes = 256;

/// What stands in a grant's place must be asked by some call, or it would look like a permission
/// and be none.
absl::Status checkAskedFor(const std::string& verb) {
    if (takesInSome(verb)) return absl::OkStatus();
    return base::invalidArgument("GRANT_INVALID", verb,
                                 "'{}' is no permission that can be granted; there are {}", verb,
                                 fmt::join(grantablePermissions(), ", "));
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
                    // The file may name somebody who is not there yet.
                    const auto configured = m_parts.trust.grants.configured();
                    const bool isNamed =
                        std::any_of(configured.begin(), configured.end(),
                                    [&to](const domain::Grant& grant) { return grant.to == to; });
                    if (!isNamed) IFRIT_RETURN_IF_ERROR(mustBeSomebody(view, to));
                    return absl::OkStatus();
                }));
            const GrantPlace here{m_parts.cluster, m_parts.trust.clock.now()};
            KeyedList<v1::Grant> list(4);
            for (const storage::GrantRecord& record : all)
                list.add(
                    listKey({record.grant.to, "given", oldestFirst(record.given), record.grant.id}),
                    toWire(record, here));
            std::size_t place = 0;
            for (const domain::Grant& grant : m_parts.trust.grants.configured()) {
                // After those that were given, in the file's order.
                const std::string key =
                    listKey({grant.to, "in file", fmt::format("{:06}", place++), grant.id});
                if (to.empty() || grant.to == to)
                    list.add(key,
                             toWire(storage::GrantRecord{grant, "configuration", {}, {}}, here));
            }
            IFRIT_ASSIGN_OR_RETURN(*response->mutable_next_page_token(),
                                   list.takePage(request->page_token(), request->page_size(),
                                                 *response->mutable_grants()));
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
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/GiveGrant", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            storage::GrantRecord record;
            IFRIT_ASSIGN_OR_RETURN(record.grant, fromWire(request->grant()));
            IFRIT_RETURN_IF_ERROR(checkAskedFor(record.grant.verb));
            IFRIT_RETURN_IF_ERROR(checkCanApply(record.grant));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                record.grant.id = base::randomUuid();
                record.givenBy = by.name;
                record.given = m_parts.trust.clock.now();
                record.reason = by.reason;
                IFRIT_RETURN_IF_ERROR(
                    auth::giveGrant(m_parts.trust.database, m_parts.trust.trail, record, by));
                *response = toWire(record, {m_parts.cluster, record.given});
                return absl::OkStatus();
            };
            const auto repeat = [&](const std::string& id) {
                return m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(const auto found, view.grants().find(id));
                    if (found)
                        *response = toWire(*found, {m_parts.cluster, m_parts.trust.clock.now()});
                    return absl::OkStatus();
                });
            };
            return change(who, request->mutation(), Reason::Needed, "grant.give", make, repeat);
        });
}

AccessHandler::Reactor* AccessHandler::TakeGrant(Context* context,
                                                 const v1::TakeGrantRequest* request,
                                                 v1::TakeGrantResponse*) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/TakeGrant", *request,
        [this, request](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(codec::checkText("id", request->id(), codec::kMaxShortTextBytes));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(auth::takeGrant(m_parts.trust.database, m_parts.trust.trail,
                                                      request->id(), m_parts.trust.clock.now(),
                                                      by));
                m_parts.trust.revoked();
                return absl::OkStatus();
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
