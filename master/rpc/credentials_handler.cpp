// SPDX-License-Identifier: Apache-2.0
// AccessHandler: tokens and certificates.
#include <algorithm>
#include <utility>

#include "master/auth/machine_revocation.h"
#include "master/auth/operator_certificates.h"
#include "master/auth/sessions.h"
#include "master/rpc/access_handler.h"
#include "master/rpc/access_wire.h"
#include "master/rpc/keyed_list.h"
#include "master/rpc/password_again.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

using storage::Transaction;

constexpr char kEverybody[] = "*";

bool isOf(const std::string& owner, const std::string& name) {
    return owner == kEverybody || owner == name;
}

/// Duration of a message, kept from overflowing the clock.
std::chrono::milliseconds lifetimeOf(std::uint64_t millis) {
    constexpr auto kMost =
        static_cast<std::uint64_t>(std::chrono::milliseconds(2 * auth::kMaxTokenLife).count());
    return std::chrono::milliseconds(std::min(millis, kMost));
}

/// One named thing, or all of one user.
absl::Status checkChosen(const std::string& id, const std::string& user) {
    IFRIT_RETURN_IF_ERROR(codec::checkText("id", id, codec::kMaxShortTextBytes));
    if (!id.empty() && user.empty()) return absl::OkStatus();
    if (id.empty() && !user.empty()) return auth::checkOperatorName(user);
    return base::invalidArgument("CHOICE_INVALID", "user",
                                 "name one to revoke, or a user for all of theirs");
}

}  // namespace

AccessHandler::Reactor* AccessHandler::ListTokens(Context* context,
                                                  const v1::ListTokensRequest* request,
                                                  v1::ListTokensResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/ListTokens",
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const std::string owner,
                                   ownerOf(who, "ifrit.v1.Access/ListTokens", request->user()));
            std::vector<storage::SessionRecord> all;
            IFRIT_RETURN_IF_ERROR(
                m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_RETURN_IF_ERROR(mustBeSomebody(view, request->user()));
                    IFRIT_ASSIGN_OR_RETURN(all, view.operators().listSessions());
                    return absl::OkStatus();
                }));
            const base::WallTime now = m_parts.trust.clock.now();
            KeyedList<v1::Token> list(3);
            for (const storage::SessionRecord& session : all) {
                if (!isOf(owner, session.operatorName) || session.expires <= now) continue;
                v1::Token out = toWire(session);
                out.set_current(session.tokenHash == who.tokenHash);
                // By its id, which is no secret: the hash stays here.
                std::string key =
                    listKey({session.operatorName, oldestFirst(session.created), out.id()});
                list.add(std::move(key), std::move(out));
            }
            IFRIT_ASSIGN_OR_RETURN(*response->mutable_next_page_token(),
                                   list.takePage(request->page_token(), request->page_size(),
                                                 *response->mutable_tokens()));
            return absl::OkStatus();
        });
}

AccessHandler::Reactor* AccessHandler::CreateToken(Context* context,
                                                   const v1::CreateTokenRequest* request,
                                                   v1::CreateTokenResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/CreateToken", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(
                codec::checkText("label", request->label(), codec::kMaxShortTextBytes));
            auth::NewToken token{who.name, request->label(), lifetimeOf(request->lifetime_ms()),
                                 m_parts.trust.clock.now()};
            IFRIT_RETURN_IF_ERROR(auth::checkToken(token));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                if (!who.tokenHash.empty()) {
                    if (request->password().empty())
                        return passwordNeeded(*findMethod("ifrit.v1.Access/CreateToken"), who);
                    IFRIT_ASSIGN_OR_RETURN(
                        token.confirmed,
                        m_parts.trust.logins.confirm(who.name, request->password(), who.address));
                }
                IFRIT_ASSIGN_OR_RETURN(
                    const auth::MadeToken made,
                    auth::makeToken(m_parts.trust.database, m_parts.trust.trail, token, by));
                response->set_secret(made.secret);
                *response->mutable_token() = toWire(made.session);
                return absl::OkStatus();
            };
            const auto repeat = [&](const std::string& id) {
                response->mutable_token()->set_id(id);
                return absl::OkStatus();
            };
            return change(who, request->mutation(), Reason::Free, "session.create", make, repeat);
        });
}

AccessHandler::Reactor* AccessHandler::RevokeToken(Context* context,
                                                   const v1::RevokeTokenRequest* request,
                                                   v1::RevokeTokenResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/RevokeToken", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(checkChosen(request->id(), request->user()));
            const bool isSuper = who.role == services::OperatorRole::SuperAdmin;
            auth::SessionsToEnd which{request->id(), {}};
            if (!request->user().empty()) {
                IFRIT_ASSIGN_OR_RETURN(
                    which.operatorName,
                    ownerOf(who, "ifrit.v1.Access/RevokeToken", request->user()));
            } else if (!isSuper) {
                // Another one's token is as good as none to whoever may not see it.
                which.operatorName = who.name;
            }
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(
                    const std::uint32_t ended,
                    auth::endSessions(m_parts.trust.database, m_parts.trust.trail, which,
                                      m_parts.trust.clock.now(), by));
                response->set_revoked(ended);
                return absl::OkStatus();
            };
            return change(who, request->mutation(), Reason::Free, "session.revoke", make,
                          [](const std::string&) { return absl::OkStatus(); });
        });
}

