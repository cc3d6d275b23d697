// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/app/config.h"
#include "master/app/master_files.h"
#include "master/app/monitoring.h"
#include "master/auth/certificate_authority.h"
#include "master/rpc/server.h"

namespace ifrit::master::app {

/// Who shows the server's certificate to others.
struct CertificateShowers {
    rpc::Server& server;
    Monitoring* monitoring;  ///< may be null
};

/// Reads server.pem and its key again, or renews it (server_certificate.h), and has it shown to new
/// connections. What cannot be used, or is as `shown`, changes nothing; `shown` is what all of them
/// took last. A CA that changed is only told of: it needs a start. Says in the log what it did.
void reloadCertificate(const MasterFiles& files, const auth::CertificateAuthority& authority,
                       const Config& config, base::WallTime now, const CertificateShowers& to,
                       crypto::Credentials& shown);

}  // namespace ifrit::master::app
