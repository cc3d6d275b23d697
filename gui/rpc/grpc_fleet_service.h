// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/rpc_core.h"
#include "gui/services/fleet.h"

namespace ifrit::gui::rpc {

class GrpcFleetService final : public services::FleetService {
public:
    explicit GrpcFleetService(RpcCore& core) : m_core(core) {}

    services::CallHandle getCluster(services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle freeze(const services::Mutation& mutation,
                                services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle unfreeze(const services::Mutation& mutation,
                                  services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle listMasterLoads(std::chrono::milliseconds within,
                                         services::Reply<services::MasterLoads> reply) override;
    services::CallHandle watchMachines(
        const std::string& filter,
        services::StreamObserver<services::MachinesUpdate> observer) override;
    services::CallHandle listMachines(const std::string& filter, const services::PageRequest& page,
                                      services::Reply<services::MachineList> reply) override;
    services::CallHandle getMachine(const std::string& uuid,
                                    services::Reply<services::MachineInfo> reply) override;
    services::CallHandle explain(const std::string& uuid, const std::string& agent,
                                 services::Reply<services::Explanation> reply) override;
    services::CallHandle events(
        const std::string& uuid, const services::PageRequest& page,
        services::Reply<services::Page<domain::MachineEvent>> reply) override;
    services::CallHandle listAgents(
        services::Reply<std::vector<services::ManagedAgentInfo>> reply) override;
    services::CallHandle tailLog(const services::LogTailQuestion& question,
                                 services::Reply<services::LogTail> reply) override;
    services::CallHandle clearKnownBad(const services::ClearKnownBad& request,
                                       services::Reply<std::uint64_t> reply) override;
    services::CallHandle removeMachines(const services::RemoveMachines& request,
                                        services::Reply<services::RemovedMachines> reply) override;

private:
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
