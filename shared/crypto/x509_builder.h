// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/crypto: filling an X509, step by step.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <string>

#include "shared/base/clock.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {

class X509Builder {
public:
    X509Builder();

    /// Random 127-bit serial, version 3, validity with five minutes' grace for skewed clocks.
    absl::Status start(base::WallTime now, std::chrono::hours validity);
    absl::Status setSubject(const std::string& organization, const std::string& commonName);
    /// Also the key identifiers; call after setSubject().
    absl::Status setKeys(EVP_PKEY* subjectKey, X509* issuer);
    /// An extension in OpenSSL's configuration syntax (x509v3_config(5)).
    absl::Status addExtension(int nid, const std::string& value);
    absl::StatusOr<std::string> sign(EVP_PKEY* issuerKey);

    X509* get() const { return m_certificate.get(); }

private:
    CertificatePtr m_certificate;
    X509* m_issuer = nullptr;
};

}  // namespace ifrit::crypto
