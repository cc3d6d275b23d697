// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/publish_reactor.h"

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

PublishReactor::PublishReactor(CallRunner& calls, services::PackageService& packages,
                               grpc::CallbackServerContext* context,
                               v1::PublishPackageResponse* response)
    : m_calls(calls), m_packages(packages), m_context(context), m_response(response) {}

void PublishReactor::start() {
    const bool taken = m_calls.workers().submit(Lane::Operators, [this] {
        const absl::Status status = m_calls.admit(*m_context, kMethod, m_principal);
        if (status.ok())
            StartRead(&m_message);
        else
            Finish(ifrit::rpc::toGrpc(status));
    });
    if (!taken) Finish(ifrit::rpc::toGrpc(overloaded()));
}

void PublishReactor::OnReadDone(bool ok) {
    const bool taken = m_calls.workers().submitAdmitted(Lane::Operators, [this, ok] {
        if (ok)
            process();
        else
            end(m_context->IsCancelled() ? absl::CancelledError("the sender went away")
                                         : complete());
    });
    if (!taken) Finish(ifrit::rpc::toGrpc(absl::UnavailableError("the master is stopping")));
}

void PublishReactor::process() {
    const absl::Status status = take(m_message);
    if (!status.ok()) {
        end(status);
        return;
    }
    StartRead(&m_message);
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

absl::Status PublishReactor::begin(const v1::PublishPackageRequest::Begin& begin) {
    noteMutation(m_principal, begin.mutation());
    IFRIT_ASSIGN_OR_RETURN(m_caller, callerOf(m_principal, begin.mutation()));
    if (begin.manifest().size() > package::kMaxManifestBytes)
        return base::invalidArgument("PACKAGE_TOO_LARGE", "", "a manifest is at most 1 MiB");
    IFRIT_RETURN_IF_ERROR(codec::checkText("key_id", begin.key_id(), codec::kMaxShortTextBytes));
    const package::SignedManifest manifest{begin.manifest(), begin.signature(), begin.key_id()};
    IFRIT_ASSIGN_OR_RETURN(const services::PackageRecord record, m_packages.inspect(manifest));
    IFRIT_RETURN_IF_ERROR(m_calls.permit(
        m_principal, *findMethod(kMethod),
        {{"package.publish", record.agent, record.machineTypes}, record.manifestDigest}));
    IFRIT_ASSIGN_OR_RETURN(auto publish, m_packages.begin(m_caller, manifest, begin.offset()));
    m_publish.emplace(std::move(publish));
    return absl::OkStatus();
}

absl::Status PublishReactor::complete() {
    if (!m_publish)
        return base::invalidArgument("PUBLISH_ORDER", "", "the call ended before its `begin`");
    const bool existed = m_publish->existed;
    IFRIT_ASSIGN_OR_RETURN(const auto package, m_packages.finish(m_caller, *m_publish));
    *m_response->mutable_package() = toWire(package);
    m_response->set_existed(existed);
    return absl::OkStatus();
}

void PublishReactor::end(const absl::Status& status) {
    // The upload is let go first: who hears of the end may begin again at once.
    m_publish.reset();
    if (!status.ok()) m_calls.auditRefusal(m_principal, *findMethod(kMethod), status);
    Finish(ifrit::rpc::toGrpc(status));
}

}  // namespace ifrit::master::rpc
