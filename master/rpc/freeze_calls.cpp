// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/freeze_calls.h"

#include <absl/synchronization/notification.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/cache/codec/freeze_codec.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

/// Who freezes waits for it, and a master that is gone is seen to be so later than this.
constexpr std::chrono::milliseconds kPatience{1'500};

std::string whyOf(const grpc::Status& status) {
    const std::string reason = base::errorInfo(ifrit::rpc::fromGrpc(status)).reason;
    switch (status.error_code()) {
        case grpc::StatusCode::UNIMPLEMENTED:
            return "UNIMPLEMENTED";
        case grpc::StatusCode::DEADLINE_EXCEEDED:
            return "UNANSWERED";
        case grpc::StatusCode::UNAVAILABLE:
            // It answers, and knows why not.
            return reason.empty() ? "UNREACHABLE" : reason;
        default:
            return reason.empty() ? std::string("REFUSED") : reason;
    }
}

}  // namespace

/// Lives until gRPC has ended it, also where nobody waits any more.
struct FreezeCalls::Call {
    std::string address;
    std::unique_ptr<v1::Masters::Stub> stub;
    grpc::ClientContext context;
    v1::HoldFreezeRequest hold;
    v1::HoldFreezeResponse held;
    v1::LookAtFreezesRequest look;
    v1::LookAtFreezesResponse looked;
    grpc::Status status;
    absl::Notification done;
};

std::shared_ptr<FreezeCalls::Call> FreezeCalls::add(const Relay::Other& other) {
    auto call = std::make_shared<Call>();
    call->address = other.address;
    call->stub = v1::Masters::NewStub(other.channel);
    ifrit::rpc::setDeadline(call->context, kPatience);
    m_calls.push_back(call);
    return call;
}

FreezeCalls::FreezeCalls(const Others& others, const domain::FreezeMark& mark) {
    for (const Relay::Other& other : others) {
        const auto call = add(other);
        cache::toWire(mark, *call->hold.mutable_mark());
        call->stub->async()->HoldFreeze(&call->context, &call->hold, &call->held,
                                        [call](const grpc::Status& status) {
                                            call->status = status;
                                            call->done.Notify();
                                        });
    }
}

FreezeCalls::FreezeCalls(const Others& others) {
    for (const Relay::Other& other : others) {
        const auto call = add(other);
        call->stub->async()->LookAtFreezes(&call->context, &call->look, &call->looked,
                                           [call](const grpc::Status& status) {
                                               call->status = status;
                                               call->done.Notify();
                                           });
    }
}

bool FreezeCalls::isDone() const {
    return std::all_of(m_calls.begin(), m_calls.end(),
                       [](const auto& call) { return call->done.HasBeenNotified(); });
}

std::vector<Unconfirmed> FreezeCalls::wait() const {
    std::vector<Unconfirmed> out;
    for (const auto& call : m_calls) {
        // Its deadline ends each.
        call->done.WaitForNotification();
        if (!call->status.ok()) out.push_back({call->address, whyOf(call->status)});
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    return out;
}

void warnOf(const std::vector<Unconfirmed>& masters) {
    for (const Unconfirmed& master : masters)
        spdlog::warn(
            "the master at {} has not confirmed what became of the freeze ({}); it hears of it "
            "later too",
            master.address, master.why);
}

}  // namespace ifrit::master::rpc
