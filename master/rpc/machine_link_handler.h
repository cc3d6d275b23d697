// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "master/compose/published_state.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/open_streams.h"
#include "master/rpc/peer_archives.h"
#include "master/services/call_observer.h"
#include "master/services/clone_watch.h"
#include "master/services/identities.h"
#include "master/services/log_tails.h"
#include "master/services/machine_arrival.h"
#include "master/services/package_service.h"
#include "master/services/release_engine.h"
#include "master/services/sync_service.h"

namespace ifrit::master::rpc {

/// How machines get their first certificate.
class EnrolmentHandler final : public v1::Enrolment::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::Identities& identities;
        services::MachineArrival& arrival;
    };
    explicit EnrolmentHandler(const Parts& parts) : m_parts(parts) {}

    grpc::ServerUnaryReactor* Enrol(grpc::CallbackServerContext* context,
                                    const v1::EnrolRequest* request,
                                    v1::EnrolResponse* response) override;

private:
    const Parts m_parts;
};

/// The line of every machine to its master. Sync runs on gRPC's own thread, since one without a
/// report blocks on nothing; all others use the worker pool.
class MachineLinkHandler final : public v1::MachineLink::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        Gatekeeper& gatekeeper;
        OpenStreams& streams;
        services::SyncService& sync;
        services::ReleaseEngine& engine;
        services::PackageService& packages;
        services::Identities& identities;
        services::Fleet& fleet;
        compose::PublishedState& published;
        services::CloneWatch& clones;
        services::LogTails& logTails;
        PeerArchives& peerArchives;
        const base::Clock& clock;
        const services::PollPace& pace;
        services::CallObserver* observer = nullptr;  ///< of polls; may be null
    };
    explicit MachineLinkHandler(const Parts& parts) : m_parts(parts) {}

    grpc::ServerUnaryReactor* Sync(grpc::CallbackServerContext* context,
                                   const v1::SyncRequest* request,
                                   v1::SyncResponse* response) override;
    grpc::ServerWriteReactor<v1::GenerationNotice>* Watch(
        grpc::CallbackServerContext* context, const v1::WatchGenerationRequest* request) override;
    grpc::ServerUnaryReactor* RequestPermit(grpc::CallbackServerContext* context,
                                            const v1::PermitRequest* request,
                                            v1::PermitResponse* response) override;
    grpc::ServerUnaryReactor* GetManifest(grpc::CallbackServerContext* context,
                                          const v1::GetManifestRequest* request,
                                          v1::GetManifestResponse* response) override;
    grpc::ServerWriteReactor<v1::ArchiveChunk>* DownloadArchive(
        grpc::CallbackServerContext* context, const v1::DownloadArchiveRequest* request) override;
    grpc::ServerUnaryReactor* RenewCertificate(grpc::CallbackServerContext* context,
                                               const v1::RenewCertificateRequest* request,
                                               v1::RenewCertificateResponse* response) override;

private:
    /// The package, when the caller's own desired state names it: a machine reads no others.
    absl::StatusOr<services::PackageRecord> desiredPackage(const std::string& uuid,
                                                           const std::string& digest);

    enum class Word { Poll, Other };
    /// Refuses a copied machine; the first time, that is audited.
    absl::Status refuseCopy(const Principal& caller, const v1::Presence& presence, Word word);

    const Parts m_parts;
};

}  // namespace ifrit::master::rpc
