// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/audit_heads_handler.h"

#include <set>

#include "master/rpc/audit_wire.h"
#include "master/rpc/paging.h"
#include "shared/base/status.h"
#include "shared/codec/audit_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::master::rpc {
namespace {

absl::StatusOr<std::set<std::uint64_t>> rowsOf(
    const google::protobuf::RepeatedField<std::uint64_t>& rows) {
    IFRIT_RETURN_IF_ERROR(
        codec::checkCount("rows", static_cast<std::size_t>(rows.size()), codec::kMaxAskedRows));
    return std::set<std::uint64_t>(rows.begin(), rows.end());
}

}  // namespace

grpc::ServerUnaryReactor* AuditHeadsHandler::GetHead(grpc::CallbackServerContext* context,
                                                     const v1::GetHeadRequest* request,
                                                     v1::GetHeadResponse* response) {
    return m_calls.run(context, "ifrit.v1.AuditHeads/GetHead",
                       [this, request, response](const Principal&) -> absl::Status {
                           IFRIT_ASSIGN_OR_RETURN(const auto rows, rowsOf(request->rows()));
                           IFRIT_ASSIGN_OR_RETURN(const auto answer, m_audit.head(rows));
                           *response->mutable_head() = codec::toWire(answer.head);
                           codec::toWire(answer.hashes, *response->mutable_hashes());
                           return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* AuditHeadsHandler::VerifyChain(grpc::CallbackServerContext* context,
                                                         const v1::VerifyChainRequest* request,
                                                         v1::VerifyChainResponse* response) {
    return m_calls.run(context, "ifrit.v1.AuditHeads/VerifyChain",
                       [this, context, request, response](const Principal&) -> absl::Status {
                           IFRIT_ASSIGN_OR_RETURN(const auto rows, rowsOf(request->rows()));
                           IFRIT_ASSIGN_OR_RETURN(const auto check, m_audit.verify(rows, [context] {
                               return context->IsCancelled();
                           }));
                           *response->mutable_head() = codec::toWire(check.heads.head);
                           codec::toWire(check.heads.hashes, *response->mutable_hashes());
                           response->set_intact_rows(check.rows);
                           response->set_intact(check.intact);
                           response->set_first_broken_id(check.firstBrokenId);
                           response->set_message(check.message);
                           return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* AuditHeadsHandler::ReadChain(grpc::CallbackServerContext* context,
                                                       const v1::ReadChainRequest* request,
                                                       v1::ReadChainResponse* response) {
    return m_calls.run(context, "ifrit.v1.AuditHeads/ReadChain",
                       [this, request, response](const Principal&) -> absl::Status {
                           IFRIT_ASSIGN_OR_RETURN(
                               const auto rows,
                               m_audit.read(request->after_id(), pageSize(request->limit())));
                           PageRoom room(pageSize(request->limit()));
                           for (const storage::AuditRow& row : rows) {
                               v1::AuditRow wire = toWire(row);
                               if (!room.take(wire)) break;
                               *response->add_rows() = std::move(wire);
                           }
                           return absl::OkStatus();
                       });
}

}  // namespace ifrit::master::rpc
