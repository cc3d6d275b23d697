// SPDX-License-Identifier: Apache-2.0
#include "master/app/master_files.h"

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr std::size_t kMaxPemBytes = 64 * 1024;

absl::StatusOr<crypto::Credentials> readPair(const std::filesystem::path& certificate,
                                             const std::filesystem::path& key) {
    crypto::Credentials pair;
    IFRIT_ASSIGN_OR_RETURN(pair.certificatePem, base::readFile(certificate, kMaxPemBytes));
    IFRIT_ASSIGN_OR_RETURN(pair.privateKeyPem, base::readFile(key, kMaxPemBytes));
    const absl::Status fits = crypto::checkKeyPair(pair.certificatePem, pair.privateKeyPem);
    if (!fits.ok()) return base::annotate(fits, key.string());
    return pair;
}

}  // namespace

absl::StatusOr<crypto::Credentials> MasterFiles::readCa() const {
    return readPair(caCertificate(), caKey());
}

absl::StatusOr<crypto::Credentials> MasterFiles::readServer() const {
    return readPair(serverCertificate(), serverKey());
}

}  // namespace ifrit::master::app
