// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/own_load.h"
#include "master/services/archive_store.h"
#include "master/services/freeze_switch.h"
#include "master/services/log_tails.h"
#include "master/services/release_engine.h"

namespace ifrit::master::rpc {

/// What the other masters ask this one.
class MastersHandler final : public v1::Masters::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::ArchiveStore& archives;
        services::LogTails& logTails;
        const OwnLoad& load;
        services::FreezeSwitch& freeze;
        services::ReleaseEngine& engine;
        const base::Clock& clock;
    };
    explicit MastersHandler(const Parts& parts) : m_parts(parts) {}

    grpc::ServerWriteReactor<v1::ArchiveChunk>* FetchArchive(
        grpc::CallbackServerContext* context, const v1::FetchArchiveRequest* request) override;
    grpc::ServerUnaryReactor* AskLog(grpc::CallbackServerContext* context,
                                     const v1::AskLogRequest* request,
                                     v1::AskLogResponse* response) override;
    grpc::ServerUnaryReactor* GetLoad(grpc::CallbackServerContext* context,
                                      const v1::GetLoadRequest* request,
                                      v1::MasterLoad* response) override;
    grpc::ServerUnaryReactor* HoldFreeze(grpc::CallbackServerContext* context,
                                         const v1::HoldFreezeRequest* request,
                                         v1::HoldFreezeResponse* response) override;
    grpc::ServerUnaryReactor* LookAtFreezes(grpc::CallbackServerContext* context,
                                            const v1::LookAtFreezesRequest* request,
                                            v1::LookAtFreezesResponse* response) override;

private:
    const Parts m_parts;
};

}  // namespace ifrit::master::rpc
