// SPDX-License-Identifier: Apache-2.0
#include "master/app/serve.h"

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "master/app/database_audit_log.h"
#include "master/app/database_identities.h"
#include "master/app/directory_lock.h"
#include "master/app/housekeeping.h"
#include "master/app/open_stores.h"
#include "master/app/stop_signal.h"
#include "master/rpc/server.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr std::chrono::hours kTidyInterval{1};

/// Calls refresh() every few seconds, since the command line may have revoked, and tidy() hourly.
class RevocationWatch {
public:
    RevocationWatch(auth::Revocations& revocations, DatabaseIdentities& identities,
                    storage::Database& database, const base::Clock& clock)
        : m_revocations(revocations),
          m_identities(identities),
          m_database(database),
          m_clock(clock),
          m_thread([this] { run(); }) {}
    ~RevocationWatch() {
        {
            const absl::MutexLock lock(&m_mutex);
            m_stopping = true;
        }
        m_thread.join();
    }
    RevocationWatch(const RevocationWatch&) = delete;
    RevocationWatch& operator=(const RevocationWatch&) = delete;

private:
    void run() {
        const absl::MutexLock lock(&m_mutex);
        while (!m_mutex.AwaitWithTimeout(absl::Condition(&m_stopping), absl::Seconds(5))) {
            // Who may freeze the cluster has to be known when the database is away.
            absl::Status status = m_identities.refresh();
            status.Update(m_revocations.refresh());
            if (!status.ok()) {
                spdlog::warn("revocations are old: {}", base::messageOf(status));
            }
            if (m_clock.steadyNow() < m_nextTidy) continue;
            m_nextTidy = m_clock.steadyNow() + kTidyInterval;
            const absl::Status tidied = tidy(m_database, m_clock.now());
            if (!tidied.ok()) {
                spdlog::warn("old rows stay for now: {}", base::messageOf(tidied));
            }
        }
    }

    auth::Revocations& m_revocations;
    DatabaseIdentities& m_identities;
    storage::Database& m_database;
    const base::Clock& m_clock;
    base::SteadyTime m_nextTidy{};  ///< of the thread alone
    absl::Mutex m_mutex;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

/// Everything of one running master, in the order in which it is made.
class Master {
public:
    static absl::StatusOr<std::unique_ptr<Master>> open(const MasterFiles& files,
                                                        const Config& config);
    absl::Status serve(const MasterFiles& files, const Config& config);

private:
    Master(std::unique_ptr<storage::sql::SqlDatabase> database, storage::ClusterSettings settings,
           crypto::Credentials ca, std::unique_ptr<cache::StateCache> cache);
    absl::StatusOr<rpc::ServerDependencies> dependencies(const MasterFiles& files,
                                                         const Config& config);

    const base::SystemClock m_clock;
    std::unique_ptr<storage::sql::SqlDatabase> m_database;
    const storage::ClusterSettings m_settings;
    const audit::AuditTrail m_trail;
    const auth::CertificateAuthority m_authority;
    auth::Enrolment m_enrolment;
    auth::PasswordLogin m_logins;
    auth::Revocations m_revocations;
    DatabaseIdentities m_identities;
    DatabaseAuditLog m_auditLog;
    const std::unique_ptr<cache::StateCache> m_cache;
};

Master::Master(std::unique_ptr<storage::sql::SqlDatabase> database,
               storage::ClusterSettings settings, crypto::Credentials ca,
               std::unique_ptr<cache::StateCache> cache)
    : m_database(std::move(database)),
      m_settings(std::move(settings)),
      m_trail(m_settings.name),
      m_authority(m_settings.name, std::move(ca), {}),
      m_enrolment({*m_database, m_trail, m_authority, m_clock}),
      m_logins({*m_database, m_trail, m_clock}),
      m_revocations(*m_database, m_clock),
      m_identities({*m_database, m_enrolment, m_logins, m_revocations, m_authority, m_clock}),
      m_auditLog(*m_database, m_trail),
      m_cache(std::move(cache)) {}

absl::StatusOr<std::unique_ptr<Master>> Master::open(const MasterFiles& files,
                                                     const Config& config) {
    using Schema = storage::sql::SqlDatabase::Schema;
    // SQLite is brought forward by itself: nobody else serves from this file. On a server others
    // do, and an operator says when.
    const bool mayMigrate =
        config.store.kind == StoreConfig::Kind::Sqlite && std::filesystem::exists(files.database());
    IFRIT_ASSIGN_OR_RETURN(
        auto database,
        openDatabase(files, config.store, mayMigrate ? Schema::Migrate : Schema::Require,
                     base::SystemClock()));
    storage::ClusterSettings settings;
    IFRIT_RETURN_IF_ERROR(database->read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(settings, view.settings().get());
        return absl::OkStatus();
    }));
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials ca, files.readCa());
    auto cache = openCache(settings.name, config.cache, ca.privateKeyPem);
    return std::unique_ptr<Master>(
        new Master(std::move(database), std::move(settings), std::move(ca), std::move(cache)));
}

absl::StatusOr<rpc::ServerDependencies> Master::dependencies(const MasterFiles& files,
                                                             const Config& config) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::Credentials server, files.readServer());
    return rpc::ServerDependencies{
        *m_database,
        m_trail,
        m_identities,
        m_auditLog,
        *m_cache,
        m_clock,
        {m_authority.caPem(), server.certificatePem, server.privateKeyPem},
        config.listen,
        files.packages(),
        {m_settings.name, m_settings.kind, IFRIT_VERSION, m_settings.ring},
        config.pollInterval,
        config.workers,
        config.workQueue,
        config.rules,
        files.freeze()};
}

absl::Status Master::serve(const MasterFiles& files, const Config& config) {
    IFRIT_RETURN_IF_ERROR(m_revocations.refresh());
    IFRIT_RETURN_IF_ERROR(m_identities.refresh());
    const RevocationWatch watch(m_revocations, m_identities, *m_database, m_clock);
    IFRIT_ASSIGN_OR_RETURN(rpc::ServerDependencies parts, dependencies(files, config));
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                           rpc::Server::start(std::move(parts)));
    const std::string host = config.listen.substr(0, config.listen.rfind(':'));
    IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(
        files.endpoint().string(), fmt::format("{}:{}\n", host, server->port()), 0644));
    spdlog::info("serving cluster {} on {}:{}", m_settings.name, host, server->port());
    while (waitForSignal() == Signal::Reload) {
        spdlog::info("nothing to reload: restart to take a new configuration");
    }
    spdlog::info("stopping: running calls have {} ms", config.drain.count());
    std::error_code error;
    std::filesystem::remove(files.endpoint(), error);
    server->stop(config.drain);
    return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> lockDirectory(const MasterFiles& files) {
    std::error_code error;
    std::filesystem::create_directory(files.lock().parent_path(), error);
    IFRIT_ASSIGN_OR_RETURN(auto lock, DirectoryLock::take(files.lock()));
    // Of a master that was killed: whoever waits for it must not find the old one's port.
    std::filesystem::remove(files.endpoint(), error);
    return lock;
}

}  // namespace

absl::Status serve(const MasterFiles& files, const Config& config) {
    IFRIT_RETURN_IF_ERROR(log::setUp(config.log));
    IFRIT_ASSIGN_OR_RETURN(const auto lock, lockDirectory(files));
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<Master> master, Master::open(files, config));
    return master->serve(files, config);
}

}  // namespace ifrit::master::app
