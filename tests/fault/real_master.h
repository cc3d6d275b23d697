// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "tests/fault/child_process.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_redis.h"

namespace ifrit::tests {

/// Empty where it is not there.
std::string textOf(const std::string& file);

template <typename T>
T orThrow(absl::StatusOr<T> value) {
    if (!value.ok()) throw std::runtime_error(value.status().ToString());
    return *std::move(value);
}
inline void orThrow(const grpc::Status& status, const std::string& what) {
    if (!status.ok()) throw std::runtime_error(what + ": " + status.error_message());
}

/// A real MariaDB and a real Redis, all of this test's own, and what masters on them need.
class RealServers {
public:
    /// `databaseDirectory`: on whose disk MariaDB is; empty: any.
    explicit RealServers(const QString& databaseDirectory = {});

    PrivateMariadb mariadb;
    PrivateRedis redis;

protected:
    /// Of a master on these: `top`, then [store] and [cache], whose lines say where a Redis is;
    /// empty: this one.
    std::string configuration(const std::string& top, const std::string& cache = {}) const;
    std::unique_ptr<master::storage::Database> openDatabase() const;
    const std::string& databaseName() const { return m_server.database; }
    std::string path(const std::string& name) const;
    /// What a command of ifrit-master says; throws when it fails.
    std::string run(const std::vector<std::string>& command) const;

private:
    const QTemporaryDir m_directory;
    master::storage::sql::MariadbServer m_server;
};

/// The real ifrit-master on a directory of its own.
class RealMaster {
public:
    explicit RealMaster(std::string directory) : m_directory(std::move(directory)) {}
    ~RealMaster();
    RealMaster(const RealMaster&) = delete;
    RealMaster& operator=(const RealMaster&) = delete;

    /// Until it answers at its address.
    void serve(const std::vector<std::string>& options = {});
    void kill();
    ChildProcess& process() { return *m_process; }

    const std::string& directory() const { return m_directory; }
    std::string address() const;
    std::string log() const { return textOf(m_directory + ".log"); }
    std::string ca() const { return textOf(m_directory + "/ca.pem"); }
    /// As a machine that joins by `token`; what it calls masters with from then on.
    rpc::TlsIdentity enrol(const std::string& uuid, const std::string& token,
                           const std::string& ca) const;
    /// As the first super admin, whose bundle is in that directory; new with each call.
    std::shared_ptr<grpc::Channel> admin(const std::string& bundleDirectory) const;

private:
    const std::string m_directory;
    std::unique_ptr<ChildProcess> m_process;
};

}  // namespace ifrit::tests
