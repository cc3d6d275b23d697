// SPDX-License-Identifier: Apache-2.0
// MachinesHandler::TailLog: the one call that waits for a machine.
#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/rpc/fleet_handler.h"
#include "master/rpc/machine_codec.h"
#include "master/rpc/requested_object.h"
#include "master/services/audit_entry.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr char kMethod[] = "ifrit.v1.Machines/TailLog";
constexpr char kVerb[] = "machine.log";

std::uint32_t bytesOf(const v1::TailLogRequest& request) {
    constexpr auto kMost = static_cast<std::uint32_t>(kMaxLogTailBytes);
    return request.max_bytes() == 0 ? kMost : std::min(request.max_bytes(), kMost);
}

/// The first master that has the text answers; the last one that has not does, where none has.
class FirstAnswer {
public:
    using Done = std::function<void(absl::StatusOr<std::string>)>;
    FirstAnswer(std::size_t asked, Done done) : m_left(asked), m_done(std::move(done)) {}

    void take(absl::StatusOr<std::string> text) {
        Done done;
        {
            absl::MutexLock lock(&m_mutex);
            --m_left;
            if (!text.ok() && m_left > 0) return;
            done = std::exchange(m_done, nullptr);
        }
        if (done) done(std::move(text));
    }

private:
    absl::Mutex m_mutex;
    std::size_t m_left ABSL_GUARDED_BY(m_mutex);
    Done m_done ABSL_GUARDED_BY(m_mutex);
};

void askOther(const grpc::CallbackServerContext& context,
              const std::shared_ptr<grpc::Channel>& other, const v1::AskLogRequest& question,
              const std::shared_ptr<FirstAnswer>& answers) {
    struct Call {
        std::unique_ptr<v1::Masters::Stub> stub;
        std::unique_ptr<grpc::ClientContext> context;
        v1::AskLogRequest request;
        v1::AskLogResponse response;
    };
    const auto call = std::make_shared<Call>();
    call->stub = v1::Masters::NewStub(other);
    call->request = question;
    // Ends with the asker's call, also where that is cancelled.
    call->context = grpc::ClientContext::FromCallbackServerContext(context);
    ifrit::rpc::setDeadline(*call->context, services::LogTails::kPatience);
    call->stub->async()->AskLog(call->context.get(), &call->request, &call->response,
                                [call, answers](const grpc::Status& status) {
                                    if (status.ok())
                                        answers->take(call->response.text());
                                    else
                                        answers->take(ifrit::rpc::fromGrpc(status));
                                });
}

}  // namespace

absl::Status MachinesHandler::admitTail(grpc::CallbackServerContext* context,
                                        const v1::TailLogRequest& request) {
    Principal who;
    IFRIT_RETURN_IF_ERROR(m_parts.calls.admit(*context, kMethod, request, who));
    Touched asked{{kVerb, request.agent(), {}}, requestedObject(kMethod, request)};
    services::Caller caller;
    bool offline = false;
    const auto check = [&]() -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(caller, callerOf(who, request.mutation()));
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(request.uuid()));
        IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request.agent()));
        const auto machine = m_parts.fleet.find(request.uuid());
        if (!machine) {
            return base::notFound("MACHINE_UNKNOWN", request.uuid(), "there is no machine {}",
                                  request.uuid());
        }
        offline = machine->offline;
        asked.touch.machineTypes = {machine->record->stored.facts.machineType};
        return absl::OkStatus();
    };
    const auto read = [&]() -> absl::Status {
        if (offline) {
            return base::failedPrecondition("MACHINE_OFFLINE", request.uuid(),
                                            "machine {} is offline and cannot send its log",
                                            request.uuid());
        }
        // Written before anything is read: no audit row, no log.
        return m_parts.trail.record(
            m_parts.database,
            services::auditEntry(caller, kVerb, asked.object, "allowed", m_parts.clock.now()));
    };
    absl::Status status = check();
    if (status.ok()) {
        // It writes its own row.
        IFRIT_RETURN_IF_ERROR(m_parts.calls.permit(who, *findMethod(kMethod), asked));
        status = read();
    }
    if (!status.ok()) m_parts.calls.auditRefusal(who, asked, status);
    return status;
}

grpc::ServerUnaryReactor* MachinesHandler::TailLog(grpc::CallbackServerContext* context,
                                                   const v1::TailLogRequest* request,
                                                   v1::TailLogResponse* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool taken = m_parts.calls.workers().submit(
        Lane::Operators, [this, context, reactor, request, response] {
            if (const absl::Status status = admitTail(context, *request); !status.ok()) {
                reactor->Finish(ifrit::rpc::toGrpc(status));
                return;
            }
            // The machine polls one of the masters, and only that one can ask it. The reactor keeps
            // request and response until it is finished, which LogTails sees to.
            const auto others = m_parts.calls.relay().others();
            const auto answers = std::make_shared<FirstAnswer>(
                others.size() + 1, [this, reactor, response](absl::StatusOr<std::string> text) {
                    if (text.ok()) {
                        response->set_text(*std::move(text));
                        response->set_at_ms(base::toUnixMillis(m_parts.clock.now()));
                    }
                    reactor->Finish(ifrit::rpc::toGrpc(text.status()));
                });
            v1::AskLogRequest question;
            question.set_uuid(request->uuid());
            question.set_agent(request->agent());
            question.set_max_bytes(bytesOf(*request));
            for (const auto& other : others)
                askOther(*context, other.channel, question, answers);
            m_parts.logTails.ask(
                question.uuid(), question.agent(), question.max_bytes(), m_parts.clock.steadyNow(),
                [answers](absl::StatusOr<std::string> text) { answers->take(std::move(text)); });
        });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

}  // namespace ifrit::master::rpc
