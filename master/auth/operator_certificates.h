// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "master/auth/certificate_authority.h"
#include "master/auth/operators.h"

namespace ifrit::master::auth {

/// A certificate for the key of a CSR that names the operator, whatever the CSR says. NOT_FOUND;
/// FAILED_PRECONDITION (OPERATOR_DISABLED); CSR_INVALID.
absl::StatusOr<CertificateAuthority::Signed> issueCertificate(
    storage::Database& database, const audit::AuditTrail& audit,
    const CertificateAuthority& authority, const std::string& name, const std::string& csrPem,
    base::WallTime now, const Administrator& by);

/// One certificate of an operator by serial, or with an empty serial all of `name`; how many.
/// NOT_FOUND: no operator's certificate has that serial.
struct CertificatesToRevoke {
    std::string serialHex;
    std::string name;
};
absl::StatusOr<std::uint32_t> revokeCertificates(storage::Database& database,
                                                 const audit::AuditTrail& audit,
                                                 const CertificatesToRevoke& which,
                                                 base::WallTime now, const Administrator& by);

}  // namespace ifrit::master::auth
