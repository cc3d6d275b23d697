// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "master/rpc/access_handler.h"
#include "master/rpc/audit_heads_handler.h"
#include "master/rpc/call_memory.h"
#include "master/rpc/call_meter.h"
#include "master/rpc/campaigns_handler.h"
#include "master/rpc/connection_listener.h"
#include "master/rpc/machine_link_handler.h"
#include "master/rpc/masters_handler.h"
#include "master/rpc/peer_archives.h"
#include "master/rpc/processor_use.h"
#include "master/rpc/releases_handler.h"
#include "master/rpc/sessions_handler.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/deadline.h"
#include "shared/rpc/message_limits.h"
#include "shared/rpc/server_identity.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::hours kSweepInterval{1};
constexpr std::chrono::minutes kSweepAgain{1};  // after the database was away

/// Idle machine streams ping each 20 s at most; a dead peer is noticed within half a minute.
void setLimits(grpc::ServerBuilder& builder) {
    builder.SetMaxReceiveMessageSize(ifrit::rpc::kMaxMessageBytes);
    builder.SetMaxSendMessageSize(ifrit::rpc::kMaxMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, ifrit::rpc::kMaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    // A machine has a handful of calls at once, a desktop some dozen, a master that passes calls on
    // a few hundred. What is beyond it waits in the caller's memory and not in ours.
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 512);
    // What calls hold before they are decoded. Above it gRPC reads no more, and drops connections.
    builder.SetResourceQuota(grpc::ResourceQuota("ifrit-master").Resize(callMemory()));
    // Who connects and says nothing holds a socket for so long.
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
}

void addMeter(grpc::ServerBuilder& builder, const ServerDependencies& dependencies) {
    if (dependencies.observer == nullptr) return;
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> meters;
    meters.push_back(std::make_unique<CallMeter>(*dependencies.observer, dependencies.clock));
    builder.experimental().SetInterceptorCreators(std::move(meters));
}

}  // namespace

