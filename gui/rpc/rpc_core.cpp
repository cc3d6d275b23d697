// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/rpc_core.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/line_fault.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::gui::rpc {
namespace {

absl::Status unavailable(std::string_view reason, const std::string& address,
                         const std::string& sentence) {
    return base::makeError(absl::StatusCode::kUnavailable, reason, address, sentence);
}

}  // namespace

RpcCore::RpcCore(services::ConnectionProfile connectionProfile, RpcOptions rpcOptions,
                 const base::Clock& clockOfAll)
    : profile(std::move(connectionProfile)),
      options(rpcOptions),
      clock(clockOfAll),
      masters({profile, options, clock, hop,
               [this](const std::shared_ptr<MasterStubs>& left) { registry.lineLeft(left); }}) {}

void RpcCore::authorize(grpc::ClientContext& context) const {
    if (!profile.bearerToken.empty()) ifrit::rpc::setBearer(context, profile.bearerToken);
}

v1::Mutation RpcCore::toWire(const services::Mutation& mutation) const {
    v1::Mutation out;
    out.set_request_id(mutation.requestId.empty() ? base::randomUuid() : mutation.requestId);
    out.set_reason(mutation.reason);
    out.set_via(profile.via);
    out.set_resolved_at_generation(mutation.resolvedAtGeneration);
    out.set_password(mutation.password);
    if (mutation.expectedCount.has_value()) {
        out.set_expect_count(true);
        out.set_expected_count(*mutation.expectedCount);
    }
    return out;
}

bool RpcCore::keepCertificate(const std::string& address, const grpc::ClientContext& context) {
    const auto peer = context.auth_context();
    if (!peer) return false;
    const auto shown = peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (shown.empty()) return false;
    certificates[address].assign(shown.front().data(), shown.front().size());
    return true;
}

std::string RpcCore::certificateOf(const std::string& address) const {
    const auto found = certificates.find(address);
    return found == certificates.end() ? std::string() : found->second;
}

absl::Status RpcCore::mayChange() const {
    if (!profile.readOnly) return absl::OkStatus();
    return base::failedPrecondition("READ_ONLY", profile.bundle.cluster,
                                    "the connection to {} is read-only; allow changes in its "
                                    "settings first",
                                    profile.bundle.cluster);
}

services::CallHandle RpcCore::handleFor(const std::shared_ptr<LiveCall>& call) {
    const std::weak_ptr<LiveCall> weak = call;
    return services::CallHandle([weak] {
        if (const std::shared_ptr<LiveCall> live = weak.lock()) live->cancel();
    });
}

absl::Status explainFailure(const absl::Status& status, const std::string& address,
                            std::chrono::milliseconds deadline, Line line) {
    switch (ifrit::rpc::lineFaultOf(status)) {
        case ifrit::rpc::LineFault::None:
            return status;
        case ifrit::rpc::LineFault::NoAnswer:
            if (line == Line::NeverStood) {
                return unavailable(
                    "UNREACHABLE", address,
                    fmt::format("the master at {} could not be reached within {} s, and nothing "
                                "was asked of it",
                                address, deadline.count() / 1000.0));
            }
            return base::makeError(status.code(), "NO_ANSWER", address,
                                   fmt::format("the master at {} did not answer within {} s",
                                               address, deadline.count() / 1000.0));
        case ifrit::rpc::LineFault::Untrusted:
            return unavailable("TLS_UNTRUSTED", address,
                               fmt::format("the master at {} did not show a certificate that the "
                                           "bundle's CA signed for this address, or it has expired",
                                           address));
        case ifrit::rpc::LineFault::NoTls:
            return unavailable(
                "TLS_FAILED", address,
                fmt::format("no TLS connection to {}: {}", address, base::messageOf(status)));
        case ifrit::rpc::LineFault::CutOff:
            return unavailable("CUT_OFF", address,
                               fmt::format("the master at {} ended the call without an answer, as "
                                           "one that is stopped does; it may have done what it was "
                                           "asked",
                                           address));
        case ifrit::rpc::LineFault::Unreachable:
            break;
    }
    return unavailable("UNREACHABLE", address,
                       fmt::format("the master at {} cannot be reached: {}", address,
                                   ifrit::rpc::whyUnreachable(status)));
}

absl::Status withRequestId(const absl::Status& status, const std::string& requestId) {
    const std::string reason = base::errorInfo(status).reason;
    const bool cameThere =
        reason != "UNREACHABLE" && reason != "TLS_UNTRUSTED" && reason != "TLS_FAILED";
    if (requestId.empty() || !cameThere || !base::callDetails(status).requestId.empty())
        return status;
    return base::withCallDetails(status, {requestId, {}, 0, 0});
}

}  // namespace ifrit::gui::rpc
