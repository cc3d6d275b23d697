// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_link_handler.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "master/members/fence.h"
#include "master/rpc/archive_stream.h"
#include "master/rpc/call_meter.h"
#include "master/rpc/machine_codec.h"
#include "master/rpc/push_stream.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/codec/machine_codec.h"
#include "shared/domain/names.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::hours kLongestPermitPause{24};
/// All who watch poll within so much of the time in which they would have come by themselves.
constexpr int kSpreadPart = 10;

/// One notice for each newer generation; several that come while one is on its way are one.
class GenerationStream final : public PushStream<v1::GenerationNotice> {
public:
    GenerationStream(compose::PublishedState& published, services::LogTails& logTails,
                     std::uint64_t held, const services::PollPace& pace)
        : m_published(published), m_logTails(logTails), m_told(held), m_pace(pace) {}

    /// As listenFor(): strangers come and go without a trace.
    void subscribe(const std::weak_ptr<PushStream>& self) {
        m_subscription = m_published.subscribe([self](std::uint64_t) {
            if (const auto stream = self.lock()) stream->pump();
        });
    }
    /// Once it is known whose stream it is.
    void listenFor(const std::string& uuid, const std::weak_ptr<GenerationStream>& self) {
        m_listener = m_logTails.listen(uuid, [self] {
            const auto stream = self.lock();
            if (!stream) return;
            stream->m_isPoked = true;
            stream->pump();
        });
    }

protected:
    bool fill(v1::GenerationNotice& out) override {
        const std::uint64_t generation = m_published.generation();
        const bool isPoked = m_isPoked.exchange(false);
        if (generation <= m_told && !isPoked) return false;
        out.set_generation(std::max(generation, m_told));
        // Only this machine is asked to come: there is nothing to spread.
        const auto spread = m_pace.current() / kSpreadPart;
        out.set_spread_ms(isPoked ? 0 : static_cast<std::uint32_t>(spread.count()));
        m_told = std::max(generation, m_told);
        return true;
    }
    void closed() override {
        if (m_subscription != 0) m_published.unsubscribe(m_subscription);
        if (m_listener != 0) m_logTails.unlisten(m_listener);
    }

private:
    compose::PublishedState& m_published;
    services::LogTails& m_logTails;
    std::uint64_t m_told;
    const services::PollPace& m_pace;
    std::uint64_t m_subscription = 0;
    std::uint64_t m_listener = 0;
    std::atomic<bool> m_isPoked{false};
};

}  // namespace

grpc::ServerUnaryReactor* EnrolmentHandler::Enrol(grpc::CallbackServerContext* context,
                                                  const v1::EnrolRequest* request,
                                                  v1::EnrolResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Enrolment/Enrol",
        [this, request, response](const Principal& caller) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(request->uuid()));
            IFRIT_RETURN_IF_ERROR(
                codec::checkText("join_token", request->join_token(), codec::kMaxShortTextBytes));
            IFRIT_RETURN_IF_ERROR(
                codec::checkText("cluster", request->cluster(), domain::kMaxNameBytes));
            services::EnrolQuestion question;
            IFRIT_ASSIGN_OR_RETURN(question.facts,
                                   codec::fromWire(request->facts(), request->uuid()));
            question.joinToken = request->join_token();
            question.csrPem = request->csr_pem();
            question.cluster = request->cluster();
            question.address = caller.address;
            IFRIT_ASSIGN_OR_RETURN(const auto issued, m_parts.identities.enrol(question));
            IFRIT_RETURN_IF_ERROR(m_parts.arrival.take(question.facts));
            response->set_certificate_pem(issued.certificatePem);
            response->set_ca_pem(issued.caPem);
            response->set_cluster(issued.cluster);
            response->set_expires_ms(base::toUnixMillis(issued.expires));
            return absl::OkStatus();
        });
}

absl::Status MachineLinkHandler::refuseCopy(const Principal& caller, const v1::Presence& presence,
                                            Word word) {
    const auto verdict = m_parts.clones.admit(
        caller.name, {presence.instance(), presence.moved(), caller.address, word == Word::Poll},
        m_parts.clock.now());
    if (verdict.isNew) {
        // Where the pool is full it stays unaudited, but refused and in the copy's own log.
        m_parts.calls.workers().submit(Lane::Machines, [this, caller, status = verdict.status] {
            m_parts.calls.auditRefusal(caller, "machine.sync", status);
        });
    }
    return verdict.status;
}

