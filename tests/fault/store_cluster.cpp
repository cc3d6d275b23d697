// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/store_cluster.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>

#include "master/app/master_files.h"
#include "master/app/open_stores.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "tests/fault/numbered_report.h"

namespace ifrit::tests {
namespace {

namespace v1 = ifrit::v1;
using std::chrono::milliseconds;

const base::SystemClock kClock;

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
    *request.mutable_report() = reportAfter(m_acked);
    return sync(request);
}

StoreCluster::StoreCluster() {
    std::ofstream(path("master.toml"))
        << configuration("listen = \"127.0.0.1:0\"\npoll_interval_ms = 30000\n");
    run({"init", "--dir", m_master.directory(), "--cluster", "faults", "--address",
         "127.0.0.1:7443", "--config", path("master.toml")});
    serve();
    m_database = openDatabase();
}

void StoreCluster::serveWith(const std::string& lines) {
    const std::string config = m_master.directory() + "/master.toml";
    const std::string before = textOf(config);
    std::ofstream(config, std::ios::trunc) << lines << before;
    killMaster();
    serve();
}

std::unique_ptr<PollingMachine> StoreCluster::enrol(const std::string& uuid) {
    return std::make_unique<PollingMachine>(uuid, join(uuid));
}

std::string StoreCluster::joinToken() {
    // Some at once: each run of the command costs more than what they are for.
    if (m_tokens.empty()) {
        std::istringstream lines(
            run({"join-token", "--dir", m_master.directory(), "--count", "16"}));
        for (std::string line; std::getline(lines, line);)
            m_tokens.push_back(line);
    }
    if (m_tokens.empty()) throw std::runtime_error("no join token");
    std::string out = m_tokens.back();
    m_tokens.pop_back();
    return out;
}

std::shared_ptr<grpc::Channel> StoreCluster::join(const std::string& uuid) {
    return rpc::makeChannel(m_master.address(), m_master.enrol(uuid, joinToken(), m_master.ca()),
                            {});
}

void StoreCluster::sql(const std::string& statement) {
    std::string whole = statement;
    const std::size_t at = whole.find("{}");
    if (at != std::string::npos) whole.replace(at, 2, databaseName());
    mariadb.run(whole);
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
    const auto ca = orThrow(master::app::MasterFiles(m_master.directory()).readCa());
    return master::app::openCache("faults", config, ca.privateKeyPem)->read();
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
