// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace ifrit::tests {

/// A certificate with its key, PEM.
struct PemPair {
    std::string certificate;
    std::string key;
};

/// A certificate authority that lives in memory, for servers and clients in tests.
class TestPki {
public:
    explicit TestPki(const std::string& name);
    const std::string& caPem() const { return m_caPem; }
    /// Names localhost, 127.0.0.1 and ::1; valid from an hour ago until `validFor` from now.
    PemPair issue(const std::string& commonName,
                  std::chrono::seconds validFor = std::chrono::hours(1)) const;

private:
    using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
    using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
    Key m_key;
    Certificate m_certificate;
    std::string m_caPem;
};

}  // namespace ifrit::tests
