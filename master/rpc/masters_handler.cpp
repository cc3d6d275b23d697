// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/masters_handler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "master/cache/codec/freeze_codec.h"
#include "master/rpc/archive_stream.h"
#include "master/rpc/machine_codec.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {

grpc::ServerWriteReactor<v1::ArchiveChunk>* MastersHandler::FetchArchive(
    grpc::CallbackServerContext* context, const v1::FetchArchiveRequest* request) {
    auto stream = std::make_shared<ArchiveStream>(m_parts.archives, m_parts.calls.workers());
    auto* reactor = ArchiveStream::adopt(stream);
    // The request does not outlive this call.
    const auto begin = [this, context, stream, wanted = request->archive_digest(),
                        offset = request->offset(),
                        size = request->size_bytes()]() -> absl::Status {
        Principal caller;
        IFRIT_RETURN_IF_ERROR(
            m_parts.calls.admit(*context, "ifrit.v1.Masters/FetchArchive", caller));
        IFRIT_ASSIGN_OR_RETURN(const std::string digest, codec::digestFromWire(wanted));
        IFRIT_ASSIGN_OR_RETURN(const auto held, m_parts.archives.progress(digest));
        if (!held.complete || held.committedBytes != size || offset > size) {
            return base::notFound("ARCHIVE_MISSING", digest,
                                  "this master does not hold the archive {} of {} bytes", digest,
                                  size);
        }
        stream->begin(digest, size, offset);
        return absl::OkStatus();
    };
    stream->admit(begin);
    return reactor;
}

grpc::ServerUnaryReactor* MastersHandler::AskLog(grpc::CallbackServerContext* context,
                                                 const v1::AskLogRequest* request,
                                                 v1::AskLogResponse* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto admit = [this, context, request]() -> absl::Status {
        Principal caller;
        IFRIT_RETURN_IF_ERROR(m_parts.calls.admit(*context, "ifrit.v1.Masters/AskLog", caller));
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(request->uuid()));
        return domain::checkAgentName(request->agent());
    };
    const bool taken =
        m_parts.calls.workers().submit(Lane::Operators, [this, admit, reactor, request, response] {
            if (const absl::Status status = admit(); !status.ok()) {
                reactor->Finish(ifrit::rpc::toGrpc(status));
                return;
            }
            constexpr auto kMost = static_cast<std::uint32_t>(kMaxLogTailBytes);
            m_parts.logTails.ask(request->uuid(), request->agent(),
                                 std::min(request->max_bytes(), kMost), m_parts.clock.steadyNow(),
                                 [reactor, response](absl::StatusOr<std::string> text) {
                                     if (text.ok()) response->set_text(*std::move(text));
                                     reactor->Finish(ifrit::rpc::toGrpc(text.status()));
                                 });
        });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

grpc::ServerUnaryReactor* MastersHandler::GetLoad(grpc::CallbackServerContext* context,
                                                  const v1::GetLoadRequest* request,
                                                  v1::MasterLoad* response) {
    return m_parts.calls.run(context, "ifrit.v1.Masters/GetLoad",
                             [this, request, response](const Principal&) -> absl::Status {
                                 *response = m_parts.load.tell(loadWithin(request->within_ms()));
                                 return absl::OkStatus();
                             });
}

grpc::ServerUnaryReactor* MastersHandler::HoldFreeze(grpc::CallbackServerContext* context,
                                                     const v1::HoldFreezeRequest* request,
                                                     v1::HoldFreezeResponse*) {
    return m_parts.calls.runAtOnce(
        context, Lane::KillSwitchNotice, "ifrit.v1.Masters/HoldFreeze", *request, {},
        [this, request](const Principal&) -> absl::Status {
            const domain::FreezeMark mark = cache::fromWire(request->mark());
            if (mark.id.empty() || mark.by.empty()) {
                return base::invalidArgument("FREEZE_MARK", "mark",
                                             "a freeze says which it is and whose");
            }
            spdlog::warn("{} froze the cluster through another master: {}", mark.by, mark.reason);
            m_parts.freeze.hold(mark);
            m_parts.engine.settlePermits();
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* MastersHandler::LookAtFreezes(grpc::CallbackServerContext* context,
                                                        const v1::LookAtFreezesRequest*,
                                                        v1::LookAtFreezesResponse*) {
    return m_parts.calls.run(context, "ifrit.v1.Masters/LookAtFreezes",
                             [this](const Principal&) { return m_parts.freeze.lookNow(); });
}

}  // namespace ifrit::master::rpc
