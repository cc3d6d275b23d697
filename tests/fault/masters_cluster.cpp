// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/masters_cluster.h"

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>

#include <csignal>

#include <QDeadlineTimer>
#include <QTest>
#include <fstream>

#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {

void setMutation(v1::Mutation& mutation) {
    mutation.set_request_id(base::randomUuid());
    mutation.set_reason("test");
}

v1::ReleaseSpec specOf(const std::string& version) {
    v1::ReleaseSpec out;
    out.set_agent("exporter");
    out.set_action(v1::DESIRED_ACTION_INSTALL);
    out.set_version(version);
    out.add_machine_types("LINUX");
    out.set_machine_deadline_ms(600'000);
    out.set_auto_verify(true);
    return out;
}

bool drive(const std::vector<std::unique_ptr<ObeyingMachine>>& machines,
           const std::function<bool()>& until) {
    return QTest::qWaitFor(
        [&] {
            for (const auto& machine : machines)
                machine->step();
            return until();
        },
        60'000);
}

MastersCluster::MastersCluster(const QString& databaseDirectory, const std::string& cache,
                               std::chrono::milliseconds pollInterval)
    : RealServers(databaseDirectory),
      m_publisher(orThrow(crypto::SigningKey::generate())),
      m_masters{RealMaster(path("master0")), RealMaster(path("master1"))} {
    std::ofstream(path("master.toml"))
        << configuration("listen = \"127.0.0.1:0\"\nlease_ms = 2000\npoll_interval_ms = " +
                             std::to_string(pollInterval.count()) + "\n",
                         cache);
    run({"init", "--dir", m_masters[0].directory(), "--cluster", "faults", "--address",
         "127.0.0.1:7443", "--config", path("master.toml")});
    run({"add-master", "--dir", m_masters[0].directory(), "--address", "127.0.0.1:7444", "--out",
         m_masters[1].directory()});
    std::ofstream(path("publisher.pub.pem"))
        << orThrow(crypto::publicKeyToPem(m_publisher.publicKey()));
    run({"publisher-key", "add", "--dir", m_masters[1].directory(), "--name", "test",
         path("publisher.pub.pem")});
    serve(0);
    serve(1);
    m_database = openDatabase();
}

void MastersCluster::serve(std::size_t master) {
    // Whatever port is free; the others are told of it.
    m_masters[master].serve({"--listen", "127.0.0.1:0"});
}

master::storage::LeaseRecord MastersCluster::lease() {
    master::storage::LeaseRecord out;
    (void)m_database->read([&out](master::storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, in.masters().lease());
        return absl::OkStatus();
    });
    return out;
}

std::size_t MastersCluster::leader() {
    const std::string held = lease().address;
    for (std::size_t i = 0; i < kMasters; ++i) {
        if (!held.empty() && held == address(i)) return i;
    }
    return kMasters;
}

std::shared_ptr<grpc::Channel> MastersCluster::root(std::size_t master) const {
    return m_masters[master].admin(m_masters[0].directory());
}

std::unique_ptr<ObeyingMachine> MastersCluster::enrol(const std::string& uuid, std::size_t at) {
    std::string token = run({"join-token", "--dir", m_masters[0].directory()});
    token.pop_back();
    const rpc::TlsIdentity identity = m_masters[at].enrol(uuid, token, m_masters[0].ca());
    return std::make_unique<ObeyingMachine>(uuid, [this, identity] {
        return ObeyingMachine::Channels{rpc::makeChannel(address(0), identity, {}),
                                        rpc::makeChannel(address(1), identity, {})};
    });
}

grpc::Status MastersCluster::publish(std::size_t at, const std::string& version,
                                     const std::string& program) {
    const auto package = signedManifest("exporter", version, program, m_publisher);
    const std::string archive = archiveOf(program);
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    v1::PublishPackageResponse response;
    const auto channel = root(at);
    const auto stub = v1::Packages::NewStub(channel);
    const auto writer = stub->PublishPackage(&context, &response);
    v1::PublishPackageRequest message;
    message.mutable_begin()->set_manifest(package.bytes);
    message.mutable_begin()->set_signature(package.signature);
    message.mutable_begin()->set_key_id(package.keyId);
    setMutation(*message.mutable_begin()->mutable_mutation());
    bool open = writer->Write(message);
    for (std::size_t done = 0; open && done < archive.size(); done += 200'000) {
        v1::PublishPackageRequest chunk;
        chunk.set_chunk(archive.substr(done, 200'000));
        open = writer->Write(chunk);
    }
    writer->WritesDone();
    return writer->Finish();
}

v1::Release MastersCluster::start(std::size_t at, const v1::ReleaseSpec& spec) {
    const auto channel = root(at);
    const auto stub = v1::Releases::NewStub(channel);
    v1::CreateReleaseRequest create;
    *create.mutable_spec() = spec;
    setMutation(*create.mutable_mutation());
    v1::Release made;
    grpc::ClientContext creating;
    rpc::setDeadline(creating, std::chrono::seconds(20));
    orThrow(stub->CreateRelease(&creating, create, &made), "create");
    v1::PlanReleaseRequest planned;
    planned.set_release_id(made.id());
    v1::ReleasePlan plan;
    grpc::ClientContext planning;
    rpc::setDeadline(planning, std::chrono::seconds(20));
    orThrow(stub->PlanRelease(&planning, planned, &plan), "plan");
    v1::ActOnReleaseRequest start;
    start.set_release_id(made.id());
    start.set_verb(v1::RELEASE_VERB_START);
    start.set_plan_id(plan.plan_id());
    setMutation(*start.mutable_mutation());
    v1::Release started;
    grpc::ClientContext starting;
    rpc::setDeadline(starting, std::chrono::seconds(20));
    orThrow(stub->ActOnRelease(&starting, start, &started), "start");
    return started;
}

grpc::Status MastersCluster::act(std::size_t at, const std::string& id, v1::ReleaseVerb verb,
                                 std::chrono::milliseconds timeout) {
    const auto channel = root(at);
    v1::ActOnReleaseRequest request;
    request.set_release_id(id);
    request.set_verb(verb);
    setMutation(*request.mutable_mutation());
    v1::Release response;
    grpc::ClientContext context;
    rpc::setDeadline(context, timeout);
    return v1::Releases::NewStub(channel)->ActOnRelease(&context, request, &response);
}

grpc::Status MastersCluster::freeze(std::size_t at) {
    const auto channel = root(at);
    v1::FreezeClusterRequest request;
    setMutation(*request.mutable_mutation());
    v1::Cluster response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    return v1::Clusters::NewStub(channel)->FreezeCluster(&context, request, &response);
}

grpc::Status MastersCluster::unfreeze(std::size_t at) {
    const auto channel = root(at);
    v1::UnfreezeClusterRequest request;
    setMutation(*request.mutable_mutation());
    v1::Cluster response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    return v1::Clusters::NewStub(channel)->UnfreezeCluster(&context, request, &response);
}

v1::Release MastersCluster::show(std::size_t at, const std::string& id) {
    const auto channel = root(at);
    v1::GetReleaseRequest request;
    request.set_release_id(id);
    v1::Release response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    (void)v1::Releases::NewStub(channel)->GetRelease(&context, request, &response);
    return response;
}

std::vector<std::string> MastersCluster::timeline(std::size_t at, const std::string& id) {
    const auto channel = root(at);
    v1::ListReleaseTimelineRequest request;
    request.set_release_id(id);
    request.set_page_size(500);
    v1::ListReleaseTimelineResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    (void)v1::Releases::NewStub(channel)->ListReleaseTimeline(&context, request, &response);
    std::vector<std::string> out;
    for (const auto& entry : response.entries())
        out.push_back(entry.what());
    return out;
}

}  // namespace ifrit::tests
