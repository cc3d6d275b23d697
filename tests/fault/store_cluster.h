// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>
#include <ifrit/v1/machine_link.pb.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "master/cache/state_cache.h"
#include "master/storage/sql/sql_database.h"
#include "tests/fault/child_process.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_redis.h"

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
    static std::string eventOf(std::uint64_t seq) { return "event " + std::to_string(seq); }

private:
    Poll sync(ifrit::v1::SyncRequest& request);

    const std::string m_uuid;
    const std::shared_ptr<grpc::Channel> m_channel;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::uint64_t m_acked = 0;
    bool m_wentBack = false;
};

/// The real ifrit-master on a real MariaDB and a real Redis, all of this test's own.
class StoreCluster {
public:
    StoreCluster();
    ~StoreCluster();

    void serve();
    void killMaster();
    std::unique_ptr<PollingMachine> enrol(const std::string& uuid);

    /// Changes desired state in the database, as another master would; the new generation.
    std::uint64_t change();
    /// The cache as another master would read it.
    absl::StatusOr<master::cache::CacheState> cached() const;
    master::storage::Database& database() { return *m_database; }
    /// As the first super admin, by certificate.
    std::shared_ptr<grpc::Channel> admin() const;
    /// As an operator sees it; -1: no answer.
    std::int64_t staleSince();

    PrivateMariadb mariadb;
    PrivateRedis redis;

private:
    std::string path(const char* name) const;
    std::string run(const std::vector<std::string>& command) const;
    std::string address() const;

    const QTemporaryDir m_directory;
    master::storage::sql::MariadbServer m_server;
    std::unique_ptr<ChildProcess> m_master;
    std::unique_ptr<master::storage::Database> m_database;
};

}  // namespace ifrit::tests
