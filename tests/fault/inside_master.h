// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "master/app/database_audit_log.h"
#include "master/app/database_identities.h"
#include "master/app/master_files.h"
#include "master/app/stores_config.h"
#include "master/auth/trust_desk.h"
#include "master/cache/memory_cache.h"
#include "master/rpc/server.h"
#include "master/storage/sql/sql_database.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::tests {

/// Calls that ended, by method and code, as the master's own meter saw them.
class CountedCalls final : public master::services::CallObserver {
public:
    void callEnded(std::string_view method, int code,
                   std::optional<std::chrono::nanoseconds> took) noexcept override;
    int total() const;
    /// Of all methods.
    int withCode(grpc::StatusCode code) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::map<int, int>> m_ended;
};

/// A whole master as `ifrit-master serve` puts it together, in this process: the real database in a
/// file or on a server, the real identities, the real server on a free port. Made by `init`. One
/// thread.
class InsideMaster {
public:
    struct Options {
        std::string cluster = "faults";
        std::size_t workers = 4;
        std::size_t workQueue = 1'000;
        std::size_t reportQueue = 20'000;
        std::chrono::milliseconds pollInterval{30'000};
        /// Where the database is, which is empty; nullopt: in a file.
        std::optional<master::storage::sql::MariadbServer> mariadb;
        /// Put between the services and the database.
        std::function<std::unique_ptr<master::storage::Database>(master::storage::Database&)>
            between;
    };
    InsideMaster() : InsideMaster(Options()) {}
    explicit InsideMaster(Options options);
    ~InsideMaster();

    std::string address() const;
    const std::string& cluster() const { return m_options.cluster; }
    const crypto::Credentials& ca() const { return m_ca; }
    const bundle::Bundle& adminBundle() const { return m_bundle; }
    const std::string& adminPassword() const { return m_password; }

    /// Empty `certificatePem`: nobody. The server is checked against this cluster's CA.
    std::shared_ptr<grpc::Channel> channel(const crypto::Credentials& client = {}) const;
    std::shared_ptr<grpc::Channel> admin() const;
    /// A certificate of this CA, unknown to the database.
    crypto::Credentials issue(crypto::Role role, const std::string& name) const;
    std::string joinToken(std::chrono::milliseconds ttl = std::chrono::hours(1),
                          const std::string& uuid = {}) const;
    /// Enrolled over the wire.
    crypto::Credentials enrol(const std::string& uuid, const std::string& machineType = "LINUX");
    /// Publishes it for LINUX as the admin; its manifest digest (hex).
    std::string publish(const std::string& version, const std::string& agent = "exporter");
    /// As `ifrit-master publisher-key add` did for the key that publish() signs with.
    const crypto::SigningKey& publisher() const { return m_publisher; }

    /// What a running master does every five seconds.
    void readRevocations();

    /// Every row of every table, as text; tables of `without` left out.
    std::map<std::string, std::string> content(const std::vector<std::string>& without = {}) const;
    /// The same, of the audit only what was written after row `audited`: it is the most of it all.
    std::map<std::string, std::string> contentSince(std::uint64_t audited) const;
    /// The newest row of the audit.
    std::uint64_t audited() const;
    /// Statements on the database, as somebody else would run them.
    void sql(const std::vector<std::string>& statements) const;

    master::storage::Database& database() { return *m_database; }
    master::rpc::Server& server() { return *m_server; }
    master::app::DatabaseIdentities& identities() { return m_identities; }
    CountedCalls calls;

private:
    class Statements;

    static master::app::StoreConfig storeOf(const Options& options);
    static master::app::MasterFiles init(const QTemporaryDir& directory, const Options& options,
                                         std::string& password);

    const QTemporaryDir m_directory;
    const Options m_options;
    std::string m_password;
    const master::app::MasterFiles m_files;
    const base::SystemClock m_clock{};
    const crypto::Credentials m_ca;
    const bundle::Bundle m_bundle;
    const crypto::SigningKey m_publisher;
    const std::unique_ptr<master::storage::sql::SqlDatabase> m_opened;
    const std::unique_ptr<Statements> m_statements;
    const std::unique_ptr<master::storage::Database> m_between;
    master::storage::Database* const m_database;
    master::audit::AuditTrail m_trail;
    const master::auth::CertificateAuthority m_authority;
    master::auth::Enrolment m_enrolment;
    master::auth::PasswordLogin m_logins;
    master::auth::Revocations m_revocations;
    master::auth::GrantBook m_grants;
    master::auth::Signer m_signer;
    master::app::DatabaseIdentities m_identities;
    master::app::DatabaseAuditLog m_auditLog;
    const master::auth::TrustDesk m_trust;
    master::cache::MemoryCache m_cache;
    std::unique_ptr<master::rpc::Server> m_server;
};

}  // namespace ifrit::tests
