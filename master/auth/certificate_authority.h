// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <vector>

#include "master/storage/records.h"
#include "shared/base/clock.h"
#include "shared/crypto/certificates.h"

namespace ifrit::master::auth {

/// How long certificates are good for. A machine renews when two thirds are over, so the rest is
/// how long it may be cut off before it needs a new join token.
struct CertificateLives {
    std::chrono::hours ca{24 * 365 * 10};
    std::chrono::hours server{24 * 365 * 2};
    std::chrono::hours machine{24 * 30};
    std::chrono::hours person{24 * 365};
};

/// The cluster's CA. Signs; does not store: a certificate is handed out only after its record has
/// been committed. Immutable, so thread-safe.
class CertificateAuthority {
public:
    struct Issued {
        std::string certificatePem;
        std::string privateKeyPem;  ///< empty where the other side made the key
        storage::CertificateRecord record;
    };

    /// A new CA for a new cluster.
    static absl::StatusOr<CertificateAuthority> create(const std::string& cluster,
                                                       const base::Clock& clock,
                                                       const CertificateLives& lives);
    /// `clock` outlives it.
    CertificateAuthority(crypto::Credentials ca, std::string cluster, const base::Clock& clock,
                         const CertificateLives& lives);

    /// INVALID_ARGUMENT (CSR_INVALID).
    absl::StatusOr<Issued> forMachine(const std::string& uuid, const std::string& csrPem) const;
    absl::StatusOr<Issued> forOperator(const std::string& name) const;
    /// `hosts`: names and addresses that clients will call it by.
    absl::StatusOr<Issued> forServer(const std::string& name,
                                     const std::vector<std::string>& hosts) const;

    const std::string& cluster() const { return m_cluster; }
    const std::string& caPem() const { return m_ca.certificatePem; }
    const crypto::Credentials& credentials() const { return m_ca; }

private:
    crypto::CertificateRequest request(crypto::Role role, const std::string& name,
                                       std::chrono::hours life) const;

    crypto::Credentials m_ca;
    std::string m_cluster;
    const base::Clock* m_clock;
    CertificateLives m_lives;
};

}  // namespace ifrit::master::auth
