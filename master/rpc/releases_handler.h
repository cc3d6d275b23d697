// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/releases.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/ticker.h"
#include "master/services/release_engine.h"

namespace ifrit::master::rpc {

class ReleasesHandler final : public v1::Releases::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::ReleaseEngine& engine;
        const services::Fleet& fleet;
        storage::Database& database;
        Ticker& ticker;
        const base::Clock& clock;
    };
    explicit ReleasesHandler(const Parts& parts) : m_parts(parts) {}

    grpc::ServerUnaryReactor* CreateRelease(grpc::CallbackServerContext* context,
                                            const v1::CreateReleaseRequest* request,
                                            v1::Release* response) override;
    grpc::ServerUnaryReactor* PlanRelease(grpc::CallbackServerContext* context,
                                          const v1::PlanReleaseRequest* request,
                                          v1::ReleasePlan* response) override;
    grpc::ServerUnaryReactor* ActOnRelease(grpc::CallbackServerContext* context,
                                           const v1::ActOnReleaseRequest* request,
                                           v1::Release* response) override;
    grpc::ServerUnaryReactor* GetRelease(grpc::CallbackServerContext* context,
                                         const v1::GetReleaseRequest* request,
                                         v1::Release* response) override;
    grpc::ServerUnaryReactor* ListReleases(grpc::CallbackServerContext* context,
                                           const v1::ListReleasesRequest* request,
                                           v1::ListReleasesResponse* response) override;
    grpc::ServerUnaryReactor* ListReleaseMachines(
        grpc::CallbackServerContext* context, const v1::ListReleaseMachinesRequest* request,
        v1::ListReleaseMachinesResponse* response) override;
    grpc::ServerUnaryReactor* ListReleaseTimeline(
        grpc::CallbackServerContext* context, const v1::ListReleaseTimelineRequest* request,
        v1::ListReleaseTimelineResponse* response) override;
    grpc::ServerWriteReactor<v1::Release>* WatchRelease(
        grpc::CallbackServerContext* context, const v1::WatchReleaseRequest* request) override;

private:
    const Parts m_parts;
};

}  // namespace ifrit::master::rpc
