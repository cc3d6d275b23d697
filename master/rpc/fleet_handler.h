// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "master/audit/audit_trail.h"
#include "master/compose/composer.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/freeze_holders.h"
#include "master/rpc/own_load.h"
#include "master/rpc/stream_room.h"
#include "master/rpc/ticker.h"
#include "master/services/fleet.h"
#include "master/services/log_tails.h"
#include "master/services/machine_removal.h"
#include "master/services/package_service.h"
#include "master/services/release_engine.h"

namespace ifrit::master::rpc {

class MachineStream;

/// What the cluster is, from configuration.
struct ClusterInfo {
    std::string name;
    std::string kind;  ///< "development", "test" or "production"
    std::string serverVersion;
    domain::RingSpec ring;
};

/// What the handlers of the fleet's services share.
struct FleetParts {
    CallRunner& calls;
    services::Fleet& fleet;
    storage::Database& database;
    const audit::AuditTrail& trail;
    services::ReleaseEngine& engine;
    services::FreezeSwitch& freeze;
    FreezeHolders& holders;
    services::PackageService& packages;
    services::EventHub& events;
    services::KnownBadClears& clears;
    services::LogTails& logTails;
    services::MachineRemoval& removal;
    /// After certificates were revoked here: they are refused at once.
    const std::function<void()>& revoked;
    compose::PublishedState& published;
    const compose::Composer& composer;
    const OwnLoad& load;
    Ticker& ticker;
    std::shared_ptr<StreamRoom> streamRoom;
    const base::Clock& clock;
    ClusterInfo cluster;
};

class ClustersHandler final : public v1::Clusters::CallbackService {
public:
    explicit ClustersHandler(const FleetParts& parts) : m_parts(parts) {}
    grpc::ServerUnaryReactor* GetCluster(grpc::CallbackServerContext* context,
                                         const v1::GetClusterRequest* request,
                                         v1::Cluster* response) override;
    grpc::ServerUnaryReactor* FreezeCluster(grpc::CallbackServerContext* context,
                                            const v1::FreezeClusterRequest* request,
                                            v1::Cluster* response) override;
    grpc::ServerUnaryReactor* UnfreezeCluster(grpc::CallbackServerContext* context,
                                              const v1::UnfreezeClusterRequest* request,
                                              v1::Cluster* response) override;
    grpc::ServerUnaryReactor* ListMasterLoads(grpc::CallbackServerContext* context,
                                              const v1::ListMasterLoadsRequest* request,
                                              v1::ListMasterLoadsResponse* response) override;

private:
    void fillCluster(v1::Cluster& out) const;
    CallRunner::Touches touchesCluster(const char* verb) const;

    const FleetParts& m_parts;
};

class MachinesHandler final : public v1::Machines::CallbackService {
public:
    explicit MachinesHandler(const FleetParts& parts) : m_parts(parts) {}

    grpc::ServerUnaryReactor* ListMachines(grpc::CallbackServerContext* context,
                                           const v1::ListMachinesRequest* request,
                                           v1::ListMachinesResponse* response) override;
    grpc::ServerUnaryReactor* GetMachine(grpc::CallbackServerContext* context,
                                         const v1::GetMachineRequest* request,
                                         v1::Machine* response) override;
    grpc::ServerUnaryReactor* ExplainMachine(grpc::CallbackServerContext* context,
                                             const v1::ExplainMachineRequest* request,
                                             v1::ExplainMachineResponse* response) override;
    grpc::ServerWriteReactor<v1::WatchMachinesResponse>* WatchMachines(
        grpc::CallbackServerContext* context, const v1::WatchMachinesRequest* request) override;
    grpc::ServerUnaryReactor* ListMachineEvents(grpc::CallbackServerContext* context,
                                                const v1::ListMachineEventsRequest* request,
                                                v1::ListMachineEventsResponse* response) override;
    grpc::ServerUnaryReactor* ClearKnownBad(grpc::CallbackServerContext* context,
                                            const v1::ClearKnownBadRequest* request,
                                            v1::ClearKnownBadResponse* response) override;
    grpc::ServerUnaryReactor* RemoveMachines(grpc::CallbackServerContext* context,
                                             const v1::RemoveMachinesRequest* request,
                                             v1::RemoveMachinesResponse* response) override;
    grpc::ServerUnaryReactor* TailLog(grpc::CallbackServerContext* context,
                                      const v1::TailLogRequest* request,
                                      v1::TailLogResponse* response) override;

private:
    /// OK: it is in the audit log that the log is read.
    absl::Status admitTail(grpc::CallbackServerContext* context, const v1::TailLogRequest& request);
    absl::Status beginStream(const v1::WatchMachinesRequest& request,
                             const std::shared_ptr<MachineStream>& stream);
    absl::StatusOr<Touched> touchedByClear(const v1::ClearKnownBadRequest& request) const;
    absl::Status clearKnownBad(const services::Caller& caller,
                               const v1::ClearKnownBadRequest& request, const std::string& digest,
                               std::uint64_t& machines);

    const FleetParts& m_parts;
};

class AgentsHandler final : public v1::Agents::CallbackService {
public:
    explicit AgentsHandler(const FleetParts& parts) : m_parts(parts) {}
    grpc::ServerUnaryReactor* ListAgents(grpc::CallbackServerContext* context,
                                         const v1::ListAgentsRequest* request,
                                         v1::ListAgentsResponse* response) override;

private:
    const FleetParts& m_parts;
};

class EventsHandler final : public v1::Events::CallbackService {
public:
    explicit EventsHandler(const FleetParts& parts) : m_parts(parts) {}
    grpc::ServerWriteReactor<v1::ClusterEvent>* WatchEvents(
        grpc::CallbackServerContext* context, const v1::WatchEventsRequest* request) override;

private:
    const FleetParts& m_parts;
};

}  // namespace ifrit::master::rpc
