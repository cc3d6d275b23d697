// SPDX-License-Identifier: Apache-2.0
#include "master/app/monitoring.h"

#include <spdlog/spdlog.h>

#include <system_error>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"

namespace ifrit::master::app {

Monitoring::Monitoring(const MasterFiles& files, const ops::CallMetrics& calls,
                       const rpc::Server& server)
    : m_endpoint(files.metricsEndpoint()), m_pages(calls, [&server] { return server.figures(); }) {}

Monitoring::~Monitoring() {
    std::error_code ignored;
    if (m_server) std::filesystem::remove(m_endpoint, ignored);
}

absl::StatusOr<std::unique_ptr<Monitoring>> Monitoring::start(const MasterFiles& files,
                                                              const std::string& listen,
                                                              const ops::CallMetrics& calls,
                                                              const rpc::Server& server) {
    if (listen.empty()) return std::unique_ptr<Monitoring>();
    IFRIT_ASSIGN_OR_RETURN(const crypto::Credentials identity, files.readServer());
    std::unique_ptr<Monitoring> made(new Monitoring(files, calls, server));
    auto started = ops::OpsServer::start(
        {listen, identity.certificatePem, identity.privateKeyPem,
         [pages = &made->m_pages](std::string_view path) { return pages->page(path); }});
    if (base::errorInfo(started.status()).reason == "LISTEN") {
        // The port of the template may be anybody's. Machines are served all the same.
        spdlog::error(
            "{}; this master serves without /metrics, /healthz and /readyz until it is "
            "started again",
            base::messageOf(started.status()));
        return std::unique_ptr<Monitoring>();
    }
    IFRIT_ASSIGN_OR_RETURN(made->m_server, std::move(started));
    const std::string address =
        fmt::format("{}:{}", listen.substr(0, listen.rfind(':')), made->m_server->port());
    IFRIT_RETURN_IF_ERROR(
        base::writeFileAtomically(made->m_endpoint.string(), address + '\n', 0644));
    spdlog::info("https://{}/metrics, /healthz and /readyz", address);
    return made;
}

}  // namespace ifrit::master::app
