// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_audit_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

using Audit = v1::Audit::StubInterface::async_interface;

}  // namespace

services::CallHandle GrpcAuditService::list(
    const services::AuditQuery& query, services::Reply<services::Page<services::AuditRow>> reply) {
    v1::ListAuditRequest request;
    request.set_actor(query.actor);
    request.set_verb(query.verb);
    request.set_object(query.object);
    request.set_result(query.result);
    request.set_since_ms(codec::timeToWire(query.since));
    request.set_until_ms(codec::timeToWire(query.until));
    request.set_page_token(query.page.token);
    request.set_page_size(query.page.size);
    return startUnary<services::Page<services::AuditRow>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::audit, &Audit::ListAudit, std::move(request),
        [](v1::ListAuditResponse&& in) {
            return decodePage<services::AuditRow>(in.rows(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcAuditService::verify(services::Reply<services::AuditVerification> reply) {
    // The contract lets a master answer a broken chain as an error: for a person both are one
    // answer.
    auto broken = [reply = std::move(reply)](absl::StatusOr<services::AuditVerification> result) {
        if (result.status().code() != absl::StatusCode::kDataLoss) {
            reply(std::move(result));
            return;
        }
        services::AuditVerification answer;
        answer.message = base::messageOf(result.status());
        reply(answer);
    };
    return startUnary<services::AuditVerification>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::audit, &Audit::VerifyAudit,
        v1::VerifyAuditRequest(), [](v1::VerifyAuditResponse&& in) { return decode(in); },
        services::Reply<services::AuditVerification>(std::move(broken)));
}

}  // namespace ifrit::gui::rpc
