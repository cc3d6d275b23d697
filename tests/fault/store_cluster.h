// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>
#include <ifrit/v1/machine_link.pb.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "master/cache/state_cache.h"
#include "tests/fault/real_master.h"

namespace ifrit::tests {

/// A machine as its agent polls, without the agent. One thread.
class PollingMachine {
public:
    struct Poll {
        grpc::Status status;
        std::chrono::milliseconds took{};
    };

    PollingMachine(std::string uuid, std::shared_ptr<grpc::Channel> channel);

    Poll poll();
    /// With a report of one event, until which nothing else is sent: `Agent` sends a report that
    /// was not acknowledged again.
    Poll pollWithReport();

    std::uint64_t generation() const { return m_generation; }
    bool wentBack() const { return m_wentBack; }
    std::uint64_t acked() const { return m_acked; }

private:
    Poll sync(ifrit::v1::SyncRequest& request);

    const std::string m_uuid;
    const std::shared_ptr<grpc::Channel> m_channel;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::uint64_t m_acked = 0;
    bool m_wentBack = false;
};

/// The real ifrit-master on real servers.
class StoreCluster : public RealServers {
public:
    StoreCluster();

    void serve() { m_master.serve(); }
    void killMaster() { m_master.kill(); }
    /// Kills it, and serves with these lines on top of its configuration.
    void serveWith(const std::string& lines);
    /// Enrols a machine; as that.
    std::shared_ptr<grpc::Channel> join(const std::string& uuid);
    std::unique_ptr<PollingMachine> enrol(const std::string& uuid);

    /// Changes desired state in the database, as another master would; the new generation.
    std::uint64_t change();
    /// A statement on the database as its administrator; "{}" is its name.
    void sql(const std::string& statement);
    /// The cache as another master would read it.
    absl::StatusOr<master::cache::CacheState> cached() const;
    master::storage::Database& database() { return *m_database; }
    /// As the first super admin, by certificate.
    std::shared_ptr<grpc::Channel> admin() const { return m_master.admin(m_master.directory()); }
    /// As an operator sees it; -1: no answer.
    std::int64_t staleSince();

private:
    std::string joinToken();

    RealMaster m_master{path("master")};
    std::vector<std::string> m_tokens;  ///< not used yet
    std::unique_ptr<master::storage::Database> m_database;
};

}  // namespace ifrit::tests