grpc::ServerUnaryReactor* MachineLinkHandler::Sync(grpc::CallbackServerContext* context,
                                                   const v1::SyncRequest* request,
                                                   v1::SyncResponse* response) {
    const CallTimer timer(m_parts.observer, m_parts.clock);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto finish = [timer, reactor](const absl::Status& how) {
        const grpc::Status status = ifrit::rpc::toGrpc(how);
        timer.ended(status.error_code());
        reactor->Finish(status);
    };
    static const MethodRule* const kRule = findMethod(kMeasuredByHandler);
    Principal caller;
    absl::Status status = m_parts.gatekeeper.admit(*context, *kRule, caller);
    services::SyncQuestion question;
    if (status.ok()) status = refuseCopy(caller, request->presence(), Word::Poll);
    if (status.ok()) {
        question.uuid = caller.name;
        question.heldGeneration = request->held_generation();
        question.heldEtag = request->held_etag();
        if (request->has_report() && request->report().seq() != 0) {
            auto report = reportFromWire(request->report(), caller.name);
            status = report.status();
            if (report.ok()) {
                question.report = *std::move(report);
                // Before the report is stored: it is not part of what is kept.
                for (const v1::LogTail& tail : request->report().log_tails())
                    m_parts.logTails.answer(caller.name, tail.request_id(), tail.text());
            }
        }
    }
    if (!status.ok()) {
        finish(status);
        return reactor;
    }
    m_parts.sync.sync(std::move(question), [this, finish, response, uuid = caller.name](
                                               const absl::StatusOr<services::SyncAnswer>& answer) {
        if (answer.ok()) toWire(*answer, *response);
        response->set_disconnect(!m_parts.streams.mayHold(uuid));
        response->set_now_ms(base::toUnixMillis(m_parts.clock.now()));
        finish(answer.status());
    });
    return reactor;
}

grpc::ServerWriteReactor<v1::GenerationNotice>* MachineLinkHandler::Watch(
    grpc::CallbackServerContext* context, const v1::WatchGenerationRequest* request) {
    auto stream = std::make_shared<GenerationStream>(m_parts.published, m_parts.logTails,
                                                     request->held_generation(), m_parts.pace);
    Principal caller;
    static const MethodRule* const kRule = findMethod("ifrit.v1.MachineLink/Watch");
    absl::Status status = m_parts.gatekeeper.admit(*context, *kRule, caller);
    if (status.ok())
        status =
            m_parts.streams.add(caller, std::weak_ptr<Endable>(stream), OpenStreams::Use::Standing);
    if (status.ok()) {
        stream->subscribe(stream);
        stream->listenFor(caller.name, stream);
    }
    auto* reactor = GenerationStream::adopt(stream);
    status.ok() ? stream->open() : stream->end(status);
    return reactor;
}

grpc::ServerUnaryReactor* MachineLinkHandler::RequestPermit(grpc::CallbackServerContext* context,
                                                            const v1::PermitRequest* request,
                                                            v1::PermitResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.MachineLink/RequestPermit", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [this, request, response](const Principal& caller) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(refuseCopy(caller, request->presence(), Word::Other));
            release::PermitQuestion question;
            IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request->agent()));
            IFRIT_ASSIGN_OR_RETURN(question.digest,
                                   codec::digestFromWire(request->manifest_digest()));
            question.uuid = caller.name;
            question.agent = request->agent();
            question.releaseId = request->release_id();
            question.version = request->version();
            if (!m_parts.engine.leads()) return members::notLeader();
            const release::PermitAnswer answer = m_parts.engine.permit(question);
            response->set_granted(answer.granted);
            response->set_valid_for_ms(static_cast<std::uint32_t>(answer.validFor.count()));
            response->set_reason(answer.reason);
            response->set_message(answer.message);
            // A window may be weeks away, and rules may change meanwhile.
            response->set_retry_after_ms(static_cast<std::uint32_t>(
                std::min<std::chrono::milliseconds>(answer.retryAfter, kLongestPermitPause)
                    .count()));
            return absl::OkStatus();
        });
}

