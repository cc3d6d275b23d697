// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "shared/rpc/channel.h"

namespace ifrit::tests {

/// What the test lets the fake master say; each handler runs on gRPC's threads. Unset: the reply is
/// OK and empty, streams send one heartbeat and stay open.
struct MasterScript {
    using Context = grpc::ServerContext;
    std::function<grpc::Status(Context&, v1::WhoAmIResponse*)> whoAmI;
    std::function<grpc::Status(const v1::GetMachineRequest&, v1::Machine*)> getMachine;
    std::function<grpc::Status(v1::Cluster*)> getCluster;
    std::function<grpc::Status(const v1::FreezeClusterRequest&, v1::Cluster*)> freezeCluster;
    /// Unset: as a master that is too old to tell.
    std::function<grpc::Status(const v1::ListMasterLoadsRequest&, v1::ListMasterLoadsResponse*)>
        listMasterLoads;
    std::function<grpc::Status(const v1::ClearKnownBadRequest&, v1::ClearKnownBadResponse*)>
        clearKnownBad;
    std::function<grpc::Status(Context&, const v1::WatchMachinesRequest&,
                               grpc::ServerWriter<v1::WatchMachinesResponse>*)>
        watchMachines;
    std::function<grpc::Status(Context&, const v1::WatchEventsRequest&,
                               grpc::ServerWriter<v1::ClusterEvent>*)>
        watchEvents;
    std::function<grpc::Status(Context&, grpc::ServerWriter<v1::Release>*)> watchRelease;
    std::function<grpc::Status(const v1::GetUploadRequest&, v1::GetUploadResponse*)> getUpload;
    std::function<grpc::Status(const v1::ListTokensRequest&, v1::ListTokensResponse*)> listTokens;
    std::function<grpc::Status(Context&, grpc::ServerReader<v1::PublishPackageRequest>*,
                               v1::PublishPackageResponse*)>
        publish;
};

/// A master in this process, over real TLS, on a port that the system chose; can die and come back
/// on the same port.
class GrpcMaster {
public:
    explicit GrpcMaster(rpc::TlsIdentity identity);
    ~GrpcMaster();

    /// Set before start(). Its functions may run until the master is stopped, also for a caller who
    /// has gone: what they look at is declared before the master.
    MasterScript script;
    /// False when the port is taken meanwhile.
    bool start();
    /// Ends all calls at once.
    void stop();
    std::string address() const;
    int port() const { return m_port; }
    /// Calls seen so far, by method.
    int calls(const std::string& method) const;

private:
    class Services;
    rpc::TlsIdentity m_identity;
    int m_port = 0;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<grpc::Server> m_server;
};

/// Keeps a stream open until the client or the server ends it.
void holdOpen(const grpc::ServerContext& context);

}  // namespace ifrit::tests
