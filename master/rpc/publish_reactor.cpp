// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/publish_reactor.h"

#include <utility>

#include "master/rpc/packages_handler.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/package/limits.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::string_view kMethod = "ifrit.v1.Packages/PublishPackage";
constexpr std::size_t kMaxChunkBytes = 256 * 1024;

}  // namespace

PublishReactor* PublishReactor::start(const Parts& parts, grpc::CallbackServerContext* context,
                                      v1::PublishPackageResponse* response) {
    const std::shared_ptr<PublishReactor> reactor(new PublishReactor(parts, context, response));
    reactor->m_self = reactor;
    const bool taken = parts.calls.workers().submit(Lane::Operators, [reactor] {
        const absl::Status status = reactor->admit();
        if (status.ok())
            reactor->readNext();
        else
            reactor->finish(status);
    });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor.get();
}

absl::Status PublishReactor::admit() {
    m_isAudited = true;
    IFRIT_RETURN_IF_ERROR(m_parts.calls.admitStream(*m_context, kMethod, weak_from_this(),
                                                    OpenStreams::Use::Passing, m_principal));
    m_isAudited = false;
    m_parts.ticker.add(weak_from_this());
    return absl::OkStatus();
}

void PublishReactor::OnDone() {
    // Here the last owner may go.
    const auto self = std::move(m_self);
}

void PublishReactor::readNext() {
    // What is read may be worked on, and all be over, before this thread goes on.
    const auto self = shared_from_this();
    const std::uint64_t number = beginRead();
    if (number == 0) return finish(ending());
    // Outside of the lock: gRPC may call back at once, on this thread.
    StartRead(&m_message);
    if (isEndedInRead(number)) finish(ending());
}

std::uint64_t PublishReactor::beginRead() {
    const absl::MutexLock lock(&m_mutex);
    m_step = m_end ? Step::Ended : Step::BeginRead;
    m_readSince = m_parts.clock.steadyNow();
    return m_end ? 0 : ++m_reads;
}

bool PublishReactor::isEndedInRead(std::uint64_t number) {
    const absl::MutexLock lock(&m_mutex);
    // It came already, and the next one may have begun.
    if (m_step != Step::BeginRead || m_reads != number) return false;
    m_step = m_end ? Step::Ended : Step::Read;
    return m_step == Step::Ended;
}

absl::Status PublishReactor::ending() {
    const absl::MutexLock lock(&m_mutex);
    return m_end.value_or(absl::OkStatus());
}

void PublishReactor::OnReadDone(bool ok) {
    {
        const absl::MutexLock lock(&m_mutex);
        // It was ended while gRPC had the read.
        if (m_step == Step::Ended) return;
        m_step = Step::Work;
    }
    const bool taken = m_parts.calls.workers().submitAdmitted(
        Lane::Operators, [self = shared_from_this(), ok] { self->work(ok); });
    if (!taken) Finish(ifrit::rpc::toGrpc(absl::UnavailableError("the master is stopping")));
}

void PublishReactor::work(bool hasMessage) {
    absl::Status status = ending();
    if (status.ok() && hasMessage) {
        status = take(m_message);
        if (status.ok()) return readNext();
    } else if (status.ok()) {
        status =
            m_context->IsCancelled() ? absl::CancelledError("the sender went away") : complete();
    }
    finish(status);
}

void PublishReactor::end(const absl::Status& status) {
    {
        const absl::MutexLock lock(&m_mutex);
        if (m_end) return;
        m_end = status;
        // Whoever has it finds it.
        if (m_step != Step::Read) return;
        m_step = Step::Ended;
    }
    const bool taken = m_parts.calls.workers().submitAdmitted(
        Lane::Operators, [self = shared_from_this(), status] { self->finish(status); });
    if (!taken) Finish(ifrit::rpc::toGrpc(status));
}

