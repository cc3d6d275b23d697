// SPDX-License-Identifier: Apache-2.0
#include "tests/gui/support/fake_master.h"

#include <absl/time/clock.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <utility>

namespace ifrit::tests {
namespace {

constexpr auto kAtOnce = std::chrono::milliseconds(200);

}  // namespace

class GrpcMaster::Services final : public v1::Sessions::Service,
                                   public v1::Clusters::Service,
                                   public v1::Machines::Service,
                                   public v1::Events::Service,
                                   public v1::Packages::Service,
                                   public v1::Releases::Service,
                                   public v1::Access::Service {
public:
    explicit Services(const MasterScript& script) : m_script(script) {}

    int calls(const std::string& method) const {
        absl::MutexLock lock(&m_mutex);
        const auto found = m_calls.find(method);
        return found == m_calls.end() ? 0 : found->second;
    }

    grpc::Status Login(grpc::ServerContext*, const v1::LoginRequest* in,
                       v1::LoginResponse* out) override {
        count("Login");
        if (in->password() != "right") {
            return {grpc::StatusCode::UNAUTHENTICATED, "wrong name or password"};
        }
        out->set_token("token-of-" + in->user());
        out->set_user(in->user());
        return grpc::Status::OK;
    }
    grpc::Status WhoAmI(grpc::ServerContext* context, const v1::WhoAmIRequest*,
                        v1::WhoAmIResponse* out) override {
        count("WhoAmI");
        return m_script.whoAmI ? m_script.whoAmI(*context, out) : grpc::Status::OK;
    }
    grpc::Status GetCluster(grpc::ServerContext*, const v1::GetClusterRequest*,
                            v1::Cluster* out) override {
        count("GetCluster");
        return m_script.getCluster ? m_script.getCluster(out) : grpc::Status::OK;
    }
    grpc::Status FreezeCluster(grpc::ServerContext*, const v1::FreezeClusterRequest* in,
                               v1::Cluster* out) override {
        count("FreezeCluster");
        return m_script.freezeCluster ? m_script.freezeCluster(*in, out) : grpc::Status::OK;
    }
    grpc::Status ListMasterLoads(grpc::ServerContext* context, const v1::ListMasterLoadsRequest* in,
                                 v1::ListMasterLoadsResponse* out) override {
        count("ListMasterLoads");
        return m_script.listMasterLoads ? m_script.listMasterLoads(*in, out)
                                        : v1::Clusters::Service::ListMasterLoads(context, in, out);
    }
    grpc::Status GetMachine(grpc::ServerContext*, const v1::GetMachineRequest* in,
                            v1::Machine* out) override {
        count("GetMachine");
        out->set_uuid(in->uuid());
        return m_script.getMachine ? m_script.getMachine(*in, out) : grpc::Status::OK;
    }
    grpc::Status ClearKnownBad(grpc::ServerContext*, const v1::ClearKnownBadRequest* in,
                               v1::ClearKnownBadResponse* out) override {
        count("ClearKnownBad");
        return m_script.clearKnownBad ? m_script.clearKnownBad(*in, out) : grpc::Status::OK;
    }
    grpc::Status WatchMachines(grpc::ServerContext* context, const v1::WatchMachinesRequest* in,
                               grpc::ServerWriter<v1::WatchMachinesResponse>* out) override {
        count("WatchMachines");
        if (m_script.watchMachines) return m_script.watchMachines(*context, *in, out);
        holdOpen(*context);
        return grpc::Status::OK;
    }
    grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* in,
                             grpc::ServerWriter<v1::ClusterEvent>* out) override {
        count("WatchEvents");
        if (m_script.watchEvents) return m_script.watchEvents(*context, *in, out);
        v1::ClusterEvent heartbeat;
        heartbeat.set_kind(v1::ClusterEvent::KIND_HEARTBEAT);
        out->Write(heartbeat);
        holdOpen(*context);
        return grpc::Status::OK;
    }
    grpc::Status WatchRelease(grpc::ServerContext* context, const v1::WatchReleaseRequest*,
                              grpc::ServerWriter<v1::Release>* out) override {
        count("WatchRelease");
        return m_script.watchRelease ? m_script.watchRelease(*context, out) : grpc::Status::OK;
    }
    grpc::Status GetUpload(grpc::ServerContext*, const v1::GetUploadRequest* in,
                           v1::GetUploadResponse* out) override {
        count("GetUpload");
        return m_script.getUpload ? m_script.getUpload(*in, out) : grpc::Status::OK;
    }
    grpc::Status ListTokens(grpc::ServerContext*, const v1::ListTokensRequest* in,
                            v1::ListTokensResponse* out) override {
        count("ListTokens");
        return m_script.listTokens ? m_script.listTokens(*in, out) : grpc::Status::OK;
    }
    grpc::Status PublishPackage(grpc::ServerContext* context,
                                grpc::ServerReader<v1::PublishPackageRequest>* in,
                                v1::PublishPackageResponse* out) override {
        count("PublishPackage");
        return m_script.publish ? m_script.publish(*context, in, out) : grpc::Status::OK;
    }

private:
    void count(const std::string& method) {
        absl::MutexLock lock(&m_mutex);
        ++m_calls[method];
    }

    const MasterScript& m_script;
    mutable absl::Mutex m_mutex;
    std::map<std::string, int> m_calls;
};

GrpcMaster::GrpcMaster(rpc::TlsIdentity identity)
    : m_identity(std::move(identity)), m_services(std::make_unique<Services>(script)) {
    grpc::EnableDefaultHealthCheckService(true);
}

GrpcMaster::~GrpcMaster() {
    stop();
}

bool GrpcMaster::start() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(m_port),
                             rpc::makeServerCredentials(m_identity), &port);
    builder.RegisterService(static_cast<v1::Sessions::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Clusters::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Machines::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Events::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Packages::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Releases::Service*>(m_services.get()));
    builder.RegisterService(static_cast<v1::Access::Service*>(m_services.get()));
    m_server = builder.BuildAndStart();
    if (port != 0) m_port = port;
    return m_server != nullptr && port != 0;
}

void GrpcMaster::stop() {
    if (!m_server) return;
    m_server->Shutdown(std::chrono::system_clock::now() + kAtOnce);
    m_server->Wait();
    m_server.reset();
}

std::string GrpcMaster::address() const {
    return "127.0.0.1:" + std::to_string(m_port);
}

int GrpcMaster::calls(const std::string& method) const {
    return m_services->calls(method);
}

void holdOpen(const grpc::ServerContext& context) {
    // gRPC's synchronous server can only be asked, not waited for.
    while (!context.IsCancelled())
        absl::SleepFor(absl::Milliseconds(5));
}

}  // namespace ifrit::tests
