// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "master/rpc/fleet_handler.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

using Alive = services::MachineRemoval::Alive;

absl::StatusOr<std::set<std::string>> machinesOf(const v1::RemoveMachinesRequest& request) {
    IFRIT_RETURN_IF_ERROR(codec::checkCount("uuids", static_cast<std::size_t>(request.uuids_size()),
                                            services::MachineRemoval::kAtOnce));
    for (const std::string& uuid : request.uuids())
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
    return std::set<std::string>(request.uuids().begin(), request.uuids().end());
}

}  // namespace

grpc::ServerUnaryReactor* MachinesHandler::RemoveMachines(grpc::CallbackServerContext* context,
                                                          const v1::RemoveMachinesRequest* request,
                                                          v1::RemoveMachinesResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Machines/RemoveMachines", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_ASSIGN_OR_RETURN(const auto uuids, machinesOf(*request));
            const Alive alive = request->force() ? Alive::Forced : Alive::Refused;
            const auto make = [&](const services::Caller& c) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto removed, m_parts.removal.remove(c, uuids, alive));
                response->set_revoked_certificates(removed.certificates);
                return absl::OkStatus();
            };
            const auto repeat = [&](const std::string& certificates) -> absl::Status {
                // The first call may have ended after its commit and before it told anybody.
                IFRIT_RETURN_IF_ERROR(m_parts.removal.forget(uuids));
                response->set_revoked_certificates(std::stoull(certificates));
                return absl::OkStatus();
            };
            IFRIT_RETURN_IF_ERROR(m_parts.calls.runOnce({caller, make, repeat}, "machine.remove"));
            response->set_machines(uuids.size());
            if (m_parts.revoked) m_parts.revoked();
            return absl::OkStatus();
        });
}

}  // namespace ifrit::master::rpc
