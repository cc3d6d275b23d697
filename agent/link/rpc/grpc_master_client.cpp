// SPDX-License-Identifier: Apache-2.0
#include "agent/link/rpc/grpc_master_client.h"

#include <algorithm>

#include "agent/link/rpc/explained_status.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/machine_codec.h"
#include "shared/domain/link_times.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::agent::link {
namespace {

v1::ReportDelta toWire(const Report& report) {
    v1::ReportDelta out;
    out.set_seq(report.sequence);
    out.set_stream_id(report.streamId);
    out.set_full(report.full);
    if (report.facts) *out.mutable_facts() = codec::toWire(*report.facts);
    for (const domain::AgentReport& agent : report.agents)
        *out.add_agents() = codec::toWire(agent);
    for (const std::string& agent : report.removedAgents)
        out.add_removed_agents(agent);
    for (const domain::MachineEvent& event : report.events)
        *out.add_events() = codec::toWire(event);
    out.set_ifrit_cpu_centipercent(static_cast<std::uint32_t>(report.ifrit.cpuPercent * 100));
    out.set_ifrit_rss_bytes(report.ifrit.rssBytes);
    for (const LogTail& tail : report.logTails) {
        v1::LogTail* added = out.add_log_tails();
        added->set_request_id(tail.requestId);
        added->set_agent(tail.agent);
        added->set_text(tail.text);
    }
    for (const std::uint64_t id : report.obeyedClears)
        out.add_obeyed_clears(id);
    return out;
}

template <typename Message>
void stamp(const Presence& presence, Message& message) {
    if (presence.instance == 0) return;
    message.mutable_presence()->set_instance(presence.instance);
    message.mutable_presence()->set_moved(presence.moved);
}

/// Those of `clear_known_bad` that are not in `clears` have no id.
absl::StatusOr<std::vector<domain::KnownBadClear>> clearsFromWire(const v1::SyncResponse& in) {
    IFRIT_RETURN_IF_ERROR(codec::checkCount("clears", static_cast<std::size_t>(in.clears_size()),
                                            domain::kMaxKnownBadClears));
    IFRIT_RETURN_IF_ERROR(codec::checkCount("clear_known_bad",
                                            static_cast<std::size_t>(in.clear_known_bad_size()),
                                            domain::kMaxKnownBadClears));
    std::vector<domain::KnownBadClear> out;
    for (const v1::KnownBadClear& clear : in.clears()) {
        IFRIT_ASSIGN_OR_RETURN(std::string digest, codec::digestFromWire(clear.manifest_digest()));
        out.push_back({std::move(digest), clear.id()});
    }
    for (const std::string& bytes : in.clear_known_bad()) {
        IFRIT_ASSIGN_OR_RETURN(std::string digest, codec::digestFromWire(bytes));
        const bool isKnown = std::any_of(out.begin(), out.end(),
                                         [&](const auto& it) { return it.digest == digest; });
        if (!isKnown) out.push_back({std::move(digest), 0});
    }
    return out;
}

absl::StatusOr<SyncReply> fromWire(const v1::SyncResponse& response) {
    SyncReply reply;
    reply.changed = response.changed();
    if (reply.changed) {
        IFRIT_ASSIGN_OR_RETURN(reply.desired, codec::fromWire(response.desired()));
    }
    reply.nextPoll = std::chrono::milliseconds(response.next_poll_ms());
    reply.ackedSequence = response.acked_seq();
    reply.wantFullReport = response.want_full_report();
    if (response.now_ms() != 0) reply.masterTime = base::fromUnixMillis(response.now_ms());
    reply.disconnect = response.disconnect();
    IFRIT_ASSIGN_OR_RETURN(reply.clears, clearsFromWire(response));
    for (const v1::LogTailRequest& request : response.log_tail_requests()) {
        reply.logTails.push_back({request.request_id(), request.agent(), request.max_bytes()});
    }
    return reply;
}

}  // namespace