struct Server::Inside {
    explicit Inside(ServerDependencies d)
        : dependencies(std::move(d)),
          shown(dependencies.tls),
          services({dependencies.database, dependencies.trail, dependencies.cache,
                    dependencies.clock, dependencies.packageDirectory, dependencies.cluster.ring,
                    dependencies.pollInterval, std::chrono::milliseconds(1'000),
                    dependencies.masters ? std::make_optional(dependencies.masters->services)
                                         : std::nullopt,
                    dependencies.rules, dependencies.freezeFile, dependencies.cluster.name,
                    dependencies.signer, dependencies.reportQueue, processors(),
                    dependencies.busyPercent / 100.0}),
          gatekeeper(dependencies.cluster.name, dependencies.identities, dependencies.clock),
          ticker(kTick),
          rounds(kTick),
          workers(dependencies.workers, dependencies.workQueue),
          relay(services, dependencies.masters ? std::make_optional(dependencies.masters->identity)
                                               : std::nullopt),
          streams(std::make_shared<OpenStreams>(dependencies.identities, workers,
                                                dependencies.clock, dependencies.machineStreams)),
          calls({gatekeeper, workers, dependencies.database, dependencies.trail, dependencies.clock,
                 relay, *streams, dependencies.trust.logins}),
          holders({[this] { return relay.othersAndSilent(); },
                   [this] { return services.freeze().current(); },
                   [this] { services.events().publish(services::EventKind::ClusterChanged, {}); },
                   dependencies.clock}),
          peerArchives(services.archives(), relay),
          loads(dependencies.loadInterval),
          ownLoad({loads, services, dependencies.clock, dependencies.cluster.serverVersion}),
          fleetParts{calls,
                     services.fleet(),
                     dependencies.database,
                     dependencies.trail,
                     services.engine(),
                     services.freeze(),
                     holders,
                     services.packages(),
                     services.events(),
                     services.clears(),
                     services.logTails(),
                     services.removal(),
                     dependencies.trust.revoked,
                     services.published(),
                     services.composer(),
                     ownLoad,
                     ticker,
                     std::make_shared<StreamRoom>(dependencies.watchBytes),
                     dependencies.clock,
                     dependencies.cluster},
          enrolment({calls, dependencies.identities, services.arrival()}),
          machineLink({calls, gatekeeper, *streams, services.sync(), services.engine(),
                       services.packages(), dependencies.identities, services.fleet(),
                       services.published(), services.clones(), services.logTails(), peerArchives,
                       dependencies.clock, services.pollPace(), dependencies.observer}),
          sessions(calls, dependencies.identities, dependencies.clock, dependencies.cluster.name),
          access({calls, dependencies.identities, dependencies.trust, dependencies.cluster.name}),
          audit(calls, dependencies.audit),
          auditHeads(calls, dependencies.audit),
          clusters(fleetParts),
          machines(fleetParts),
          agents(fleetParts),
          events(fleetParts),
          packages({calls, services.packages(), services.fleet(), ticker, dependencies.clock,
                    dependencies.uploadSilence}),
          releases({calls, services.engine(), services.fleet(), dependencies.database, ticker,
                    dependencies.clock}),
          campaigns({calls, services.campaigns(), services.engine(), services.fleet(),
                     dependencies.clock}),
          masters({calls, services.archives(), services.logTails(), ownLoad, services.freeze(),
                   services.engine(), dependencies.clock}) {}

    absl::Status listenWith(grpc::ServerBuilder& builder) {
        IFRIT_ASSIGN_OR_RETURN(ListeningSockets sockets,
                               dependencies.socket
                                   ? ListeningSockets::activated(*dependencies.socket)
                                   : ListeningSockets::at(dependencies.listen));
        using External = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
        HandshakeGate::Limits limits;
        limits.atOnce *= static_cast<std::size_t>(std::max(1.0, processors()));
        listener = std::make_unique<ConnectionListener>(
            std::move(sockets), limits,
            builder.experimental().AddExternalConnectionAcceptor(External::FROM_FD,
                                                                 shown.credentials()));
        return absl::OkStatus();
    }

    /// Where machines, operators and other masters find it; once it listens.
    std::string address() const {
        if (!dependencies.address.empty()) return dependencies.address;
        const std::string& listen = dependencies.listen;
        return (dependencies.host.empty() ? listen.substr(0, listen.rfind(':'))
                                          : dependencies.host) +
               ":" + std::to_string(listener->port());
    }

    /// A few times a second, on the ticker's thread: streams beat and the master lives, whatever
    /// the database does.
    void tick() {
        services.logTails().expire(dependencies.clock.steadyNow());
        holders.tick();
        services.pace(processorTime());
        ticked = dependencies.clock.steadyNow();
        if (dependencies.counts == nullptr) return;
        loads.tick(*dependencies.counts, ticked, dependencies.clock.now());
    }

    /// On a thread of its own, since a database that hangs keeps it for as long as calls may take.
    void round() {
        services.tick();
        roundEnded = dependencies.clock.steadyNow();
        if (sweepAt.load() <= roundEnded.load()) sweep();
    }

    /// Once an hour, and soon after another master deleted a package.
    void sweep() {
        const base::SteadyTime now = dependencies.clock.steadyNow();
        sweepAt = now + kSweepInterval;
        const absl::Status swept = services.packages().sweepArchives();
        if (swept.ok()) return;
        sweepAt = now + kSweepAgain;
        spdlog::warn("archives that nothing needs were not removed: {}", base::messageOf(swept));
    }

    std::chrono::milliseconds since(base::SteadyTime then) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            dependencies.clock.steadyNow() - then);
    }

    const ServerDependencies dependencies;
    ifrit::rpc::ServerIdentity shown;
    services::ClusterServices services;
    Gatekeeper gatekeeper;
    Ticker ticker;
    Ticker rounds;
    WorkerPool workers;
    Relay relay;
    const std::shared_ptr<OpenStreams> streams;
    CallRunner calls;
    FreezeHolders holders;
    PeerArchives peerArchives;
    services::LoadHistory loads;
    OwnLoad ownLoad;
    const FleetParts fleetParts;
    EnrolmentHandler enrolment;
    MachineLinkHandler machineLink;
    SessionsHandler sessions;
    AccessHandler access;
    AuditHandler audit;
    AuditHeadsHandler auditHeads;
    ClustersHandler clusters;
    MachinesHandler machines;
    AgentsHandler agents;
    EventsHandler events;
    PackagesHandler packages;
    ReleasesHandler releases;
    CampaignsHandler campaigns;
    std::atomic<base::WallTime> certificateEnds{};  ///< of what the port shows
    std::atomic<base::SteadyTime> ticked{};
    std::atomic<base::SteadyTime> roundEnded{};
    std::atomic<base::SteadyTime> sweepAt{};  ///< pulled forward by the follower
    std::atomic<bool> stopping{false};
    MastersHandler masters;
    std::unique_ptr<grpc::Server> server;
    std::unique_ptr<ConnectionListener> listener;
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
    // gRPC would begin with what it cannot show, and end each handshake.
    const ifrit::rpc::TlsIdentity& tls = dependencies.tls;
    IFRIT_RETURN_IF_ERROR(crypto::checkKeyPair(tls.certificatePem, tls.privateKeyPem));
    IFRIT_RETURN_IF_ERROR(crypto::describeCertificate(tls.caPem).status());
    auto inside = std::make_unique<Inside>(std::move(dependencies));
    IFRIT_RETURN_IF_ERROR(inside->services.start());
    inside->ticked = inside->dependencies.clock.steadyNow();
    inside->roundEnded = inside->ticked.load();
    // Not at once: a database that was put back is rolled forward first, or taken for the wrong
    // one.
    inside->sweepAt = inside->ticked.load() + kSweepInterval;
    IFRIT_ASSIGN_OR_RETURN(const auto shown,
                           crypto::describeCertificate(inside->dependencies.tls.certificatePem));
    inside->certificateEnds = shown.notAfter;
    inside->ticker.setWork([in = inside.get()] { in->tick(); });
    inside->rounds.setWork([in = inside.get()] { in->round(); });
    grpc::ServerBuilder builder;
    setLimits(builder);
    addMeter(builder, inside->dependencies);
    IFRIT_RETURN_IF_ERROR(inside->listenWith(builder));
    const std::initializer_list<grpc::Service*> all = {
        &inside->enrolment, &inside->machineLink, &inside->sessions, &inside->access,
        &inside->audit,     &inside->clusters,    &inside->machines, &inside->agents,
        &inside->events,    &inside->packages,    &inside->releases, &inside->masters,
        &inside->campaigns, &inside->auditHeads};
    for (grpc::Service* service : all)
        builder.RegisterService(service);
    inside->server = builder.BuildAndStart();
    if (inside->server == nullptr) {
        return base::makeError(absl::StatusCode::kUnavailable, "LISTEN",
                               inside->dependencies.listen,
                               fmt::format("cannot serve on {}: are certificate and key right?",
                                           inside->dependencies.listen));
    }
    const std::string address = inside->address();
    inside->ownLoad.reachedAt(address);
    inside->server->GetHealthCheckService()->SetServingStatus(true);
    inside->listener->start();
    inside->ticker.add(inside->streams);
    inside->ticker.start();
    inside->rounds.start();
    std::unique_ptr<Server> server(new Server(std::move(inside)));
    IFRIT_RETURN_IF_ERROR(server->join(address));
    return server;
}

