// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/access_wire.h"

#include "master/auth/operators.h"
#include "master/auth/sessions.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"

namespace ifrit::master::rpc {
namespace {

std::string orAll(const std::string& pattern) {
    return pattern.empty() ? std::string("*") : pattern;
}

}  // namespace

v1::Grant toWire(const domain::Grant& grant) {
    v1::Grant out;
    out.set_id(grant.id);
    out.set_to(grant.to);
    out.set_verb(grant.verb);
    out.set_agent(grant.agent);
    out.set_cluster(grant.cluster);
    out.set_machine_type(grant.machineType);
    out.set_expires_ms(codec::timeToWire(grant.expires));
    return out;
}

v1::Grant toWire(const storage::GrantRecord& record, const GrantPlace& here) {
    v1::Grant out = toWire(record.grant);
    out.set_given_by(record.givenBy);
    out.set_given_ms(base::toUnixMillis(record.given));
    out.set_reason(record.reason);
    out.set_expired(record.grant.expires && *record.grant.expires <= here.now);
    out.set_elsewhere(!domain::matchesPattern(record.grant.cluster, here.cluster));
    return out;
}

v1::Certificate toWire(const storage::CertificateRecord& record) {
    v1::Certificate out;
    out.set_serial(record.serialHex);
    out.set_name(record.name);
    out.set_issued_ms(base::toUnixMillis(record.issued));
    out.set_not_after_ms(base::toUnixMillis(record.notAfter));
    out.set_revoked_ms(codec::timeToWire(record.revoked));
    out.set_revoke_reason(record.revokeReason);
    return out;
}

v1::Token toWire(const storage::SessionRecord& record) {
    v1::Token out;
    out.set_id(auth::sessionId(record.tokenHash));
    out.set_user(record.operatorName);
    out.set_created_ms(base::toUnixMillis(record.created));
    out.set_expires_ms(base::toUnixMillis(record.expires));
    out.set_address(record.address);
    out.set_label(record.label);
    return out;
}

v1::User toWire(const storage::OperatorRecord& record) {
    v1::User out;
    out.set_name(record.name);
    out.set_role(record.role == storage::OperatorRole::SuperAdmin ? v1::USER_ROLE_SUPER_ADMIN
                                                                  : v1::USER_ROLE_READER);
    out.set_disabled(record.disabled);
    out.set_has_password(!record.passwordHash.empty());
    out.set_created_ms(base::toUnixMillis(record.created));
    out.set_changed_ms(base::toUnixMillis(record.changed));
    return out;
}

absl::StatusOr<storage::OperatorRole> fromWire(v1::UserRole role) {
    if (role == v1::USER_ROLE_SUPER_ADMIN) return storage::OperatorRole::SuperAdmin;
    if (role == v1::USER_ROLE_READER) return storage::OperatorRole::Reader;
    return base::invalidArgument("ROLE_UNKNOWN", "role",
                                 "say which role: reader or super_admin, not number {}",
                                 static_cast<int>(role));
}

absl::StatusOr<domain::Grant> fromWire(const v1::Grant& in) {
    domain::Grant out;
    IFRIT_RETURN_IF_ERROR(auth::checkOperatorName(in.to()));
    out.to = in.to();
    out.verb = in.verb();
    out.agent = orAll(in.agent());
    out.cluster = orAll(in.cluster());
    out.machineType = orAll(in.machine_type());
    out.expires = codec::timeFromWire(in.expires_ms());
    IFRIT_RETURN_IF_ERROR(domain::checkGrant(out));
    return out;
}

}  // namespace ifrit::master::rpc