void PublishReactor::tick() {
    {
        const absl::MutexLock lock(&m_mutex);
        const auto silence = m_parts.clock.steadyNow() - m_readSince;
        if (m_step != Step::Read || silence <= m_parts.mostSilence) return;
    }
    end(base::makeError(absl::StatusCode::kDeadlineExceeded, "UPLOAD_SILENT", "",
                        "nothing more of the package came for too long; publish it again, and it "
                        "goes on from there"));
}

absl::Status PublishReactor::take(const v1::PublishPackageRequest& message) {
    if (message.has_begin() != !m_publish.has_value()) {
        return base::invalidArgument("PUBLISH_ORDER", "",
                                     "the first message is `begin`, all others are chunks");
    }
    if (message.has_begin()) return begin(message.begin());
    if (message.chunk().size() > kMaxChunkBytes)
        return base::invalidArgument("CHUNK_TOO_LARGE", "", "a chunk is at most 256 KiB");
    // What is held already is not taken again; the sender may not know.
    if (!m_publish->upload) return absl::OkStatus();
    return m_publish->upload->write(message.chunk());
}

absl::Status PublishReactor::permit(const services::PackageRecord& record) {
    m_isAudited = true;
    IFRIT_RETURN_IF_ERROR(m_parts.calls.permit(
        m_principal, *findMethod(kMethod),
        {{"package.publish", record.agent, record.machineTypes}, record.manifestDigest}));
    m_isAudited = false;
    return absl::OkStatus();
}

absl::Status PublishReactor::begin(const v1::PublishPackageRequest::Begin& begin) {
    *m_said.mutable_mutation() = begin.mutation();
    m_said.mutable_mutation()->clear_password();
    noteMutation(m_principal, begin.mutation());
    IFRIT_ASSIGN_OR_RETURN(m_caller, callerOf(m_principal, begin.mutation()));
    if (begin.manifest().size() > package::kMaxManifestBytes)
        return base::invalidArgument("PACKAGE_TOO_LARGE", "", "a manifest is at most 1 MiB");
    IFRIT_RETURN_IF_ERROR(codec::checkText("key_id", begin.key_id(), codec::kMaxShortTextBytes));
    const package::SignedManifest manifest{begin.manifest(), begin.signature(), begin.key_id()};
    IFRIT_ASSIGN_OR_RETURN(const services::PackageRecord record,
                           m_parts.packages.inspect(manifest));
    IFRIT_RETURN_IF_ERROR(permit(record));
    IFRIT_ASSIGN_OR_RETURN(auto publish,
                           m_parts.packages.begin(m_caller, manifest, begin.offset()));
    m_publish.emplace(std::move(publish));
    return absl::OkStatus();
}

absl::Status PublishReactor::complete() {
    if (!m_publish)
        return base::invalidArgument("PUBLISH_ORDER", "", "the call ended before its `begin`");
    // Hours may have passed since the first message, which said why and by whom for them all.
    m_isAudited = true;
    m_principal = {};
    IFRIT_RETURN_IF_ERROR(m_parts.calls.admit(*m_context, kMethod, m_said, m_principal));
    IFRIT_RETURN_IF_ERROR(permit(m_publish->record));
    const bool existed = m_publish->existed;
    const bool wasMissing = existed && m_publish->hold != nullptr;
    IFRIT_ASSIGN_OR_RETURN(const auto package, m_parts.packages.finish(m_caller, *m_publish));
    *m_response->mutable_package() = toWire(package);
    m_response->set_existed(existed);
    m_response->set_archive_put_back(wasMissing);
    return absl::OkStatus();
}

void PublishReactor::finish(absl::Status status) {
    // The upload is let go first: who hears of the end may begin again at once.
    m_publish.reset();
    status = withRequestId(std::move(status), m_principal);
    if (!status.ok() && !m_isAudited)
        m_parts.calls.auditRefusal(m_principal, *findMethod(kMethod), status);
    Finish(ifrit::rpc::toGrpc(status));
}

}  // namespace ifrit::master::rpc
