// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/package_upload.h"

#include <grpcpp/support/client_callback.h>

#include <thread>
#include <utility>

#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;  // the contract's limit
constexpr std::chrono::milliseconds kProgressInterval{100};

using Packages = v1::Packages::StubInterface::async_interface;

}  // namespace

/// The stream itself: gRPC's threads read the file chunk by chunk as the master takes them.
class PackageWriter final : public grpc::ClientWriteReactor<v1::PublishPackageRequest> {
public:
    using Done = std::function<void(absl::StatusOr<services::PublishResult>)>;

    PackageWriter(std::shared_ptr<GuiHop> hop, std::shared_ptr<Outstanding> outstanding,
                  std::shared_ptr<PackageSource> source, Done done)
        : m_hop(std::move(hop)),
          m_outstanding(std::move(outstanding)),
          m_source(std::move(source)),
          m_done(std::move(done)) {}

    grpc::ClientContext& context() { return m_context; }
    /// Bytes that the master has. Any thread.
    std::uint64_t sentBytes() const { return m_offset; }

    void start(const std::shared_ptr<PackageWriter>& self,
               const std::shared_ptr<MasterStubs>& stubs, v1::PublishPackageRequest begin) {
        m_self = self;
        m_stubs = stubs;
        m_outstanding->begin();
        m_offset = begin.begin().offset();
        m_message = std::move(begin);
        stubs->packages->async()->PublishPackage(&m_context, &m_response, this);
        StartWrite(&m_message);
        StartCall();
    }

    void OnWriteDone(bool ok) override {
        if (!ok) return;  // OnDone says why
        m_offset += m_message.has_begin() ? 0 : m_message.chunk().size();
        if (m_offset >= m_source->archiveBytes) {
            StartWritesDone();
            return;
        }
        absl::StatusOr<std::string> chunk = m_source->read(m_offset, kChunkBytes);
        if (chunk.ok() && chunk->empty()) {
            chunk = base::makeError(absl::StatusCode::kDataLoss, "PACKAGE_CHANGED", "",
                                    "the package file became shorter while it was read");
        }
        if (!chunk.ok()) {
            m_readError = chunk.status();
            m_context.TryCancel();
            return;
        }
        m_message.set_chunk(*std::move(chunk));
        StartWrite(&m_message);
    }

    void OnDone(const grpc::Status& status) override {
        absl::StatusOr<services::PublishResult> result = services::PublishResult();
        if (!m_readError.ok()) {
            result = m_readError;
        } else if (!status.ok()) {
            result = ifrit::rpc::fromGrpc(status);
        } else {
            result = services::PublishResult{decode(m_response.package()), m_response.existed(),
                                             m_response.archive_put_back()};
        }
        // `this` may be gone after post().
        const std::shared_ptr<GuiHop> hop = m_hop;
        const std::shared_ptr<Outstanding> outstanding = m_outstanding;
        hop->post([self = std::move(m_self), result] { self->m_done(result); });
        outstanding->end();
    }

private:
    std::shared_ptr<GuiHop> m_hop;
    std::shared_ptr<Outstanding> m_outstanding;
    std::shared_ptr<PackageSource> m_source;
    Done m_done;
    grpc::ClientContext m_context;
    std::shared_ptr<MasterStubs> m_stubs;
    v1::PublishPackageRequest m_message;
    v1::PublishPackageResponse m_response;
    std::atomic<std::uint64_t> m_offset{0};
    absl::Status m_readError;
    std::shared_ptr<PackageWriter> m_self;
};

void PackageUpload::start(OnProgress onProgress, services::Reply<services::PublishResult> reply) {
    m_onProgress = std::move(onProgress);
    m_reply = std::move(reply);
    m_core.registry.add(shared_from_this());
    if (absl::Status allowed = m_core.mayChange(); !allowed.ok()) {
        m_core.hop->post([self = shared_from_this(), allowed] { self->finish(allowed); });
        return;
    }
    // Not joined: reading a large file cannot be interrupted, and the thread touches only what it
    // owns.
    std::thread([open = m_open, path = m_request.path, hop = m_core.hop, weak = weak_from_this()] {
        auto source = std::make_shared<absl::StatusOr<PackageSource>>(open(path));
        hop->post([weak, source] {
            if (const auto self = weak.lock()) self->opened(std::move(*source));
        });
    }).detach();
}

void PackageUpload::cancel() {
    const auto self = shared_from_this();
    m_reply = nullptr;
    m_onProgress = nullptr;
    m_call.cancel();
    if (m_writer) m_writer->context().TryCancel();
    m_core.registry.remove(self);
}

void PackageUpload::opened(absl::StatusOr<PackageSource> source) {
    if (!m_reply) return;
    if (!source.ok()) {
        finish(source.status());
        return;
    }
    m_source = std::make_shared<PackageSource>(*std::move(source));
    m_progress.totalBytes = m_source->archiveBytes;
    m_progress.phase = services::PublishProgress::Phase::Uploading;
    v1::GetUploadRequest request;
    request.set_archive_digest(codec::digestToWire(m_source->archiveDigest));
    m_call = startUnary<std::uint64_t>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::packages, &Packages::GetUpload,
        std::move(request), [](v1::GetUploadResponse&& in) { return in.committed_bytes(); },
        services::Reply<std::uint64_t>([this](const absl::StatusOr<std::uint64_t>& committed) {
            if (committed.ok()) {
                upload(std::min(*committed, m_source->archiveBytes));
            } else {
                finish(committed.status());
            }
        }));
}

void PackageUpload::upload(std::uint64_t offset) {
    v1::PublishPackageRequest begin;
    *begin.mutable_begin()->mutable_mutation() = m_core.toWire(m_request.mutation);
    begin.mutable_begin()->set_manifest(m_source->manifest);
    begin.mutable_begin()->set_signature(m_source->signature);
    begin.mutable_begin()->set_key_id(m_source->keyId);
    begin.mutable_begin()->set_offset(offset);
    const std::shared_ptr<MasterStubs> stubs = m_core.masters.current();
    m_writer = std::make_shared<PackageWriter>(
        m_core.hop, m_core.outstanding, m_source,
        [weak = weak_from_this(), address = stubs->address,
         deadline = m_core.profile.deadline](absl::StatusOr<services::PublishResult> result) {
            const auto self = weak.lock();
            if (!self) return;
            if (!result.ok()) result = explainFailure(result.status(), address, deadline);
            self->finish(std::move(result));
        });
    m_core.authorize(m_writer->context());
    m_writer->start(m_writer, stubs, std::move(begin));
    tellProgress();
}

void PackageUpload::tellProgress() {
    if (!m_reply || !m_onProgress) return;
    m_progress.doneBytes = m_writer->sentBytes();
    if (m_progress.doneBytes >= m_progress.totalBytes) {
        m_progress.phase = services::PublishProgress::Phase::Finishing;
    }
    m_core.hop->postAfter(kProgressInterval, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->tellProgress();
    });
    const OnProgress onProgress = m_onProgress;
    onProgress(m_progress);
}

void PackageUpload::finish(absl::StatusOr<services::PublishResult> result) {
    const auto self = shared_from_this();
    if (const auto reply = std::exchange(m_reply, nullptr)) {
        m_core.registry.remove(self);
        reply(std::move(result));
    }
}

}  // namespace ifrit::gui::rpc
