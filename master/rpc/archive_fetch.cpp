// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/archive_fetch.h"

#include <chrono>

#include "ifrit/v1/masters.grpc.pb.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

/// At 1 MB/s or more; below that a machine asks one of the others with more luck.
constexpr std::chrono::seconds kLeastPatience{30};
constexpr std::uint64_t kLeastBytesPerSecond = 1'000'000;

}  // namespace

absl::Status fetchArchive(const std::shared_ptr<grpc::Channel>& other, const WantedArchive& wanted,
                          services::ArchiveStore& into, grpc::ClientContext& context) {
    IFRIT_ASSIGN_OR_RETURN(const auto held, into.progress(wanted.digest));
    IFRIT_ASSIGN_OR_RETURN(auto upload,
                           into.begin(wanted.digest, wanted.sizeBytes, held.committedBytes));
    v1::FetchArchiveRequest request;
    request.set_archive_digest(codec::digestToWire(wanted.digest));
    request.set_offset(held.committedBytes);
    request.set_size_bytes(wanted.sizeBytes);
    ifrit::rpc::setDeadline(
        context, kLeastPatience + std::chrono::seconds(wanted.sizeBytes / kLeastBytesPerSecond));
    const auto reader = v1::Masters::NewStub(other)->FetchArchive(&context, request);
    v1::ArchiveChunk chunk;
    absl::Status written;
    while (written.ok() && reader->Read(&chunk))
        written = upload->write(chunk.data());
    if (!written.ok()) context.TryCancel();
    const grpc::Status ended = reader->Finish();
    IFRIT_RETURN_IF_ERROR(written);
    IFRIT_RETURN_IF_ERROR(ifrit::rpc::fromGrpc(ended));
    return upload->finish(nullptr);
}

}  // namespace ifrit::master::rpc
