// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "master/app/master_files.h"
#include "master/ops/ops_pages.h"
#include "master/rpc/server.h"

namespace ifrit::master::app {

/// https for who watches over a master: made after its server and gone before it. Its address is
/// in run/metrics while it listens.
class Monitoring {
public:
    /// nullptr where `listen` is empty or cannot be listened on, which the log says. `calls` and
    /// `server` must outlive it. Errors as ops::OpsServer::start().
    static absl::StatusOr<std::unique_ptr<Monitoring>> start(const MasterFiles& files,
                                                             const std::string& listen,
                                                             const ops::CallMetrics& calls,
                                                             const rpc::Server& server);
    ~Monitoring();
    /// As ops::OpsServer::show().
    absl::Status show(const crypto::Credentials& identity) {
        return m_server->show(identity.certificatePem, identity.privateKeyPem);
    }
    Monitoring(const Monitoring&) = delete;
    Monitoring& operator=(const Monitoring&) = delete;

private:
    Monitoring(const MasterFiles& files, const ops::CallMetrics& calls, const rpc::Server& server);

    const std::filesystem::path m_endpoint;
    const ops::OpsPages m_pages;
    std::unique_ptr<ops::OpsServer> m_server;
};

}  // namespace ifrit::master::app
