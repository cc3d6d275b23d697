// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/gatekeeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "master/rpc/passed_caller.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/rpc/peer.h"

namespace ifrit::master::rpc {
namespace {

absl::Status unauthenticated(const std::string& reason, const std::string& message) {
    return base::makeError(absl::StatusCode::kUnauthenticated, reason, "", message);
}

absl::Status denied(const Principal& caller, const MethodRule& rule, const std::string& why) {
    // The verb is what grants and the audit call it.
    const std::string what =
        rule.verb.empty() ? fmt::format("call {}", rule.method) : fmt::format("do {}", rule.verb);
    return base::permissionDenied("NOT_ALLOWED", rule.method, "{} may not {}: {}", caller.name,
                                  what, why);
}

/// Who an operator is has no say in it, and to find out takes the database.
bool isForCertificatesAlone(const MethodRule& rule) {
    return rule.access == Access::Machine || rule.access == Access::Master;
}

absl::Status deniedToOthers(const Principal& caller, const MethodRule& rule) {
    return denied(caller, rule,
                  rule.access == Access::Machine ? "it is for machines" : "it is for masters");
}

}  // namespace

Gatekeeper::Gatekeeper(std::string cluster, services::Identities& identities,
                       const base::Clock& clock)
    : m_cluster(std::move(cluster)),
      m_identities(identities),
      m_clock(clock),
      m_certificates(m_cluster) {}

absl::Status Gatekeeper::admit(const grpc::ServerContextBase& context, const MethodRule& rule,
                               Principal& caller) {
    caller.address = ifrit::rpc::peerAddress(context);
    const absl::Status identified = identify(context, rule, caller);
    if (rule.access == Access::Anyone) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(identified);
    return checkRule(rule, caller);
}

absl::Status Gatekeeper::checkRule(const MethodRule& rule, Principal& caller) const {
    switch (rule.access) {
        case Access::Anyone:
            return absl::OkStatus();
        case Access::Machine:
            if (caller.kind == Principal::Kind::Machine) return absl::OkStatus();
            return deniedToOthers(caller, rule);
        case Access::Master:
            if (caller.kind == Principal::Kind::Master) return absl::OkStatus();
            return deniedToOthers(caller, rule);
        case Access::Reader:
        case Access::Granted:
        case Access::SuperAdmin:
            break;
    }
    if (caller.kind != Principal::Kind::Operator)
        return denied(caller, rule, "it is for operators");
    const bool isEnough =
        rule.access == Access::Reader || caller.role == services::OperatorRole::SuperAdmin;
    if (isEnough) return absl::OkStatus();
    if (rule.access == Access::Granted) return checkGrants(rule, caller);
    return denied(caller, rule, "it is for super admins alone");
}

absl::Status Gatekeeper::checkGrants(const MethodRule& rule, Principal& caller) const {
    IFRIT_ASSIGN_OR_RETURN(caller.grants, m_identities.grantsOf(caller.name));
    if (isGranted(rule, caller)) return absl::OkStatus();
    const auto permissions = permissionsOf(rule);
    return denied(
        caller, rule,
        fmt::format("the permission {} is missing; {}",
                    permissions.size() == 1 ? permissions.front() : "release.*", whoCanGrant()));
}

bool Gatekeeper::isGranted(const MethodRule& rule, const Principal& caller) const {
    const base::WallTime now = m_clock.now();
    const auto permissions = permissionsOf(rule);
    return std::any_of(permissions.begin(), permissions.end(), [&](const std::string& permission) {
        return domain::isGrantedSomewhere(caller.grants, m_cluster, permission, now);
    });
}

bool Gatekeeper::admitKnown(const grpc::ServerContextBase& context, const MethodRule& rule,
                            Principal& caller) {
    caller.address = ifrit::rpc::peerAddress(context);
    const auto pem = ifrit::rpc::peerCertificatePem(context);
    // A token is looked up.
    if (!pem || !ifrit::rpc::bearerToken(context).empty()) return false;
    const auto role = readCertificate(context, *pem, caller);
    if (!role.ok()) return false;
    if (*role != crypto::Role::Operator) return checkRule(rule, caller).ok();
    const auto known = m_identities.knownOperator(caller.name, caller.serialHex);
    if (!known) return false;
    caller.kind = Principal::Kind::Operator;
    caller.role = known->who.role;
    caller.grants = known->grants;
    if (rule.access == Access::Granted && isHeldToGrants(caller, rule))
        return isGranted(rule, caller);
    return checkRule(rule, caller).ok();
}

absl::Status Gatekeeper::permit(const Principal& caller, const Touched& touched) const {
    const auto missing = domain::missingOf(caller.grants, m_cluster, touched.touch, m_clock.now());
    if (!missing) return absl::OkStatus();
    return base::permissionDenied("NOT_ALLOWED", touched.object,
                                  "{} lacks the permission {} in cluster {}; {}", caller.name,
                                  domain::describe(*missing), m_cluster, whoCanGrant());
}

std::string Gatekeeper::whoCanGrant() const {
    constexpr std::size_t kNamed = 5;
    std::vector<std::string> names = m_identities.superAdmins();
    if (names.empty()) return "ask a super admin to grant it";
    const std::string more = names.size() > kNamed ? " and others" : "";
    names.resize(std::min(names.size(), kNamed));
    return fmt::format("super admins can grant it: {}{}", fmt::join(names, ", "), more);
}

absl::Status Gatekeeper::identify(const grpc::ServerContextBase& context, const MethodRule& rule,
                                  Principal& caller) {
    const std::string token =
        isForCertificatesAlone(rule) ? std::string() : ifrit::rpc::bearerToken(context);
    if (!token.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const services::Operator who, m_identities.operatorByToken(token));
        caller.kind = Principal::Kind::Operator;
        caller.name = who.name;
        caller.role = who.role;
        caller.method = "token";
        caller.tokenHash = crypto::sha256Hex(token);
        caller.expires = who.expires;
        return absl::OkStatus();
    }
    const auto pem = ifrit::rpc::peerCertificatePem(context);
    if (!pem) {
        return unauthenticated("NO_IDENTITY",
                               isForCertificatesAlone(rule)
                                   ? "the call needs a client certificate and has none"
                                   : "the call has neither a client certificate nor a token; "
                                     "sign in");
    }
    return identifyByCertificate(context, rule, *pem, caller);
}

