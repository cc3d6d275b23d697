// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/decode_access.h"

#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

base::WallTime time(std::int64_t millis) {
    return base::WallTime(std::chrono::milliseconds(millis));
}

services::UserRole roleOf(v1::UserRole role) {
    if (role == v1::USER_ROLE_SUPER_ADMIN) return services::UserRole::SuperAdmin;
    if (role == v1::USER_ROLE_READER) return services::UserRole::Reader;
    return services::kUnknown<services::UserRole>;
}

}  // namespace

services::UserInfo decode(const v1::User& in) {
    services::UserInfo out;
    out.name = in.name();
    out.role = roleOf(in.role());
    out.disabled = in.disabled();
    out.hasPassword = in.has_password();
    out.created = time(in.created_ms());
    out.changed = time(in.changed_ms());
    out.tokens = in.tokens();
    out.certificates = in.certificates();
    out.grants = in.grants();
    return out;
}

domain::Grant decodeGrant(const v1::Grant& in) {
    return {in.id(),
            in.to(),
            in.verb(),
            in.agent(),
            in.cluster(),
            in.machine_type(),
            codec::timeFromWire(in.expires_ms())};
}

services::GrantInfo decode(const v1::Grant& in) {
    return {decodeGrant(in), in.given_by(), time(in.given_ms()),
            in.reason(),     in.expired(),  in.elsewhere()};
}

services::GrantList decode(const v1::ListGrantsResponse& in) {
    services::GrantList out;
    for (const v1::Grant& grant : in.grants())
        out.grants.push_back(decode(grant));
    out.permissions = {in.permissions().begin(), in.permissions().end()};
    out.superAdminPermissions = {in.super_admin_permissions().begin(),
                                 in.super_admin_permissions().end()};
    return out;
}

services::AccessAnswer decode(const v1::CheckAccessResponse& in) {
    services::AccessAnswer out;
    out.user = in.user();
    out.allowed = in.allowed();
    out.message = in.message();
    for (const v1::Grant& grant : in.grants())
        out.grants.push_back(decodeGrant(grant));
    return out;
}

services::TokenInfo decode(const v1::Token& in) {
    return {in.id(),      in.user(),  time(in.created_ms()), time(in.expires_ms()),
            in.address(), in.label(), in.current()};
}

services::CertificateInfo decode(const v1::Certificate& in) {
    return {in.serial(),
            in.name(),
            time(in.issued_ms()),
            time(in.not_after_ms()),
            codec::timeFromWire(in.revoked_ms()),
            in.revoke_reason()};
}

services::IssuedCertificate decode(const v1::IssueCertificateResponse& in) {
    return {in.certificate_pem(), in.ca_pem(), in.cluster(), decode(in.certificate())};
}

}  // namespace ifrit::gui::rpc
