// SPDX-License-Identifier: Apache-2.0
// MachinesHandler::TailLog: the one call that waits for a machine.
#include <algorithm>

#include "master/rpc/fleet_handler.h"
#include "master/rpc/machine_codec.h"
#include "master/services/audit_entry.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr char kMethod[] = "ifrit.v1.Machines/TailLog";
constexpr char kVerb[] = "machine.log";

std::uint32_t bytesOf(const v1::TailLogRequest& request) {
    constexpr auto kMost = static_cast<std::uint32_t>(kMaxLogTailBytes);
    return request.max_bytes() == 0 ? kMost : std::min(request.max_bytes(), kMost);
}

}  // namespace

absl::Status MachinesHandler::admitTail(grpc::CallbackServerContext* context,
                                        const v1::TailLogRequest& request) {
    Principal who;
    IFRIT_RETURN_IF_ERROR(m_parts.calls.admit(*context, kMethod, who));
    const auto check = [&]() -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const services::Caller caller, callerOf(who, request.mutation()));
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(request.uuid()));
        IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request.agent()));
        const auto machine = m_parts.fleet.find(request.uuid());
        if (!machine) {
            return base::notFound("MACHINE_UNKNOWN", request.uuid(), "there is no machine {}",
                                  request.uuid());
        }
        if (machine->offline) {
            return base::failedPrecondition("MACHINE_OFFLINE", request.uuid(),
                                            "machine {} is offline and cannot send its log",
                                            request.uuid());
        }
        // Written before anything is read: no audit row, no log.
        return m_parts.trail.record(
            m_parts.database,
            services::auditEntry(caller, kVerb, request.uuid() + "/" + request.agent(), "allowed",
                                 m_parts.clock.now()));
    };
    const absl::Status status = check();
    if (!status.ok()) m_parts.calls.auditRefusal(who, kVerb, status);
    return status;
}

grpc::ServerUnaryReactor* MachinesHandler::TailLog(grpc::CallbackServerContext* context,
                                                   const v1::TailLogRequest* request,
                                                   v1::TailLogResponse* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool taken = m_parts.calls.workers().submit([this, context, reactor, request, response] {
        if (const absl::Status status = admitTail(context, *request); !status.ok()) {
            reactor->Finish(ifrit::rpc::toGrpc(status));
            return;
        }
        // The reactor keeps request and response until it is finished, which LogTails sees to.
        m_parts.logTails.ask(request->uuid(), request->agent(), bytesOf(*request),
                             m_parts.clock.steadyNow(),
                             [this, reactor, response](absl::StatusOr<std::string> text) {
                                 if (text.ok()) {
                                     response->set_text(*std::move(text));
                                     response->set_at_ms(base::toUnixMillis(m_parts.clock.now()));
                                 }
                                 reactor->Finish(ifrit::rpc::toGrpc(text.status()));
                             });
    });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

}  // namespace ifrit::master::rpc
