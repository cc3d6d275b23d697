// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <set>
#include <string>

#include "agent/link/master_client.h"
#include "ifrit/v1/machine_link.grpc.pb.h"

namespace ifrit::agent::link {

/// MasterClient over one gRPC channel. Messages are decoded and checked before they leave it.
class GrpcMasterClient final : public MasterClient {
public:
    /// `address` is that of the channel, for people.
    GrpcMasterClient(std::shared_ptr<grpc::Channel> channel, std::string address,
                     Presence presence = {});

    absl::StatusOr<SyncReply> sync(const SyncRequest& request) override;
    absl::StatusOr<PermitReply> requestPermit(const PermitRequest& request) override;
    absl::StatusOr<IssuedCertificate> renew(const std::string& csrPem) override;
    absl::Status watch(std::uint64_t heldGeneration,
                       const std::function<void(GenerationNotice)>& notice,
                       WatchStop& stop) override;
    absl::StatusOr<package::ManifestOffer> manifest(const std::string& digest) override;
    absl::Status archive(const std::string& digest, std::uint64_t offset,
                         std::chrono::milliseconds timeout, const ArchiveSink& sink) override;
    void cancel() override ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    class Call;

    const std::string m_address;
    const Presence m_presence;
    std::unique_ptr<v1::MachineLink::Stub> m_stub;
    absl::Mutex m_mutex;
    bool m_cancelled ABSL_GUARDED_BY(m_mutex) = false;
    std::set<grpc::ClientContext*> m_calls ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::link