/// The context of one call, known to cancel() as long as the call runs.
class GrpcMasterClient::Call {
public:
    explicit Call(GrpcMasterClient& client) : m_client(client) {
        const absl::MutexLock lock(&m_client.m_mutex);
        m_client.m_calls.insert(&m_context);
        if (m_client.m_cancelled) m_context.TryCancel();
    }
    ~Call() {
        const absl::MutexLock lock(&m_client.m_mutex);
        m_client.m_calls.erase(&m_context);
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    grpc::ClientContext& context() { return m_context; }
    grpc::ClientContext& contextWithDeadline() {
        rpc::setDeadline(m_context, domain::kLongestCall);
        return m_context;
    }

private:
    GrpcMasterClient& m_client;
    grpc::ClientContext m_context;
};

GrpcMasterClient::GrpcMasterClient(std::shared_ptr<grpc::Channel> channel, std::string address,
                                   Presence presence)
    : m_address(std::move(address)),
      m_presence(presence),
      m_stub(v1::MachineLink::NewStub(channel)) {}

absl::StatusOr<SyncReply> GrpcMasterClient::sync(const SyncRequest& request) {
    v1::SyncRequest message;
    message.set_held_generation(request.heldGeneration);
    message.set_held_etag(request.heldEtag);
    *message.mutable_report() = toWire(request.report);
    stamp(m_presence, message);
    v1::SyncResponse response;
    Call call(*this);
    const grpc::Status status = m_stub->Sync(&call.contextWithDeadline(), message, &response);
    if (!status.ok()) return explainedStatus(status, m_address, domain::kLongestCall);
    return fromWire(response);
}

absl::StatusOr<PermitReply> GrpcMasterClient::requestPermit(const PermitRequest& request) {
    v1::PermitRequest message;
    message.set_agent(request.agent);
    message.set_release_id(request.releaseId);
    message.set_version(request.version);
    message.set_manifest_digest(codec::digestToWire(request.digest));
    stamp(m_presence, message);
    v1::PermitResponse response;
    Call call(*this);
    const grpc::Status status =
        m_stub->RequestPermit(&call.contextWithDeadline(), message, &response);
    if (!status.ok()) return rpc::fromGrpc(status);
    return PermitReply{response.granted(), std::chrono::milliseconds(response.valid_for_ms()),
                       response.reason(), response.message(),
                       std::chrono::milliseconds(response.retry_after_ms())};
}

absl::StatusOr<IssuedCertificate> GrpcMasterClient::renew(const std::string& csrPem) {
    v1::RenewCertificateRequest message;
    message.set_csr_pem(csrPem);
    stamp(m_presence, message);
    v1::RenewCertificateResponse response;
    Call call(*this);
    const grpc::Status status =
        m_stub->RenewCertificate(&call.contextWithDeadline(), message, &response);
    if (!status.ok()) return explainedStatus(status, m_address, domain::kLongestCall);
    return IssuedCertificate{response.certificate_pem(), response.ca_pem()};
}

absl::Status GrpcMasterClient::watch(std::uint64_t heldGeneration,
                                     const std::function<void(GenerationNotice)>& notice,
                                     WatchStop& stop) {
    v1::WatchGenerationRequest message;
    message.set_held_generation(heldGeneration);
    Call call(*this);
    stop.setEnd([&call] { call.context().TryCancel(); });
    const auto reader = m_stub->Watch(&call.context(), message);
    v1::GenerationNotice received;
    while (reader->Read(&received)) {
        notice({received.generation(), std::chrono::milliseconds(received.spread_ms())});
    }
    const grpc::Status status = reader->Finish();
    stop.setEnd(nullptr);
    return rpc::fromGrpc(status);
}

absl::StatusOr<package::ManifestOffer> GrpcMasterClient::manifest(const std::string& digest) {
    v1::GetManifestRequest message;
    message.set_manifest_digest(codec::digestToWire(digest));
    v1::GetManifestResponse response;
    Call call(*this);
    const grpc::Status status =
        m_stub->GetManifest(&call.contextWithDeadline(), message, &response);
    if (!status.ok()) return rpc::fromGrpc(status);
    return package::ManifestOffer{{response.manifest(), response.signature(), response.key_id()}};
}

absl::Status GrpcMasterClient::archive(const std::string& digest, std::uint64_t offset,
                                       std::chrono::milliseconds timeout, const ArchiveSink& sink) {
    v1::DownloadArchiveRequest message;
    message.set_manifest_digest(codec::digestToWire(digest));
    message.set_offset(offset);
    Call call(*this);
    rpc::setDeadline(call.context(), timeout);
    const auto reader = m_stub->DownloadArchive(&call.context(), message);
    v1::ArchiveChunk chunk;
    absl::Status sunk;
    while (sunk.ok() && reader->Read(&chunk)) {
        if (chunk.offset() != offset) {
            sunk = base::makeError(absl::StatusCode::kUnavailable, "DOWNLOAD_FAILED", digest,
                                   fmt::format("the master sent offset {} where {} was expected",
                                               chunk.offset(), offset));
            break;
        }
        offset += chunk.data().size();
        sunk = sink(chunk.data());
    }
    if (!sunk.ok()) call.context().TryCancel();
    const grpc::Status status = reader->Finish();
    return sunk.ok() ? rpc::fromGrpc(status) : sunk;
}

void GrpcMasterClient::cancel() {
    const absl::MutexLock lock(&m_mutex);
    m_cancelled = true;
    for (grpc::ClientContext* context : m_calls)
        context->TryCancel();
}

}  // namespace ifrit::agent::link
