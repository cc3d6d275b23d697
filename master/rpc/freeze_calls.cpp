// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/freeze_calls.h"

#include <absl/synchronization/notification.h>
#include <spdlog/spdlog.h>

#include <string>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/cache/codec/freeze_codec.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::rpc {
namespace {

/// Who freezes waits for it, and a master that is gone is seen to be so later than this.
constexpr std::chrono::milliseconds kPatience{1'500};

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

FreezeCalls::FreezeCalls(Relay& relay, const domain::FreezeMark& mark) {
    for (const Relay::Other& other : relay.others()) {
        const auto call = add(other);
        cache::toWire(mark, *call->hold.mutable_mark());
        call->stub->async()->HoldFreeze(&call->context, &call->hold, &call->held,
                                        [call](const grpc::Status& status) {
                                            call->status = status;
                                            call->done.Notify();
                                        });
    }
}

FreezeCalls::FreezeCalls(Relay& relay) {
    for (const Relay::Other& other : relay.others()) {
        const auto call = add(other);
        call->stub->async()->LookAtFreezes(&call->context, &call->look, &call->looked,
                                           [call](const grpc::Status& status) {
                                               call->status = status;
                                               call->done.Notify();
                                           });
    }
}

void FreezeCalls::wait() {
    for (const auto& call : m_calls) {
        // Its deadline ends each.
        call->done.WaitForNotification();
        if (!call->status.ok())
            spdlog::warn(
                "the master at {} has not confirmed what became of the freeze; it hears of it "
                "later too: {}",
                call->address, call->status.error_message());
    }
}

}  // namespace ifrit::master::rpc
