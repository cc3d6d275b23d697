// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "ifrit/v1/packages.pb.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/push_stream.h"
#include "master/rpc/ticker.h"
#include "master/services/package_service.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// One PublishPackage call: `begin`, then chunks. Each message is worked on by the worker pool and
/// the next one is read after it, so that a fast sender waits. It ends when its caller would not be
/// let in any more, and when nothing comes: an upload keeps others from its archive. Owns itself,
/// until gRPC is done with it.
class PublishReactor final : public grpc::ServerReadReactor<v1::PublishPackageRequest>,
                             public Ticked,
                             public Endable,
                             public std::enable_shared_from_this<PublishReactor> {
public:
    struct Parts {
        CallRunner& calls;
        services::PackageService& packages;
        Ticker& ticker;
        const base::Clock& clock;
        std::chrono::milliseconds mostSilence;  ///< between two messages
    };
    static PublishReactor* start(const Parts& parts, grpc::CallbackServerContext* context,
                                 v1::PublishPackageResponse* response);

    void OnReadDone(bool ok) override;
    void OnDone() override;
    void tick() override;
    /// After the message that is worked on.
    void end(const absl::Status& status) override;

private:
    enum class Step {
        Work,       ///< a worker has it
        BeginRead,  ///< a worker is about to hand it to gRPC
        Read,       ///< gRPC has it
        Ended
    };

    PublishReactor(const Parts& parts, grpc::CallbackServerContext* context,
                   v1::PublishPackageResponse* response)
        : m_parts(parts), m_context(context), m_response(response) {}

    absl::Status admit();
    void readNext();
    /// The number of the read; 0: it was ended, and the caller has to finish it.
    std::uint64_t beginRead();
    /// gRPC has the read. True: it was ended meanwhile, and the caller has to finish it.
    bool isEndedInRead(std::uint64_t number);
    /// OK: nobody ended it.
    absl::Status ending();
    void work(bool hasMessage);
    absl::Status begin(const v1::PublishPackageRequest::Begin& begin);
    absl::Status take(const v1::PublishPackageRequest& message);
    absl::Status complete();
    /// Whether the caller's grants cover the package.
    absl::Status permit(const services::PackageRecord& record);
    void finish(absl::Status status);

    const Parts m_parts;
    grpc::CallbackServerContext* const m_context;
    v1::PublishPackageResponse* const m_response;
    std::shared_ptr<PublishReactor> m_self;
    // Of whoever has it by m_step.
    v1::PublishPackageRequest m_message;
    Principal m_principal;
    services::Caller m_caller;
    v1::PublishPackageRequest::Begin m_said;  ///< its mutation alone
    std::optional<services::PackageService::Publish> m_publish;
    bool m_isAudited = false;  ///< that it was refused

    absl::Mutex m_mutex;
    Step m_step ABSL_GUARDED_BY(m_mutex) = Step::Work;
    std::uint64_t m_reads ABSL_GUARDED_BY(m_mutex) = 0;
    base::SteadyTime m_readSince ABSL_GUARDED_BY(m_mutex){};
    std::optional<absl::Status> m_end ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::rpc
