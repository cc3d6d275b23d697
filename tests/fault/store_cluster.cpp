// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/store_cluster.h"

#include <csignal>

#include <QDeadlineTimer>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>

#include "master/app/master_files.h"
#include "master/app/open_stores.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/rpc/channel.h"
#include "tests/support/built_programs.h"
#include "tests/support/private_process.h"

namespace ifrit::tests {
namespace {

namespace v1 = ifrit::v1;
using std::chrono::milliseconds;

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

}  // namespace

PollingMachine::PollingMachine(std::string uuid, std::shared_ptr<grpc::Channel> channel)
    : m_uuid(std::move(uuid)), m_channel(std::move(channel)) {}

PollingMachine::Poll PollingMachine::sync(v1::SyncRequest& request) {
    request.set_held_generation(m_generation);
    request.set_held_etag(m_etag);
    v1::SyncResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));  // ifrit-agent's
    const auto begun = kClock.steadyNow();
    Poll out;
    out.status = v1::MachineLink::NewStub(m_channel)->Sync(&context, request, &response);
    out.took = std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - begun);
    if (!out.status.ok()) return out;
    if (response.changed()) {
        m_wentBack = m_wentBack || response.desired().generation() < m_generation;
        m_generation = response.desired().generation();
        m_etag = response.desired().etag();
    }
    m_wentBack = m_wentBack || response.acked_seq() < m_acked;
    m_acked = response.acked_seq();
    return out;
}

PollingMachine::Poll PollingMachine::poll() {
    v1::SyncRequest request;
    return sync(request);
}

PollingMachine::Poll PollingMachine::pollWithReport() {
    v1::SyncRequest request;
    v1::ReportDelta& report = *request.mutable_report();
    report.set_stream_id("stream");
    report.set_seq(m_acked + 1);
    report.set_full(m_acked == 0);
    v1::MachineEvent& event = *report.add_events();
    event.set_kind("test");
    event.set_message(eventOf(report.seq()));
    // Of today: old ones are removed by the master's housekeeping, which has its first round soon.
    event.set_at_ms(base::toUnixMillis(kClock.now()));
    return sync(request);
}

StoreCluster::StoreCluster() : m_directory(fastDirectory(QStringLiteral("ifrit-cluster"))) {
    m_server.socket = mariadb.socket();
    m_server.database = mariadb.newDatabase();
    m_server.user = PrivateMariadb::user();
    m_server.password = PrivateMariadb::password();
    ::setenv("IFRIT_STORE_PASSWORD", m_server.password.c_str(), 1);
    std::ofstream(path("master.toml"))
        << "listen = \"127.0.0.1:0\"\npoll_interval_ms = 30000\n[store]\nkind = "
           "\"mariadb\"\nsocket = \""
        << m_server.socket << "\"\ndatabase = \"" << m_server.database << "\"\nuser = \""
        << m_server.user << "\"\n[cache]\nkind = \"redis\"\nsocket = \"" << redis.socket()
        << "\"\n";
    run({"init", "--cluster", "faults", "--address", "127.0.0.1:7443", "--config",
         path("master.toml")});
    serve();
    master::storage::sql::SqlDatabase::Options options;
    options.server = m_server;
    m_database = orThrow(master::storage::sql::SqlDatabase::open(options, kClock));
}

StoreCluster::~StoreCluster() {
    if (m_master) m_master->end();
}

std::string StoreCluster::path(const char* name) const {
    return m_directory.filePath(QLatin1String(name)).toStdString();
}

std::string StoreCluster::run(const std::vector<std::string>& command) const {
    std::vector<std::string> all = {built("bin/ifrit-master")};
    all.insert(all.end(), command.begin(), command.end());
    all.insert(all.end(), {"--dir", path("master")});
    const std::string log = path("command.log");
    std::ofstream(log, std::ios::trunc).close();
    ChildProcess process(all, log);
    if (process.wait() != 0) throw std::runtime_error(command[0] + ": " + text(log));
    return text(log);
}

void StoreCluster::serve() {
    m_master = std::make_unique<ChildProcess>(
        std::vector<std::string>{built("bin/ifrit-master"), "serve", "--dir", path("master")},
        path("master.log"));
    const QDeadlineTimer deadline(60'000);
    while (address().empty() && !deadline.hasExpired() && !m_master->poll())
        std::this_thread::yield();
    if (address().empty()) throw std::runtime_error("no master: " + text(path("master.log")));
}

void StoreCluster::killMaster() {
    m_master->signal(SIGKILL);
    m_master->wait();
    ::unlink((path("master") + "/run/endpoint").c_str());
}

std::string StoreCluster::address() const {
    std::string out = text(path("master") + "/run/endpoint");
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

std::unique_ptr<PollingMachine> StoreCluster::enrol(const std::string& uuid) {
    std::string token = run({"join-token"});
    token.pop_back();
    const std::string key = orThrow(crypto::generatePrivateKey());
    v1::EnrolRequest request;
    request.set_join_token(token);
    request.set_csr_pem(orThrow(crypto::createCsr(key, uuid)));
    request.set_uuid(uuid);
    request.set_cluster("faults");
    request.mutable_facts()->set_machine_type("LINUX");
    v1::EnrolResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    const std::string ca = text(path("master") + "/ca.pem");
    const auto anonymous = rpc::makeChannel(address(), {ca, "", ""}, {});
    const grpc::Status status =
        v1::Enrolment::NewStub(anonymous)->Enrol(&context, request, &response);
    if (!status.ok()) throw std::runtime_error("enrol: " + status.error_message());
    return std::make_unique<PollingMachine>(
        uuid, rpc::makeChannel(address(), {ca, response.certificate_pem(), key}, {}));
}

std::uint64_t StoreCluster::change() {
    std::uint64_t generation = 0;
    const absl::Status status =
        m_database->transact([&](master::storage::Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(generation, t.desired().nextGeneration());
            master::release::DesiredEdit edit;
            edit.row.machineType = "LINUX";
            edit.row.entry.agent = "exporter";
            edit.row.entry.action = domain::DesiredAction::Uninstall;
            edit.row.entry.level = domain::Level::Full;
            edit.row.entry.timestamp = kClock.now();
            edit.row.entry.generation = generation;
            return t.desired().edit(edit);
        });
    if (!status.ok()) throw std::runtime_error("change: " + status.ToString());
    return generation;
}

absl::StatusOr<master::cache::CacheState> StoreCluster::cached() const {
    master::app::CacheConfig config;
    config.kind = master::app::CacheConfig::Kind::Redis;
    config.redis.socket = redis.socket();
    const auto ca = orThrow(master::app::MasterFiles(path("master")).readCa());
    return master::app::openCache("faults", config, ca.privateKeyPem)->read();
}

std::shared_ptr<grpc::Channel> StoreCluster::admin() const {
    const auto bundle = orThrow(bundle::readBundleFile(path("master") + "/admin.bundle"));
    return rpc::makeChannel(address(), {bundle.caPem, bundle.certificatePem, bundle.privateKeyPem},
                            {});
}

std::int64_t StoreCluster::staleSince() {
    const auto channel = admin();
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    v1::Cluster response;
    const grpc::Status status = v1::Clusters::NewStub(channel)->GetCluster(&context, {}, &response);
    return status.ok() ? response.stale_since_ms() : -1;
}

}  // namespace ifrit::tests
