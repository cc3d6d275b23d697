// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/relay.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <utility>

#include "master/rpc/passed_caller.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/deadline.h"
#include "shared/rpc/peer.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

using google::protobuf::Message;

/// No longer than a machine waits for its answer.
constexpr std::chrono::seconds kLongest{15};
constexpr std::chrono::milliseconds kRetryAfter{1'000};

grpc::Status answerOf(const grpc::Status& status) {
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || !status.error_details().empty())
        return status;
    return ifrit::rpc::toGrpc(base::withCallDetails(
        base::makeError(absl::StatusCode::kUnavailable, "LEADER_AWAY", "",
                        "the master that leads does not answer; another one takes over in a few "
                        "seconds, try again"),
        {{}, kRetryAfter, 0, 0}));
}

struct PassedCall {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::TemplatedGenericStub<Message, Message>> stub;
};

}  // namespace

Relay::Way Relay::way() const {
    if (!m_identity || m_services.isLeading()) return Way::Here;
    const auto standing = m_services.standing();
    return standing && !standing->leaderAddress.empty() ? Way::Leader : Way::Nobody;
}

std::shared_ptr<grpc::Channel> Relay::channelTo(const std::string& address) {
    absl::MutexLock lock(&m_mutex);
    auto& channel = m_channels[address];
    if (!channel) {
        ifrit::rpc::ChannelOptions options;
        options.program = "ifrit-master";
        channel = ifrit::rpc::makeChannel(address, *m_identity, options);
    }
    return channel;
}

void Relay::pass(const grpc::CallbackServerContext& context, std::string_view method,
                 const Principal& caller, const Message& request, Message& response, Done done) {
    const auto standing = m_services.standing();
    if (!standing || standing->leaderAddress.empty()) {
        done(answerOf(grpc::Status(grpc::StatusCode::UNAVAILABLE, "no leader")));
        return;
    }
    auto call = std::make_shared<PassedCall>();
    call->context = grpc::ClientContext::FromCallbackServerContext(context);
    if (ifrit::rpc::timeLeft(context.raw_deadline()) > kLongest)
        ifrit::rpc::setDeadline(*call->context, kLongest);
    call->context->AddMetadata(kPassedCallerKey, passedCaller(caller));
    if (const std::string id = ifrit::rpc::requestId(context); !id.empty())
        ifrit::rpc::setRequestId(*call->context, id);
    call->stub = std::make_unique<grpc::TemplatedGenericStub<Message, Message>>(
        channelTo(standing->leaderAddress));
    call->stub->UnaryCall(
        call->context.get(), "/" + std::string(method), grpc::StubOptions(), &request, &response,
        [call, done = std::move(done)](const grpc::Status& status) { done(answerOf(status)); });
}

std::vector<Relay::Other> Relay::others() {
    const auto standing = m_services.standing();
    return standing ? reached(standing->others, standing->leaderAddress) : std::vector<Other>();
}

std::vector<Relay::Other> Relay::othersAndSilent() {
    const auto standing = m_services.standing();
    if (!standing) return {};
    std::vector<storage::MemberRecord> all = standing->others;
    for (const storage::MemberRecord& member : standing->silent) {
        // Started anew at the same address it is another one, which lives.
        const bool isBack = std::any_of(all.begin(), all.end(), [&](const auto& other) {
            return other.address == member.address;
        });
        if (!isBack) all.push_back(member);
    }
    return reached(all, standing->leaderAddress);
}

std::vector<Relay::Other> Relay::reached(const std::vector<storage::MemberRecord>& members,
                                         const std::string& leaderAddress) {
    std::vector<Other> out;
    if (!m_identity) return out;
    for (const storage::MemberRecord& member : members) {
        out.push_back({member.address, member.version, member.address == leaderAddress,
                       channelTo(member.address)});
    }
    return out;
}

}  // namespace ifrit::master::rpc
