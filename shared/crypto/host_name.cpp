// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/host_name.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

std::string textOf(const ASN1_STRING* text) {
    const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
    return {data, static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string addressOf(const ASN1_STRING* bytes) {
    constexpr int kIpv4Bytes = 4;
    const int family = ASN1_STRING_length(bytes) == kIpv4Bytes ? AF_INET : AF_INET6;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const char* done = ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
    return done == nullptr ? std::string() : std::string(done);
}

CertificatePtr read(std::string_view pem) {
    const BioPtr bio = readBio(pem);
    return CertificatePtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, noPassphrase()));
}

}  // namespace

bool namesHost(std::string_view certificatePem, const std::string& host) {
    const CertificatePtr certificate = read(certificatePem);
    if (!certificate) return false;
    const bool isBracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string bare = isBracketed ? host.substr(1, host.size() - 2) : host;
    return X509_check_ip_asc(certificate.get(), bare.c_str(), 0) == 1 ||
           X509_check_host(certificate.get(), bare.data(), bare.size(), 0, nullptr) == 1;
}

std::vector<std::string> hostsOf(std::string_view certificatePem) {
    const CertificatePtr certificate = read(certificatePem);
    if (!certificate) return {};
    const NamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> out;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) out.push_back(textOf(name->d.dNSName));
        if (name->type == GEN_IPADD) out.push_back(addressOf(name->d.iPAddress));
    }
    return out;
}

}  // namespace ifrit::crypto
