// SPDX-License-Identifier: Apache-2.0
#include "master/app/server_certificate.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/crypto/host_name.h"

namespace ifrit::master::app {
namespace {

constexpr int kReadableByAll = 0644;
constexpr std::chrono::hours kSoon{30 * 24};

std::string endOf(std::chrono::milliseconds left) {
    const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
    return left.count() >= 0 ? "ends in " + base::countOf(days, "days")
                             : fmt::format("ended {} ago", base::countOf(-days, "days"));
}

bool isOurs(const std::string& pem, const std::string& caPem, const crypto::CertificateInfo& info) {
    // At a time when it was good: whether it still is makes no difference to who signed it.
    return crypto::verifyCertificate(pem, caPem, info.notBefore).ok();
}

absl::StatusOr<std::string> signedAnew(const crypto::Credentials& old,
                                       const auth::CertificateAuthority& authority,
                                       base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::Identity identity,
                           crypto::parseIdentity(old.certificatePem));
    IFRIT_ASSIGN_OR_RETURN(const std::string csr,
                           crypto::createCsr(old.privateKeyPem, identity.name));
    IFRIT_ASSIGN_OR_RETURN(
        auto fresh,
        authority.signServer(identity.name, crypto::hostsOf(old.certificatePem), csr, now));
    return std::move(fresh.certificatePem);
}

}  // namespace

absl::StatusOr<crypto::Credentials> serverCertificate(const MasterFiles& files,
                                                      const auth::CertificateAuthority& authority,
                                                      base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials server, files.readServer());
    IFRIT_ASSIGN_OR_RETURN(const crypto::CertificateInfo info,
                           crypto::describeCertificate(server.certificatePem));
    if (info.notAfter - now >= (info.notAfter - info.notBefore) / 3) return server;
    const std::string ends = endOf(info.notAfter - now);
    if (!isOurs(server.certificatePem, authority.caPem(), info)) {
        if (info.notAfter - now < kSoon)
            spdlog::warn("server.pem {}: have {} renew it", ends, info.issuer);
        return server;
    }
    auto fresh = signedAnew(server, authority, now);
    const absl::Status kept =
        fresh.ok()
            ? base::writeFileAtomically(files.serverCertificate().string(), *fresh, kReadableByAll)
            : fresh.status();
    if (!kept.ok()) {
        spdlog::error("server.pem {} and cannot be renewed: {}", ends, base::messageOf(kept));
        return server;
    }
    spdlog::info("server.pem, which {}, was renewed for the same names", ends);
    server.certificatePem = *std::move(fresh);
    return server;
}

}  // namespace ifrit::master::app
