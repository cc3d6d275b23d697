// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_audit_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/codec/audit_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

using Audit = v1::Audit::StubInterface::async_interface;
using AuditHeads = v1::AuditHeads::StubInterface::async_interface;

constexpr std::uint32_t kReadRows = 2'000;

/// Believed only where a master of the bundle's cluster signed it.
absl::StatusOr<services::AuditHeads> headsOf(
    const v1::SignedAuditHead& head, const google::protobuf::RepeatedPtrField<v1::RowHash>& hashes,
    const bundle::Bundle& bundle) {
    services::AuditHeads out;
    IFRIT_ASSIGN_OR_RETURN(out.head, codec::fromWire(head));
    IFRIT_RETURN_IF_ERROR(audit::verifyHead(out.head, bundle.caPem, bundle.cluster));
    IFRIT_ASSIGN_OR_RETURN(out.hashes, codec::fromWire(hashes));
    return out;
}

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

services::CallHandle GrpcAuditService::verify(const std::vector<std::uint64_t>& rows,
                                              services::Reply<services::AuditVerification> reply) {
    v1::VerifyChainRequest request;
    request.mutable_rows()->Assign(rows.begin(), rows.end());
    return startUnary<services::AuditVerification>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::auditHeads, &AuditHeads::VerifyChain,
        std::move(request),
        [bundle = m_core.profile.bundle](
            v1::VerifyChainResponse&& in) -> absl::StatusOr<services::AuditVerification> {
            services::AuditVerification out;
            out.rows = in.intact_rows();
            out.headHash = base::toHex(in.head().head().hash());
            out.intact = in.intact();
            out.firstBrokenId = in.first_broken_id();
            out.message = in.message();
            IFRIT_ASSIGN_OR_RETURN(out.heads, headsOf(in.head(), in.hashes(), bundle));
            return out;
        },
        std::move(reply));
}

services::CallHandle GrpcAuditService::head(const std::vector<std::uint64_t>& rows,
                                            services::Reply<services::AuditHeads> reply) {
    v1::GetHeadRequest request;
    request.mutable_rows()->Assign(rows.begin(), rows.end());
    return startUnary<services::AuditHeads>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::auditHeads, &AuditHeads::GetHead,
        std::move(request),
        [bundle = m_core.profile.bundle](v1::GetHeadResponse&& in) {
            return headsOf(in.head(), in.hashes(), bundle);
        },
        std::move(reply));
}

services::CallHandle GrpcAuditService::read(
    std::uint64_t afterId, services::Reply<std::vector<services::AuditRow>> reply) {
    v1::ReadChainRequest request;
    request.set_after_id(afterId);
    request.set_limit(kReadRows);
    return startUnary<std::vector<services::AuditRow>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::auditHeads, &AuditHeads::ReadChain,
        std::move(request),
        [](v1::ReadChainResponse&& in) {
            return decodePage<services::AuditRow>(in.rows(), std::string()).items;
        },
        std::move(reply));
}

}  // namespace ifrit::gui::rpc
