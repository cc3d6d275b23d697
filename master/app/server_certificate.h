// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "master/app/master_files.h"
#include "master/auth/certificate_authority.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

/// What the port shows, at each start: server.pem and its key. One that `authority` signed and that
/// has less than a third of its life left, or none, is signed anew first, for the same key and
/// names, and takes server.pem's place; the log says so. One of another authority stays, with a
/// warning when it ends within 30 days. Where the file cannot be written the old one is used.
absl::StatusOr<crypto::Credentials> serverCertificate(const MasterFiles& files,
                                                      const auth::CertificateAuthority& authority,
                                                      base::WallTime now);

}  // namespace ifrit::master::app
