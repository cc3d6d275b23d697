// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <mutex>
#include <utility>

#include "master/rpc/machine_link_handler.h"
#include "master/rpc/releases_handler.h"
#include "master/rpc/sessions_handler.h"
#include "shared/base/status.h"
#include "shared/rpc/message_limits.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::milliseconds kTick{100};

/// Idle machine streams ping each 20 s at most; a dead peer is noticed within half a minute.
void setLimits(grpc::ServerBuilder& builder) {
    builder.SetMaxReceiveMessageSize(ifrit::rpc::kMaxMessageBytes);
    builder.SetMaxSendMessageSize(ifrit::rpc::kMaxMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, ifrit::rpc::kMaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

struct Server::Inside {
    explicit Inside(ServerDependencies d)
        : dependencies(std::move(d)),
          services({dependencies.database, dependencies.trail, dependencies.cache,
                    dependencies.clock, dependencies.packageDirectory, dependencies.cluster.ring,
                    dependencies.pollInterval, std::chrono::seconds(1), dependencies.rules,
                    dependencies.freezeFile}),
          gatekeeper(dependencies.cluster.name, dependencies.identities, dependencies.clock),
          ticker(kTick),
          workers(dependencies.workers, dependencies.workQueue),
          calls({gatekeeper, workers, dependencies.database, dependencies.trail, services.events(),
                 dependencies.clock}),
          fleetParts{calls,
                     services.fleet(),
                     dependencies.database,
                     dependencies.trail,
                     services.engine(),
                     services.freeze(),
                     services.packages(),
                     services.events(),
                     services.clears(),
                     services.logTails(),
                     services.published(),
                     services.composer(),
                     ticker,
                     dependencies.clock,
                     dependencies.cluster},
          streams(std::make_shared<OpenStreams>(dependencies.identities, dependencies.clock)),
          enrolment({calls, dependencies.identities, services.fleet(), services.engine(),
                     dependencies.clock}),
          machineLink({calls, gatekeeper, *streams, services.sync(), services.engine(),
                       services.packages(), dependencies.identities, services.fleet(),
                       services.published(), services.clones(), services.logTails(),
                       dependencies.clock, dependencies.pollInterval}),
          sessions(calls, dependencies.identities),
          audit(calls, dependencies.audit, dependencies.cluster.name),
          clusters(fleetParts),
          machines(fleetParts),
          agents(fleetParts),
          events(fleetParts),
          packages({calls, services.packages(), services.fleet()}),
          releases({calls, services.engine(), services.fleet(), dependencies.database, ticker,
                    dependencies.clock}) {}

    const ServerDependencies dependencies;
    services::ClusterServices services;
    Gatekeeper gatekeeper;
    Ticker ticker;
    WorkerPool workers;
    CallRunner calls;
    const FleetParts fleetParts;
    const std::shared_ptr<OpenStreams> streams;
    EnrolmentHandler enrolment;
    MachineLinkHandler machineLink;
    SessionsHandler sessions;
    AuditHandler audit;
    ClustersHandler clusters;
    MachinesHandler machines;
    AgentsHandler agents;
    EventsHandler events;
    PackagesHandler packages;
    ReleasesHandler releases;
    std::unique_ptr<grpc::Server> server;
    int port = 0;
    std::once_flag stopped;
};

Server::Server(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}

Server::~Server() {
    stop(std::chrono::milliseconds(0));
}

absl::StatusOr<std::unique_ptr<Server>> Server::start(ServerDependencies dependencies) {
    static std::once_flag plugins;
    std::call_once(plugins, [] {
        grpc::EnableDefaultHealthCheckService(true);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    });
    auto inside = std::make_unique<Inside>(std::move(dependencies));
    IFRIT_RETURN_IF_ERROR(inside->services.start());
    inside->ticker.setWork([services = &inside->services] { services->tick(); });
    grpc::ServerBuilder builder;
    setLimits(builder);
    builder.AddListeningPort(inside->dependencies.listen,
                             ifrit::rpc::makeServerCredentials(inside->dependencies.tls),
                             &inside->port);
    const std::initializer_list<grpc::Service*> all = {
        &inside->enrolment, &inside->machineLink, &inside->sessions, &inside->audit,
        &inside->clusters,  &inside->machines,    &inside->agents,   &inside->events,
        &inside->packages,  &inside->releases};
    for (grpc::Service* service : all)
        builder.RegisterService(service);
    inside->server = builder.BuildAndStart();
    if (inside->server == nullptr || inside->port == 0) {
        return base::makeError(
            absl::StatusCode::kUnavailable, "LISTEN", inside->dependencies.listen,
            fmt::format("cannot listen on {}: is the port taken, and are certificate and key "
                        "right?",
                        inside->dependencies.listen));
    }
    inside->server->GetHealthCheckService()->SetServingStatus(true);
    inside->ticker.add(inside->streams);
    inside->ticker.start();
    return std::unique_ptr<Server>(new Server(std::move(inside)));
}

int Server::port() const {
    return m_inside->port;
}

services::ClusterServices& Server::services() {
    return m_inside->services;
}

void Server::stop(std::chrono::milliseconds grace) {
    std::call_once(m_inside->stopped, [this, grace] {
        m_inside->server->GetHealthCheckService()->Shutdown();
        // Who waits for a machine would keep the server from ending.
        m_inside->services.logTails().expire(base::SteadyTime::max());
        // Calls end first: they still use the pool, the ticker and the services.
        m_inside->server->Shutdown(std::chrono::system_clock::now() + grace);
        m_inside->server->Wait();
        m_inside->ticker.stop();
        m_inside->workers.stop();
        m_inside->services.stop();
    });
}

}  // namespace ifrit::master::rpc
