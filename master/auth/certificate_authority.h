// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "master/storage/records.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/statement.h"

namespace ifrit::master::auth {

/// Signs for one cluster and says what is to be stored of each certificate. Immutable, so
/// thread-safe.
class CertificateAuthority {
public:
    struct Lifetimes {
        std::chrono::hours machine{30 * 24};
        std::chrono::hours person{365 * 24};
        std::chrono::hours server{825 * 24};
        std::chrono::hours signer{90 * 24};
    };

    /// `ca` was checked by the caller: key and certificate belong together.
    CertificateAuthority(std::string cluster, crypto::Credentials ca, Lifetimes lifetimes);

    const std::string& cluster() const { return m_cluster; }
    const std::string& caPem() const { return m_ca.certificatePem; }
    /// A document of this cluster, which says by its first bytes what it is; checked with caPem()
    /// (crypto::verifyDocument()).
    absl::StatusOr<std::string> signDocument(std::string_view bytes) const;

    struct Signed {
        std::string certificatePem;
        storage::CertificateRecord record;
    };
    /// For the CSR's key, whatever name the CSR asks for. INVALID_ARGUMENT (CSR_INVALID).
    absl::StatusOr<Signed> signMachine(const std::string& uuid, const std::string& csrPem,
                                       base::WallTime now) const;
    absl::StatusOr<Signed> signOperator(const std::string& name, const std::string& csrPem,
                                        base::WallTime now) const;
    absl::StatusOr<Signed> signServer(const std::string& name,
                                      const std::vector<std::string>& hosts,
                                      const std::string& csrPem, base::WallTime now) const;

    struct Issued {
        crypto::Credentials credentials;
        storage::CertificateRecord record;
    };
    absl::StatusOr<Issued> issueServer(const std::string& name,
                                       const std::vector<std::string>& hosts,
                                       base::WallTime now) const;

    /// A new key for statements of the master `name`; for Signer (signer.h).
    absl::StatusOr<crypto::StatementSigner> makeSigner(const std::string& name,
                                                       base::WallTime now) const;

private:
    absl::StatusOr<Signed> sign(const crypto::CertificateRequest& request,
                                const std::string& csrPem) const;
    absl::StatusOr<Issued> issue(const crypto::CertificateRequest& request) const;

    const std::string m_cluster;
    const crypto::Credentials m_ca;
    const Lifetimes m_lifetimes;
};

}  // namespace ifrit::master::auth
