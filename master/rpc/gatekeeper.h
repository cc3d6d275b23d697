// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "master/rpc/method_table.h"
#include "master/rpc/parsed_certificates.h"
#include "master/services/identities.h"
#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace grpc {
class ServerContextBase;
}

namespace ifrit::master::rpc {

/// Who calls, from the certificate or the token and never from a field of the message.
struct Principal {
    enum class Kind { Nobody, Machine, Operator, Master };
    Kind kind = Kind::Nobody;
    std::string name;  ///< machine uuid or operator name
    std::string address;
    services::OperatorRole role = services::OperatorRole::Reader;
    std::string method;     ///< "certificate" or "token"
    std::string serialHex;  ///< of the certificate
    std::string tokenHash;  ///< SHA-256 of the token, hex
    base::WallTime expires{};
    /// Of an operator who needs one for the method; expired ones too.
    std::vector<domain::Grant> grants;
    /// What the request says of itself, as far as it was read: for the audit of a refusal.
    std::string reason;
    std::string via;  ///< empty: not given
    std::string requestId;
    /// Whose password the call said again (password_again.h), for the transaction that stores what
    /// it bought.
    std::optional<storage::OperatorRecord> confirmed;
    /// Another master authenticated the caller and passed the call on; it is passed no further.
    bool isPassed = false;
};

/// What a call would change, and what it is about, for the audit.
struct Touched {
    domain::Touch touch;
    std::string object;
};

/// Decides for each call whether its caller may make it (method_table.h). Thread-safe. A call for
/// machines or masters touches no database, whoever makes it: it is admitted on gRPC's own thread.
/// One for operators may.
class Gatekeeper {
public:
    Gatekeeper(std::string cluster, services::Identities& identities, const base::Clock& clock);

    /// UNAUTHENTICATED: no or a wrong certificate or token. PERMISSION_DENIED: known, but not for
    /// this method; a machine on an operator's method and the other way round too. `caller` is set
    /// as far as it is known, for the audit of a refusal.
    absl::Status admit(const grpc::ServerContextBase& context, const MethodRule& rule,
                       Principal& caller);
    /// admit() from memory alone, for a call that must not wait for the database. False: whoever it
    /// is, admit() has to say whether they are let in.
    bool admitKnown(const grpc::ServerContextBase& context, const MethodRule& rule,
                    Principal& caller);
    /// The caller was admitted for a grant of the method's verb, so that it remains to be asked
    /// whether their grants cover what the call touches.
    static bool isHeldToGrants(const Principal& caller, const MethodRule& rule) {
        return rule.access == Access::Granted && caller.role != services::OperatorRole::SuperAdmin;
    }
    /// PERMISSION_DENIED with the part that no grant covers and who can grant it.
    absl::Status permit(const Principal& caller, const Touched& touched) const;

private:
    absl::Status checkRule(const MethodRule& rule, Principal& caller) const;
    absl::Status checkGrants(const MethodRule& rule, Principal& caller) const;
    /// Whether one of the caller's grants is of a permission that the method may ask for.
    bool isGranted(const MethodRule& rule, const Principal& caller) const;
    /// "super admins can grant it: ada, root".
    std::string whoCanGrant() const;
    absl::Status identify(const grpc::ServerContextBase& context, const MethodRule& rule,
                          Principal& caller);
    absl::Status identifyByCertificate(const grpc::ServerContextBase& context,
                                       const MethodRule& rule, const std::string& pem,
                                       Principal& caller);
    /// What the certificate itself says; who an operator's names is not asked.
    absl::StatusOr<crypto::Role> readCertificate(const grpc::ServerContextBase& context,
                                                 const std::string& pem, Principal& caller);

    const std::string m_cluster;
    services::Identities& m_identities;
    const base::Clock& m_clock;
    ParsedCertificates m_certificates;
};

}  // namespace ifrit::master::rpc
