// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "master/auth/trust_desk.h"
#include "master/rpc/fleet_handler.h"
#include "master/rpc/packages_handler.h"
#include "master/services/audit_log.h"
#include "master/services/call_counts.h"
#include "master/services/call_observer.h"
#include "master/services/cluster_figures.h"
#include "master/services/cluster_services.h"
#include "master/services/identities.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::rpc {

/// One of several masters of the cluster.
struct MasterAmongOthers {
    services::ClusterServices::Masters services;
    ifrit::rpc::TlsIdentity identity;  ///< by which the others let it in
};

/// What main() gives the server. Everything by reference outlives it.
struct ServerDependencies {
    storage::Database& database;
    audit::AuditTrail& trail;
    services::Identities& identities;
    services::AuditLog& audit;
    const auth::TrustDesk& trust;
    cache::StateCache& cache;
    const base::Clock& clock;
    ifrit::rpc::TlsIdentity tls;
    std::string listen = "0.0.0.0:7443";  ///< port 0: any free one
    std::filesystem::path packageDirectory;
    ClusterInfo cluster;
    std::chrono::milliseconds pollInterval{30'000};
    std::size_t workers = 8;
    std::size_t workQueue = 1'000;
    services::CallObserver* observer = nullptr;  ///< may be null
    std::optional<MasterAmongOthers> masters;    ///< nullopt: it is alone
    release::ClusterRules rules = {};
    std::filesystem::path freezeFile = {};  ///< empty: a freeze is in memory and database alone
    services::ReceiptSigner signer = {};    ///< without one no receipts of campaigns
    /// It listens and stays open; accepted on instead of `listen`.
    std::optional<int> socket = std::nullopt;
    std::string address = {};  ///< where it is reached, "host:port"; empty: host and its port
    std::string host = {};     ///< empty: that of `listen`
    const services::CallCounts* counts = nullptr;  ///< null: it cannot tell its load
    std::size_t machineStreams = 100'000;          ///< machines that may hold a stream at once
    std::size_t watchBytes = 512U << 20;           ///< all streams of machines together
    std::size_t reportQueue = 20'000;              ///< reports that may wait for their commit
    std::uint32_t busyPercent = 85;  ///< of the processors; busier: polls are spaced. 0: never
    std::chrono::milliseconds uploadSilence{60'000};  ///< between two messages of an upload
    std::chrono::milliseconds loadInterval = services::LoadHistory::kInterval;
};

/// The master's one port: TLS that asks for a client certificate and verifies the one it gets, all
/// services of the contract, health and reflection. Thread-safe.
class Server {
public:
    /// Reads the database and serves. UNAVAILABLE with the address when it cannot listen.
    static absl::StatusOr<std::unique_ptr<Server>> start(ServerDependencies dependencies);
    ~Server();

    int port() const;
    /// What the port shows to connections that begin from now on; those that stand go on. An error
    /// (the key is of another certificate) leaves it with the one before.
    absl::Status show(const crypto::Credentials& identity);
    /// Takes no new calls, lets running ones end for `grace`, then cancels them. Everything that
    /// was acknowledged is stored.
    void stop(std::chrono::milliseconds grace);
    services::ClusterServices& services();
    /// Until stop() has returned.
    services::ClusterFigures figures() const;
    struct Alive {
        std::chrono::milliseconds sinceTick;
        std::chrono::milliseconds sinceRound;
    };
    /// The two of figures() that tell whether the inside stands still; takes no lock.
    Alive alive() const;

private:
    struct Inside;
    absl::Status join(const std::string& address);
    explicit Server(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

}  // namespace ifrit::master::rpc