absl::Status Server::join(const std::string& address) {
    if (!m_inside->dependencies.masters) return absl::OkStatus();
    services::PackageService& packages = m_inside->services.packages();
    PeerArchives& archives = m_inside->peerArchives;
    std::atomic<base::SteadyTime>& sweepAt = m_inside->sweepAt;
    const auto one = [&packages, &archives, &sweepAt](const std::string& digest) {
        const auto package = packages.find(digest, {}, {}, {});
        if (package.ok()) archives.want(package->archiveDigest, package->archiveBytes, nullptr);
        // It was deleted there; the rounds see to it, who may wait for the disk.
        if (absl::IsNotFound(package.status())) sweepAt = base::SteadyTime{};
    };
    // What was published while this one was away.
    const auto all = [&packages, &archives]() -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto known, packages.list());
        for (const services::PackageRecord& package : known)
            archives.want(package.archiveDigest, package.archiveBytes, nullptr);
        return absl::OkStatus();
    };
    m_inside->services.onPackages({one, all});
    IFRIT_RETURN_IF_ERROR(m_inside->services.join(address));
    archives.start();
    return all();
}

int Server::port() const {
    return m_inside->listener->port();
}

absl::Status Server::show(const crypto::Credentials& identity) {
    IFRIT_RETURN_IF_ERROR(crypto::checkKeyPair(identity.certificatePem, identity.privateKeyPem));
    IFRIT_ASSIGN_OR_RETURN(const auto described,
                           crypto::describeCertificate(identity.certificatePem));
    m_inside->shown.change(
        {m_inside->dependencies.tls.caPem, identity.certificatePem, identity.privateKeyPem});
    m_inside->certificateEnds = described.notAfter;
    return absl::OkStatus();
}

services::ClusterFigures Server::figures() const {
    const base::Clock& clock = m_inside->dependencies.clock;
    services::ClusterFigures figures = figuresOf(m_inside->services, clock.now());
    figures.cluster = m_inside->dependencies.cluster.name;
    figures.version = m_inside->dependencies.cluster.serverVersion;
    figures.waitingCalls = m_inside->workers.waiting();
    figures.machineStreams = m_inside->streams->count();
    const Alive alive = this->alive();
    figures.sinceTick = alive.sinceTick;
    figures.sinceRound = alive.sinceRound;
    figures.certificateFor = std::chrono::duration_cast<std::chrono::milliseconds>(
        m_inside->certificateEnds.load() - clock.now());
    figures.stopping = m_inside->stopping;
    return figures;
}

Server::Alive Server::alive() const {
    return {m_inside->since(m_inside->ticked), m_inside->since(m_inside->roundEnded)};
}

services::ClusterServices& Server::services() {
    return m_inside->services;
}

void Server::stop(std::chrono::milliseconds grace) {
    std::call_once(m_inside->stopped, [this, grace] {
        m_inside->stopping = true;
        m_inside->listener->stop();
        m_inside->server->GetHealthCheckService()->Shutdown();
        // Before the calls end: another master leads while they do.
        m_inside->services.leave();
        m_inside->streams->endStanding();
        m_inside->peerArchives.stop();
        // Who waits for a machine would keep the server from ending.
        m_inside->services.logTails().expire(base::SteadyTime::max());
        // Calls end first: they still use the pool, the ticker and the services.
        m_inside->server->Shutdown(ifrit::rpc::deadlineIn(grace));
        m_inside->server->Wait();
        m_inside->ticker.stop();
        m_inside->rounds.stop();
        m_inside->workers.stop();
        m_inside->services.stop();
    });
}

}  // namespace ifrit::master::rpc
