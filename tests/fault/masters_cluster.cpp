// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/masters_cluster.h"

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>

#include <csignal>

#include <QDeadlineTimer>
#include <QTest>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/support/built_programs.h"
#include "tests/support/private_process.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {
namespace {

const base::SystemClock kClock;

std::string text(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

template <typename T>
T orThrow(absl::StatusOr<T> value) {
    if (!value.ok()) throw std::runtime_error(value.status().ToString());
    return *std::move(value);
}

void orThrow(const grpc::Status& status, const std::string& what) {
    if (!status.ok()) throw std::runtime_error(what + ": " + status.error_message());
}

void setMutation(v1::Mutation& mutation) {
    mutation.set_request_id(base::randomUuid());
    mutation.set_reason("test");
}

}  // namespace

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

MastersCluster::MastersCluster(const QString& databaseDirectory, const std::string& cache)
    : mariadb({}, databaseDirectory),
      m_directory(fastDirectory(QStringLiteral("ifrit-masters"))),
      m_publisher(orThrow(crypto::SigningKey::generate())) {
    m_server.socket = mariadb.socket();
    m_server.database = mariadb.newDatabase();
    m_server.user = PrivateMariadb::user();
    m_server.password = PrivateMariadb::password();
    ::setenv("IFRIT_STORE_PASSWORD", m_server.password.c_str(), 1);
    std::ofstream(path("master.toml"))
        << "listen = \"127.0.0.1:0\"\nlease_ms = 2000\npoll_interval_ms = 2000\n[store]\nkind = "
           "\"mariadb\"\nsocket = \""
        << m_server.socket << "\"\ndatabase = \"" << m_server.database << "\"\nuser = \""
        << m_server.user << "\"\n[cache]\nkind = \"redis\"\n"
        << (cache.empty() ? "socket = \"" + redis.socket() + "\"\n" : cache);
    run({"init", "--dir", directory(0), "--cluster", "faults", "--address", "127.0.0.1:7443",
         "--config", path("master.toml")});
    run({"add-master", "--dir", directory(0), "--address", "127.0.0.1:7444", "--out",
         directory(1)});
    std::ofstream(path("publisher.pub.pem"))
        << orThrow(crypto::publicKeyToPem(m_publisher.publicKey()));
    run({"publisher-key", "add", "--dir", directory(1), "--name", "test",
         path("publisher.pub.pem")});
    serve(0);
    serve(1);
    master::storage::sql::SqlDatabase::Options options;
    options.server = m_server;
    m_database = orThrow(master::storage::sql::SqlDatabase::open(options, kClock));
}

MastersCluster::~MastersCluster() {
    for (const auto& master : m_masters) {
        if (!master) continue;
        master->signal(SIGCONT);
        master->end();
    }
}

std::string MastersCluster::path(const std::string& name) const {
    return m_directory.filePath(QString::fromStdString(name)).toStdString();
}

std::string MastersCluster::directory(std::size_t master) const {
    return path("master" + std::to_string(master));
}

std::string MastersCluster::log(std::size_t master) const {
    return text(directory(master) + ".log");
}

std::string MastersCluster::run(const std::vector<std::string>& command) const {
    std::vector<std::string> all = {built("bin/ifrit-master")};
    all.insert(all.end(), command.begin(), command.end());
    const std::string file = path("command.log");
    std::ofstream(file, std::ios::trunc).close();
    ChildProcess process(all, file);
    if (process.wait() != 0) throw std::runtime_error(command[0] + ": " + text(file));
    return text(file);
}

void MastersCluster::serve(std::size_t master) {
    // Whatever port is free; the others are told of it.
    m_masters[master] = std::make_unique<ChildProcess>(
        std::vector<std::string>{built("bin/ifrit-master"), "serve", "--dir", directory(master),
                                 "--listen", "127.0.0.1:0"},
        directory(master) + ".log");
    const QDeadlineTimer deadline(60'000);
    while (address(master).empty() && !deadline.hasExpired() && !m_masters[master]->poll())
        std::this_thread::yield();
    if (address(master).empty()) throw std::runtime_error("no master: " + log(master));
}

void MastersCluster::killMaster(std::size_t master) {
    m_masters[master]->signal(SIGKILL);
    m_masters[master]->wait();
    ::unlink((directory(master) + "/run/endpoint").c_str());
}

std::string MastersCluster::address(std::size_t master) const {
    std::string out = text(directory(master) + "/run/endpoint");
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
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
    const auto bundle = orThrow(bundle::readBundleFile(directory(0) + "/admin.bundle"));
    return rpc::makeChannel(address(master),
                            {bundle.caPem, bundle.certificatePem, bundle.privateKeyPem}, {});
}

std::unique_ptr<ObeyingMachine> MastersCluster::enrol(const std::string& uuid, std::size_t at) {
    std::string token = run({"join-token", "--dir", directory(0)});
    token.pop_back();
    const std::string key = orThrow(crypto::generatePrivateKey());
    v1::EnrolRequest request;
    request.set_join_token(token);
    request.set_csr_pem(orThrow(crypto::createCsr(key, uuid)));
    request.set_uuid(uuid);
    request.mutable_facts()->set_machine_type("LINUX");
    v1::EnrolResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    const std::string ca = text(directory(0) + "/ca.pem");
    orThrow(v1::Enrolment::NewStub(rpc::makeChannel(address(at), {ca, "", ""}, {}))
                ->Enrol(&context, request, &response),
            "enrol");
    const rpc::TlsIdentity identity{ca, response.certificate_pem(), key};
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
