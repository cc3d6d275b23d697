// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/grant.h"
#include "shared/domain/machine.h"

namespace ifrit::master::services {

enum class OperatorRole { Reader, SuperAdmin };

struct Operator {
    std::string name;
    OperatorRole role = OperatorRole::Reader;
    base::WallTime expires{};  ///< of the token; epoch for a certificate
};

struct EnrolQuestion {
    std::string joinToken;
    std::string csrPem;
    domain::MachineFacts facts;  ///< with the uuid that is asked for
    std::string cluster;         ///< empty: any
    std::string address;
};

struct RenewQuestion {
    std::string uuid;       ///< from the caller's certificate
    std::string serialHex;  ///< of it
    std::string csrPem;
    std::string address;
};

struct IssuedCertificate {
    std::string certificatePem;
    std::string caPem;
    std::string cluster;
    base::WallTime expires{};
};

/// An operator's certificate or token, as it was let in.
struct SignedIn {
    std::string name;
    std::string tokenHash;  ///< SHA-256, hex; empty: by certificate
    std::string serialHex;  ///< of the certificate; empty: by token
    base::WallTime expires{};
};

struct LoginResult {
    std::string token;
    Operator who;
};

/// An operator by certificate, and what they were granted, expired grants too.
struct KnownOperator {
    Operator who;
    std::vector<domain::Grant> grants;
};

/// Who machines and operators are. Thread-safe; calls may block on the database, but
/// checkMachine(), checkMaster() and knownOperator().
class Identities {
public:
    virtual ~Identities() = default;

    /// Uses the join token and stores the machine, with an audit row, in one transaction. Errors as
    /// in machine_link.proto.
    virtual absl::StatusOr<IssuedCertificate> enrol(const EnrolQuestion& question) = 0;
    virtual absl::StatusOr<IssuedCertificate> renew(const RenewQuestion& question) = 0;
    /// PERMISSION_DENIED for a revoked certificate. From memory: it is on the sync path.
    virtual absl::Status checkMachine(const std::string& uuid, const std::string& serialHex) = 0;

    /// The same for another master's certificate.
    virtual absl::Status checkMaster(const std::string& name, const std::string& serialHex) = 0;

    /// UNAUTHENTICATED for a wrong name or password alike; leaves an audit row either way.
    virtual absl::StatusOr<LoginResult> login(const std::string& user, const std::string& password,
                                              const std::string& address) = 0;
    virtual absl::Status logout(const std::string& token, const std::string& address) = 0;
    /// UNAUTHENTICATED for an unknown or expired token.
    virtual absl::StatusOr<Operator> operatorByToken(const std::string& token) = 0;
    /// Of a verified certificate. UNAUTHENTICATED for one that is revoked or names nobody.
    virtual absl::StatusOr<Operator> operatorByCertificate(const std::string& name,
                                                           const std::string& serialHex) = 0;
    /// What an operator who is no super admin was granted, expired grants too.
    virtual absl::StatusOr<std::vector<domain::Grant>> grantsOf(const std::string& name) = 0;
    /// As the two above answered last, from memory alone: for a call that must not wait for the
    /// database. Some seconds old while that answers, an hour at most where it does not. nullopt:
    /// nobody whom they would let in for sure.
    virtual std::optional<KnownOperator> knownOperator(const std::string& name,
                                                       const std::string& serialHex) = 0;
    /// Who can grant, for a refusal's sentence. From memory; may be empty.
    virtual std::vector<std::string> superAdmins() = 0;
    /// Whether each would still be let in, in one look at the database; while that is away all
    /// that has not expired would.
    virtual std::vector<absl::Status> stillSignedIn(const std::vector<SignedIn>& who) = 0;
};

}  // namespace ifrit::master::services
