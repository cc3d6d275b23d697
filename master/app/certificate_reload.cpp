// SPDX-License-Identifier: Apache-2.0
#include "master/app/certificate_reload.h"

#include <spdlog/spdlog.h>

#include "master/app/own_address.h"
#include "master/app/server_certificate.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

absl::StatusOr<crypto::Credentials> usable(const MasterFiles& files,
                                           const auth::CertificateAuthority& authority,
                                           const Config& config, base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials read, serverCertificate(files, authority, now));
    IFRIT_ASSIGN_OR_RETURN(const crypto::CertificateInfo info,
                           crypto::describeCertificate(read.certificatePem));
    if (info.notAfter <= now) {
        return base::failedPrecondition("CERTIFICATE_ENDED", files.serverCertificate().string(),
                                        "{} has ended", files.serverCertificate().string());
    }
    if (config.store.kind == StoreConfig::Kind::Mariadb) {
        IFRIT_RETURN_IF_ERROR(
            checkReachable(config.advertise, advertisedHost(config.listen), read.certificatePem));
    }
    return read;
}

/// Certificates, signatures and what clients are told to trust hang on it: it changes as a whole,
/// with a start.
void tellOfAuthority(const MasterFiles& files, const auth::CertificateAuthority& authority) {
    const auto read = files.readCa();
    if (!read.ok()) {
        spdlog::error("the CA stays as it was: {}", base::messageOf(read.status()));
    } else if (read->certificatePem != authority.caPem()) {
        spdlog::warn("{} was changed, which takes effect when ifrit-master is started again",
                     files.caCertificate().string());
    }
}

}  // namespace

void reloadCertificate(const MasterFiles& files, const auth::CertificateAuthority& authority,
                       const Config& config, base::WallTime now, const CertificateShowers& to,
                       crypto::Credentials& shown) {
    tellOfAuthority(files, authority);
    const auto read = usable(files, authority, config, now);
    if (!read.ok()) {
        spdlog::error("the certificate stays as it was: {}", base::messageOf(read.status()));
        return;
    }
    if (read->certificatePem == shown.certificatePem && read->privateKeyPem == shown.privateKeyPem)
        return;
    if (const absl::Status taken = to.server.show(*read); !taken.ok()) {
        spdlog::error("the certificate stays as it was: {}", base::messageOf(taken));
        return;
    }
    spdlog::info("server.pem was read again: new connections see it");
    const absl::Status taken =
        to.monitoring == nullptr ? absl::OkStatus() : to.monitoring->show(*read);
    // Else the next signal tries again.
    if (taken.ok())
        shown = *read;
    else
        spdlog::error("{}", base::messageOf(taken));
}

}  // namespace ifrit::master::app
