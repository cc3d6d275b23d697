// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/sessions_handler.h"

#include "master/rpc/access_wire.h"
#include "master/rpc/audit_wire.h"
#include "master/rpc/paging.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/rpc/peer.h"

namespace ifrit::master::rpc {
absl::Status SessionsHandler::sayAll(v1::WhoAmIResponse& response) {
    for (const std::string& permission : grantablePermissions())
        response.add_permissions(permission);
    for (const std::string& permission : superAdminPermissions())
        response.add_permissions(permission);
    return absl::OkStatus();
}

absl::Status SessionsHandler::sayGranted(const std::string& user, v1::WhoAmIResponse& response) {
    IFRIT_ASSIGN_OR_RETURN(const auto grants, m_identities.grantsOf(user));
    const base::WallTime now = m_clock.now();
    for (const std::string& permission : grantablePermissions()) {
        if (domain::isGrantedSomewhere(grants, m_cluster, permission, now))
            response.add_permissions(permission);
    }
    for (const domain::Grant& grant : grants) {
        const bool holds = !grant.expires || now < *grant.expires;
        if (holds && domain::matchesPattern(grant.cluster, m_cluster))
            *response.add_grants() = toWire(grant);
    }
    return absl::OkStatus();
}

grpc::ServerUnaryReactor* SessionsHandler::Login(grpc::CallbackServerContext* context,
                                                 const v1::LoginRequest* request,
                                                 v1::LoginResponse* response) {
    return m_calls.run(
        context, "ifrit.v1.Sessions/Login",
        [this, request, response](const Principal& caller) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(
                codec::checkText("user", request->user(), codec::kMaxShortTextBytes));
            if (request->password().size() > codec::kMaxMessageBytes)
                return base::invalidArgument("PASSWORD_TOO_LONG", "", "the password is too long");
            IFRIT_ASSIGN_OR_RETURN(
                const auto login,
                m_identities.login(request->user(), request->password(), caller.address));
            response->set_token(login.token);
            response->set_user(login.who.name);
            response->set_expires_ms(base::toUnixMillis(login.who.expires));
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* SessionsHandler::Logout(grpc::CallbackServerContext* context,
                                                  const v1::LogoutRequest*, v1::LogoutResponse*) {
    return m_calls.run(context, "ifrit.v1.Sessions/Logout",
                       [this, context](const Principal& caller) -> absl::Status {
                           if (caller.method != "token") return absl::OkStatus();
                           return m_identities.logout(ifrit::rpc::bearerToken(*context),
                                                      caller.address);
                       });
}

grpc::ServerUnaryReactor* SessionsHandler::WhoAmI(grpc::CallbackServerContext* context,
                                                  const v1::WhoAmIRequest*,
                                                  v1::WhoAmIResponse* response) {
    return m_calls.run(context, "ifrit.v1.Sessions/WhoAmI",
                       [this, response](const Principal& caller) -> absl::Status {
                           const bool super = caller.role == services::OperatorRole::SuperAdmin;
                           response->set_user(caller.name);
                           response->set_role(super ? "super_admin" : "reader");
                           response->set_method(caller.method);
                           response->set_expires_ms(base::toUnixMillis(caller.expires));
                           return super ? sayAll(*response) : sayGranted(caller.name, *response);
                       });
}

grpc::ServerUnaryReactor* AuditHandler::ListAudit(grpc::CallbackServerContext* context,
                                                  const v1::ListAuditRequest* request,
                                                  v1::ListAuditResponse* response) {
    return m_calls.run(context, "ifrit.v1.Audit/ListAudit",
                       [this, request, response](const Principal&) -> absl::Status {
                           services::AuditQuery query;
                           IFRIT_ASSIGN_OR_RETURN(query.beforeId,
                                                  numberOfToken(request->page_token(), 0));
                           const std::size_t size = pageSize(request->page_size());
                           query.limit = size + 1;
                           query.actor = request->actor();
                           query.verb = request->verb();
                           query.object = request->object();
                           query.result = request->result();
                           query.since = codec::timeFromWire(request->since_ms());
                           query.until = codec::timeFromWire(request->until_ms());
                           IFRIT_ASSIGN_OR_RETURN(const auto rows, m_audit.list(query));
                           PageRoom room(size);
                           std::uint64_t last = 0;
                           for (const auto& row : rows) {
                               v1::AuditRow wire = toWire(row);
                               if (!room.take(wire)) {
                                   response->set_next_page_token(std::to_string(last));
                                   break;
                               }
                               last = row.id;
                               *response->add_rows() = std::move(wire);
                           }
                           return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* AuditHandler::VerifyAudit(grpc::CallbackServerContext* context,
                                                    const v1::VerifyAuditRequest*,
                                                    v1::VerifyAuditResponse* response) {
    return m_calls.run(context, "ifrit.v1.Audit/VerifyAudit",
                       [this, context, response](const Principal&) -> absl::Status {
                           IFRIT_ASSIGN_OR_RETURN(const auto check, m_audit.verify({}, [context] {
                               return context->IsCancelled();
                           }));
                           response->set_rows(check.rows);
                           response->set_head_hash(check.headHash);
                           response->set_intact(check.intact);
                           response->set_first_broken_id(check.firstBrokenId);
                           response->set_message(check.message);
                           return absl::OkStatus();
                       });
}

}  // namespace ifrit::master::rpc
