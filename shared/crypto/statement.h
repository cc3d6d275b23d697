// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>

#include "shared/base/clock.h"
#include "shared/crypto/certificates.h"

namespace ifrit::crypto {

/// What makes bytes a statement of a cluster's master: a signature, and the certificate of the key
/// that made it, which names a signer of that cluster and is signed by its CA.
struct StatementSeal {
    std::string certificatePem;
    std::string signature;  ///< ECDSA P-256 over SHA-256, DER
    bool operator==(const StatementSeal&) const = default;
};

/// Whose statement is believed: of a signer of `cluster`, with a certificate by `caPem` that was
/// valid at `at`, when the statement says that it was made.
struct StatementTrust {
    std::string caPem;
    std::string cluster;
    base::WallTime at{};
};

inline constexpr std::size_t kMaxStatementBytes = 1024 * 1024;
inline constexpr std::size_t kMaxSignerCertificateBytes = 8 * 1024;

/// A key that signs statements and does nothing else: its certificate is good for no TLS
/// connection. The key is in memory alone. Immutable, so thread-safe.
class StatementSigner {
public:
    /// `name`: which master it is.
    static absl::StatusOr<StatementSigner> make(const Credentials& ca, const std::string& cluster,
                                                const std::string& name, base::WallTime now,
                                                std::chrono::hours validity);

    /// `kind`: what the statement is, as "audit head 1". One kind is never taken for another.
    absl::StatusOr<StatementSeal> sign(std::string_view kind, std::string_view bytes) const;
    base::WallTime notAfter() const { return m_notAfter; }

private:
    StatementSigner(Credentials credentials, base::WallTime notAfter)
        : m_credentials(std::move(credentials)), m_notAfter(notAfter) {}

    Credentials m_credentials;
    base::WallTime m_notAfter;
};

/// The signer's name. FAILED_PRECONDITION (STATEMENT_SIGNER): the certificate is not one of a
/// signer of that cluster and time; (STATEMENT_SIGNATURE): the bytes or the kind are others.
absl::StatusOr<std::string> verifyStatement(std::string_view kind, std::string_view bytes,
                                            const StatementSeal& seal, const StatementTrust& trust);

}  // namespace ifrit::crypto