absl::Status Gatekeeper::identifyByCertificate(const grpc::ServerContextBase& context,
                                               const MethodRule& rule, const std::string& pem,
                                               Principal& caller) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::Role role, readCertificate(context, pem, caller));
    if (role != crypto::Role::Operator) return absl::OkStatus();
    if (isForCertificatesAlone(rule)) return deniedToOthers(caller, rule);
    IFRIT_ASSIGN_OR_RETURN(const services::Operator who,
                           m_identities.operatorByCertificate(caller.name, caller.serialHex));
    caller.kind = Principal::Kind::Operator;
    caller.role = who.role;
    return absl::OkStatus();
}

absl::StatusOr<crypto::Role> Gatekeeper::readCertificate(const grpc::ServerContextBase& context,
                                                         const std::string& pem,
                                                         Principal& caller) {
    IFRIT_ASSIGN_OR_RETURN(crypto::Identity identity, m_certificates.of(pem));
    caller.name = std::move(identity.name);
    caller.method = "certificate";
    caller.serialHex = std::move(identity.serialHex);
    caller.expires = identity.notAfter;
    if (identity.cluster != m_cluster) {
        return unauthenticated("WRONG_CLUSTER",
                               fmt::format("the certificate is of cluster {}, this is {}",
                                           identity.cluster, m_cluster));
    }
    // TLS looked at the dates when the connection was made, which may be long ago.
    if (m_clock.now() >= identity.notAfter)
        return unauthenticated("CERTIFICATE_EXPIRED", "the client certificate has expired");
    if (identity.role == crypto::Role::Signer)
        return unauthenticated("NO_IDENTITY", "the certificate is for signing alone");
    if (identity.role == crypto::Role::Machine) {
        IFRIT_RETURN_IF_ERROR(m_identities.checkMachine(caller.name, caller.serialHex));
        caller.kind = Principal::Kind::Machine;
    } else if (identity.role == crypto::Role::Server) {
        IFRIT_RETURN_IF_ERROR(m_identities.checkMaster(caller.name, caller.serialHex));
        caller.kind = Principal::Kind::Master;
        // From a master alone: whoever else sends it is who their own certificate says.
        const auto& metadata = context.client_metadata();
        const auto passed = metadata.find(kPassedCallerKey);
        if (passed != metadata.end()) {
            IFRIT_RETURN_IF_ERROR(
                takePassedCaller({passed->second.data(), passed->second.size()}, caller));
        }
    }
    return identity.role;
}

}  // namespace ifrit::master::rpc