absl::StatusOr<services::PackageRecord> MachineLinkHandler::desiredPackage(
    const std::string& uuid, const std::string& digest) {
    const auto machine = m_parts.fleet.find(uuid);
    if (machine) {
        const auto snapshot = m_parts.published.current();
        const auto state =
            snapshot
                ->answerFor(uuid, machine->record->stored.facts.machineType, machine->record->batch)
                .state();
        const bool named = std::any_of(state.entries.begin(), state.entries.end(),
                                       [&](const auto& e) { return e.manifestDigest == digest; });
        if (named) return m_parts.packages.find(digest, {}, {}, {});
    }
    return base::notFound("PACKAGE_NOT_DESIRED", digest,
                          "this machine's desired state does not name package {}; sync first",
                          digest);
}

grpc::ServerUnaryReactor* MachineLinkHandler::GetManifest(grpc::CallbackServerContext* context,
                                                          const v1::GetManifestRequest* request,
                                                          v1::GetManifestResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.MachineLink/GetManifest",
        [this, request, response](const Principal& caller) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->manifest_digest()));
            IFRIT_ASSIGN_OR_RETURN(const auto package, desiredPackage(caller.name, digest));
            response->set_manifest(package.manifest);
            response->set_signature(package.signature);
            response->set_key_id(package.keyId);
            return absl::OkStatus();
        });
}

grpc::ServerWriteReactor<v1::ArchiveChunk>* MachineLinkHandler::DownloadArchive(
    grpc::CallbackServerContext* context, const v1::DownloadArchiveRequest* request) {
    auto stream =
        std::make_shared<ArchiveStream>(m_parts.packages.archives(), m_parts.calls.workers());
    auto* reactor = ArchiveStream::adopt(stream);
    // The request does not outlive this call.
    const auto begin = [this, context, stream, wanted = request->manifest_digest(),
                        offset = request->offset()]() -> absl::Status {
        Principal caller;
        IFRIT_RETURN_IF_ERROR(
            m_parts.calls.admit(*context, "ifrit.v1.MachineLink/DownloadArchive", caller));
        IFRIT_ASSIGN_OR_RETURN(const std::string digest, codec::digestFromWire(wanted));
        IFRIT_ASSIGN_OR_RETURN(const auto package, desiredPackage(caller.name, digest));
        if (offset > package.archiveBytes) {
            return base::invalidArgument("OFFSET_INVALID", digest, "the archive has {} bytes",
                                         package.archiveBytes);
        }
        IFRIT_RETURN_IF_ERROR(
            m_parts.streams.add(caller, std::weak_ptr<Endable>(stream), OpenStreams::Use::Passing));
        // Where another master took it in, it may have to be brought here first.
        m_parts.peerArchives.want(package.archiveDigest, package.archiveBytes,
                                  [stream, package, offset](const absl::Status& here) {
                                      if (here.ok())
                                          stream->begin(package.archiveDigest, package.archiveBytes,
                                                        offset);
                                      else
                                          stream->end(here);
                                  });
        return absl::OkStatus();
    };
    stream->admit(begin);
    return reactor;
}

grpc::ServerUnaryReactor* MachineLinkHandler::RenewCertificate(
    grpc::CallbackServerContext* context, const v1::RenewCertificateRequest* request,
    v1::RenewCertificateResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.MachineLink/RenewCertificate",
        [this, request, response](const Principal& caller) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(refuseCopy(caller, request->presence(), Word::Other));
            IFRIT_ASSIGN_OR_RETURN(const auto issued,
                                   m_parts.identities.renew({caller.name, caller.serialHex,
                                                             request->csr_pem(), caller.address}));
            response->set_certificate_pem(issued.certificatePem);
            response->set_ca_pem(issued.caPem);
            response->set_expires_ms(base::toUnixMillis(issued.expires));
            return absl::OkStatus();
        });
}

}  // namespace ifrit::master::rpc
