// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::crypto {

inline constexpr std::size_t kMaxCsrBytes = 16 * 1024;

/// A private key (PKCS#8) and its certificate, PEM.
struct Credentials {
    std::string certificatePem;
    std::string privateKeyPem;
};

enum class Role {
    Server,
    Machine,
    Operator,
    Signer  ///< of a master's statements (statement.h); nobody's way into anything
};

/// Whom a certificate of ours names: the URI `ifrit://<cluster>/<role>/<name>` among its subject
/// alternative names.
struct Identity {
    Role role = Role::Machine;
    std::string cluster;
    std::string name;       ///< machine uuid, operator name, server name
    std::string serialHex;  ///< lower case
    base::WallTime notBefore{};
    base::WallTime notAfter{};
    bool operator==(const Identity&) const = default;
};

/// What is to be put into a certificate.
struct CertificateRequest {
    Role role = Role::Machine;
    std::string cluster;
    std::string name;
    /// Servers: host names and IP addresses that clients may call it by.
    std::vector<std::string> hosts;
    base::WallTime now{};
    std::chrono::hours validity{24};
};

/// What a person may want to know of any certificate.
struct CertificateInfo {
    std::string subject;
    std::string issuer;
    std::string sha256Fingerprint;  ///< hex
    base::WallTime notBefore{};
    base::WallTime notAfter{};
};

/// A new ECDSA P-256 key, PKCS#8 PEM.
absl::StatusOr<std::string> generatePrivateKey();

/// A self-signed CA for one cluster (RFC 5280), path length 0.
absl::StatusOr<Credentials> createCa(const std::string& cluster, base::WallTime now,
                                     std::chrono::hours validity);

/// PKCS#10 for the key, PEM. Its subject is a hint; the issuer decides what the certificate names.
absl::StatusOr<std::string> createCsr(const std::string& privateKeyPem, const std::string& name);

/// SHA-256 of the CSR's public key (its SubjectPublicKeyInfo), hex: who asks, whatever it asks for.
/// CSR_INVALID as below, so that only the holder of the key is answered.
absl::StatusOr<std::string> csrKeySha256(std::string_view csrPem);

/// A certificate for the CSR's public key. INVALID_ARGUMENT (CSR_INVALID): not a CSR, larger than
/// 16 KiB, its own signature wrong, or a key that is neither P-256 nor Ed25519.
absl::StatusOr<std::string> issueFromCsr(const Credentials& ca, std::string_view csrPem,
                                         const CertificateRequest& request);

/// Key and certificate in one, where we make both sides (server, first admin).
absl::StatusOr<Credentials> issue(const Credentials& ca, const CertificateRequest& request);

/// UNAUTHENTICATED (CERTIFICATE_IDENTITY) for a certificate that names nobody of ours. Does not
/// verify the chain: TLS has.
absl::StatusOr<Identity> parseIdentity(std::string_view certificatePem);

/// INVALID_ARGUMENT when it is no PEM certificate.
absl::StatusOr<CertificateInfo> describeCertificate(std::string_view certificatePem);

/// OK when `certificatePem` is signed by the CA and valid at `now`; else FAILED_PRECONDITION with
/// OpenSSL's reason ("certificate has expired").
absl::Status verifyCertificate(std::string_view certificatePem, std::string_view caPem,
                               base::WallTime now);

/// OK when the private key belongs to the certificate.
absl::Status checkKeyPair(std::string_view certificatePem, std::string_view privateKeyPem);

}  // namespace ifrit::crypto