AccessHandler::Reactor* AccessHandler::ListCertificates(Context* context,
                                                        const v1::ListCertificatesRequest* request,
                                                        v1::ListCertificatesResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Access/ListCertificates",
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(
                const std::string owner,
                ownerOf(who, "ifrit.v1.Access/ListCertificates", request->user()));
            std::vector<storage::CertificateRecord> all;
            IFRIT_RETURN_IF_ERROR(
                m_parts.trust.database.read([&](Transaction& view) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(all, view.certificates().list("operator"));
                    // Those of a user who was removed are kept.
                    const bool isKnown = std::any_of(
                        all.begin(), all.end(),
                        [&owner](const auto& record) { return isOf(owner, record.name); });
                    if (!isKnown) IFRIT_RETURN_IF_ERROR(mustBeSomebody(view, request->user()));
                    return absl::OkStatus();
                }));
            KeyedList<v1::Certificate> list(3);
            for (const storage::CertificateRecord& record : all) {
                const std::string key =
                    listKey({record.name, newestFirst(record.issued), record.serialHex});
                if (isOf(owner, record.name)) list.add(key, toWire(record));
            }
            IFRIT_ASSIGN_OR_RETURN(*response->mutable_next_page_token(),
                                   list.takePage(request->page_token(), request->page_size(),
                                                 *response->mutable_certificates()));
            return absl::OkStatus();
        });
}

absl::Status AccessHandler::issueCertificate(const Principal& who,
                                             const v1::IssueCertificateRequest& request,
                                             v1::IssueCertificateResponse& response) {
    constexpr char kMethod[] = "ifrit.v1.Access/IssueCertificate";
    IFRIT_ASSIGN_OR_RETURN(const std::string name, ownerOf(who, kMethod, request.user()));
    const bool isSuper = who.role == services::OperatorRole::SuperAdmin;
    if (!isSuper && who.serialHex.empty()) {
        // Hours must not become a year.
        return base::permissionDenied("NOT_ALLOWED", name,
                                      "{} came with a token: a certificate is renewed by whoever "
                                      "holds one, or issued by a super admin",
                                      who.name);
    }
    const auto make = [&](const auth::Administrator& by) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(
            const auto certificate,
            auth::issueCertificate(m_parts.trust.database, m_parts.trust.trail,
                                   m_parts.trust.authority, name, request.csr_pem(),
                                   m_parts.trust.clock.now(), by));
        response.set_certificate_pem(certificate.certificatePem);
        response.set_ca_pem(m_parts.trust.authority.caPem());
        response.set_cluster(m_parts.cluster);
        *response.mutable_certificate() = toWire(certificate.record);
        return absl::OkStatus();
    };
    const auto repeat = [](const std::string& serial) {
        return base::makeError(absl::StatusCode::kAborted, "REQUEST_DONE", serial,
                               "this request made a certificate already, which is not kept; ask "
                               "for another with a new request id");
    };
    return change(who, request.mutation(), Reason::Free, "certificate.issue", make, repeat);
}

AccessHandler::Reactor* AccessHandler::IssueCertificate(Context* context,
                                                        const v1::IssueCertificateRequest* request,
                                                        v1::IssueCertificateResponse* response) {
    return m_parts.calls.runChange(context, "ifrit.v1.Access/IssueCertificate", *request,
                                   [this, request, response](const Principal& who) {
                                       return issueCertificate(who, *request, *response);
                                   });
}

AccessHandler::Reactor* AccessHandler::RevokeCertificates(
    Context* context, const v1::RevokeCertificatesRequest* request,
    v1::RevokeCertificatesResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/RevokeCertificates", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(checkChosen(request->serial(), request->user()));
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(
                    const std::uint32_t revoked,
                    auth::revokeCertificates(m_parts.trust.database, m_parts.trust.trail,
                                             {request->serial(), request->user()},
                                             m_parts.trust.clock.now(), by));
                m_parts.trust.revoked();
                response->set_revoked(revoked);
                return absl::OkStatus();
            };
            return change(who, request->mutation(), Reason::Needed, "certificate.revoke", make,
                          [](const std::string&) { return absl::OkStatus(); });
        });
}

AccessHandler::Reactor* AccessHandler::RevokeMachine(Context* context,
                                                     const v1::RevokeMachineRequest* request,
                                                     v1::RevokeMachineResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Access/RevokeMachine", *request,
        [this, request, response](const Principal& who) -> absl::Status {
            const auto make = [&](const auth::Administrator& by) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(
                    const std::uint64_t revoked,
                    auth::revokeMachine(m_parts.trust.database, m_parts.trust.trail,
                                        request->uuid(), by.reason, m_parts.trust.clock.now(), by));
                m_parts.trust.revoked();
                response->set_revoked(static_cast<std::uint32_t>(revoked));
                return absl::OkStatus();
            };
            return change(who, request->mutation(), Reason::Needed, "machine.revoke", make,
                          [](const std::string&) { return absl::OkStatus(); });
        });
}

}  // namespace ifrit::master::rpc
