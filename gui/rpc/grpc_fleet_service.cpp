// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_fleet_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/machine_columns_decoder.h"
#include "gui/rpc/unary_call.h"
#include "gui/rpc/watch_stream.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

using Clusters = v1::Clusters::StubInterface::async_interface;
using Machines = v1::Machines::StubInterface::async_interface;
using Agents = v1::Agents::StubInterface::async_interface;

using MachineStream = WatchStream<v1::WatchMachinesResponse, services::MachinesUpdate>;

MachineStream::Reader::Decode machinesDecoder(const std::shared_ptr<ObserverStrings>& strings) {
    auto decoder = std::make_shared<MachineColumnsDecoder>(strings);
    return
        [decoder](
            v1::WatchMachinesResponse&& in) -> absl::StatusOr<Decoded<services::MachinesUpdate>> {
            Decoded<services::MachinesUpdate> out;
            out.resumeToken = in.resume_token();
            absl::StatusOr<services::MachinesUpdate> update = decoder->decode(std::move(in));
            if (!update.ok()) return update.status();
            out.item = *std::move(update);
            return out;
        };
}

}  // namespace

services::CallHandle GrpcFleetService::getCluster(services::Reply<services::ClusterSummary> reply) {
    return startUnary<services::ClusterSummary>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::clusters, &Clusters::GetCluster,
        v1::GetClusterRequest(), [](v1::Cluster&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcFleetService::freeze(const services::Mutation& mutation,
                                              services::Reply<services::ClusterSummary> reply) {
    v1::FreezeClusterRequest out;
    *out.mutable_mutation() = m_core.toWire(mutation);
    return startChange<services::ClusterSummary>(
        m_core, &MasterStubs::clusters, &Clusters::FreezeCluster, std::move(out),
        [](v1::Cluster&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcFleetService::unfreeze(const services::Mutation& mutation,
                                                services::Reply<services::ClusterSummary> reply) {
    v1::UnfreezeClusterRequest out;
    *out.mutable_mutation() = m_core.toWire(mutation);
    return startChange<services::ClusterSummary>(
        m_core, &MasterStubs::clusters, &Clusters::UnfreezeCluster, std::move(out),
        [](v1::Cluster&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcFleetService::listMasterLoads(
    std::chrono::milliseconds within, services::Reply<services::MasterLoads> reply) {
    v1::ListMasterLoadsRequest request;
    request.set_within_ms(static_cast<std::uint64_t>(within.count()));
    return startUnary<services::MasterLoads>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::clusters, &Clusters::ListMasterLoads,
        std::move(request),
        [](v1::ListMasterLoadsResponse&& in) {
            return decodePage<services::MasterLoad>(in.masters(), std::string()).items;
        },
        std::move(reply));
}

services::CallHandle GrpcFleetService::watchMachines(
    const std::string& filter, services::StreamObserver<services::MachinesUpdate> observer) {
    auto strings = std::make_shared<ObserverStrings>();
    auto stream =
        makeWatch<services::MachinesUpdate, v1::Machines::Stub, Machines, v1::WatchMachinesRequest>(
            m_core, Silence::MeansDeath, &MasterStubs::machines, &Machines::WatchMachines,
            [filter](const std::string& token) {
                v1::WatchMachinesRequest request;
                request.set_resume_token(token);
                request.set_filter(filter);
                return request;
            },
            [strings] { return machinesDecoder(strings); });
    stream->start(std::move(observer));
    return RpcCore::handleFor(stream);
}

services::CallHandle GrpcFleetService::listMachines(const std::string& filter,
                                                    const services::PageRequest& page,
                                                    services::Reply<services::MachineList> reply) {
    v1::ListMachinesRequest request;
    request.set_filter(filter);
    request.set_page_token(page.token);
    request.set_page_size(page.size);
    return startUnary<services::MachineList>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::machines, &Machines::ListMachines,
        std::move(request), [](v1::ListMachinesResponse&& in) { return decode(std::move(in)); },
        std::move(reply));
}

services::CallHandle GrpcFleetService::getMachine(const std::string& uuid,
                                                  services::Reply<services::MachineInfo> reply) {
    v1::GetMachineRequest request;
    request.set_uuid(uuid);
    return startUnary<services::MachineInfo>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::machines, &Machines::GetMachine,
        std::move(request), [](v1::Machine&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcFleetService::explain(const std::string& uuid, const std::string& agent,
                                               services::Reply<services::Explanation> reply) {
    v1::ExplainMachineRequest request;
    request.set_uuid(uuid);
    request.set_agent(agent);
    return startUnary<services::Explanation>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::machines, &Machines::ExplainMachine,
        std::move(request), [](v1::ExplainMachineResponse&& in) { return decode(in); },
        std::move(reply));
}

services::CallHandle GrpcFleetService::events(
    const std::string& uuid, const services::PageRequest& page,
    services::Reply<services::Page<domain::MachineEvent>> reply) {
    v1::ListMachineEventsRequest request;
    request.set_uuid(uuid);
    request.set_page_token(page.token);
    request.set_page_size(page.size);
    return startUnary<services::Page<domain::MachineEvent>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::machines, &Machines::ListMachineEvents,
        std::move(request),
        [](v1::ListMachineEventsResponse&& in) {
            return decodePage<domain::MachineEvent>(in.events(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcFleetService::listAgents(
    services::Reply<std::vector<services::ManagedAgentInfo>> reply) {
    return startUnary<std::vector<services::ManagedAgentInfo>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::agents, &Agents::ListAgents,
        v1::ListAgentsRequest(),
        [](v1::ListAgentsResponse&& in) {
            return decodePage<services::ManagedAgentInfo>(in.agents(), std::string()).items;
        },
        std::move(reply));
}

services::CallHandle GrpcFleetService::tailLog(const services::LogTailQuestion& question,
                                               services::Reply<services::LogTail> reply) {
    v1::TailLogRequest out;
    *out.mutable_mutation() = m_core.toWire(question.mutation);
    out.set_uuid(question.uuid);
    out.set_agent(question.agent);
    out.set_max_bytes(question.maxBytes);
    return startChange<services::LogTail>(
        m_core, &MasterStubs::machines, &Machines::TailLog, std::move(out),
        [](v1::TailLogResponse&& in) {
            return services::LogTail{std::move(*in.mutable_text()),
                                     base::fromUnixMillis(in.at_ms())};
        },
        std::move(reply));
}

services::CallHandle GrpcFleetService::clearKnownBad(const services::ClearKnownBad& request,
                                                     services::Reply<std::uint64_t> reply) {
    v1::ClearKnownBadRequest out;
    *out.mutable_mutation() = m_core.toWire(request.mutation);
    for (const std::string& uuid : request.uuids)
        out.add_uuids(uuid);
    out.set_agent(request.agent);
    out.set_manifest_digest(codec::digestToWire(request.manifestDigest));
    return startChange<std::uint64_t>(
        m_core, &MasterStubs::machines, &Machines::ClearKnownBad, std::move(out),
        [](v1::ClearKnownBadResponse&& in) { return in.machines(); }, std::move(reply));
}

services::CallHandle GrpcFleetService::removeMachines(
    const services::RemoveMachines& request, services::Reply<services::RemovedMachines> reply) {
    v1::RemoveMachinesRequest out;
    *out.mutable_mutation() = m_core.toWire(request.mutation);
    for (const std::string& uuid : request.uuids)
        out.add_uuids(uuid);
    out.set_force(request.force);
    return startChange<services::RemovedMachines>(
        m_core, &MasterStubs::machines, &Machines::RemoveMachines, std::move(out),
        [](v1::RemoveMachinesResponse&& in) {
            return services::RemovedMachines{in.machines(), in.revoked_certificates()};
        },
        std::move(reply));
}

}  // namespace ifrit::gui::rpc
