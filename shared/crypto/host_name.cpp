// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/host_name.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "shared/crypto/openssl.h"

namespace ifrit::crypto {

bool namesHost(std::string_view certificatePem, const std::string& host) {
    const BioPtr bio = readBio(certificatePem);
    const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) return false;
    const bool isBracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string bare = isBracketed ? host.substr(1, host.size() - 2) : host;
    return X509_check_ip_asc(certificate.get(), bare.c_str(), 0) == 1 ||
           X509_check_host(certificate.get(), bare.data(), bare.size(), 0, nullptr) == 1;
}

}  // namespace ifrit::crypto
