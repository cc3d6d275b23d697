// SPDX-License-Identifier: Apache-2.0
#include "master/app/serve.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "master/app/activation.h"
#include "master/app/certificate_reload.h"
#include "master/app/database_audit_log.h"
#include "master/app/database_identities.h"
#include "master/app/directory_lock.h"
#include "master/app/open_stores.h"
#include "master/app/own_address.h"
#include "master/app/server_certificate.h"
#include "master/app/service_manager.h"
#include "master/app/stop_signal.h"
#include "master/app/upkeep.h"
#include "master/auth/signer.h"
#include "master/ops/call_metrics.h"
#include "master/rpc/method_table.h"
#include "master/rpc/server.h"
#include "shared/base/atomic_file.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::master::app {
namespace {

/// A clock that has not turned for so long does not come back by itself.
constexpr std::chrono::seconds kStandsStill{30};

std::vector<std::string> methodNames() {
    std::vector<std::string> names;
    for (const rpc::MethodRule& rule : rpc::methodTable())
        names.emplace_back(rule.method);
    return names;
}

/// SIGHUP: opens the log's file again, which may have been moved away; takes what can change while
/// it runs, which is the log's level and the grants; says what needs a restart. `used`: of the
/// file, without what the command line said over it.
void reload(const MasterFiles& files, Config& used, auth::GrantBook& grants) {
    // First: what follows is said in the new file.
    if (const absl::Status opened = log::reopen(); !opened.ok())
        spdlog::error("{}", base::messageOf(opened));
    const absl::StatusOr<Config> read = loadConfig(files.config().string());
    if (!read.ok()) {
        spdlog::error("all stays as it was: {}", base::messageOf(read.status()));
        return;
    }
    used.log.level = read->log.level;
    log::setLevel(used.log.level);
    used.grants = read->grants;
    grants.configure(used.grants);
    spdlog::info("{} was read again", files.config().string());
    if (printConfig(*read) != printConfig(used))
        spdlog::warn("its other changes take effect when ifrit-master is started again");
}

bool isAlive(const rpc::Server::Alive& alive) {
    return alive.sinceTick < kStandsStill && alive.sinceRound < services::kLongestRound;
}

/// Everything of one running master, in the order in which it is made.
class Master {
public:
    static absl::StatusOr<std::unique_ptr<Master>> open(const MasterFiles& files,
                                                        const Config& config);
    /// `socket`: see takeActivatedSocket().
    absl::Status serve(const MasterFiles& files, const Config& config, std::optional<int> socket);

private:
    Master(std::string id, std::unique_ptr<storage::sql::SqlDatabase> database,
           storage::ClusterSettings settings, crypto::Credentials ca, const CacheConfig& cache);
    absl::StatusOr<rpc::ServerDependencies> dependencies(const MasterFiles& files,
                                                         const Config& config);
    absl::StatusOr<rpc::MasterAmongOthers> amongOthers(const Config& config,
                                                       const std::string& serverPem);
    void refreshRevocations();
    void refreshPeople();
    auth::PasswordLogin::Parts loginParts() const;

    void obeySignals(const MasterFiles& files, const Config& config, Config inFile,
                     const CertificateShowers& to);

    const base::SystemClock m_clock;
    const ServiceManager m_manager;
    const std::string m_id;  ///< new with each start
    std::unique_ptr<storage::sql::SqlDatabase> m_database;
    const storage::ClusterSettings m_settings;
    audit::AuditTrail m_trail;
    const auth::CertificateAuthority m_authority;
    auth::Enrolment m_enrolment;
    const std::unique_ptr<cache::FailureCounts> m_failures;
    auth::PasswordLogin m_logins;
    auth::Revocations m_revocations;
    auth::GrantBook m_grants;
    auth::Signer m_signer;
    DatabaseIdentities m_identities;
    DatabaseAuditLog m_auditLog;
    const auth::TrustDesk m_trust;
    const std::unique_ptr<cache::StateCache> m_cache;
    ops::CallMetrics m_calls;
    crypto::Credentials m_shown;  ///< what the port shows
};

Master::Master(std::string id, std::unique_ptr<storage::sql::SqlDatabase> database,
               storage::ClusterSettings settings, crypto::Credentials ca, const CacheConfig& cache)
    : m_id(std::move(id)),
      m_database(std::move(database)),
      m_settings(std::move(settings)),
      m_trail(m_settings.name),
      m_authority(m_settings.name, ca, {}),
      m_enrolment({*m_database, m_trail, m_authority, m_clock}),
      m_failures(openFailureCounts(m_settings.name, cache, m_clock)),
      m_logins(loginParts()),
      m_revocations(*m_database, m_clock),
      m_grants(*m_database, m_clock),
      m_signer(m_authority, auth::signerName(hostName(), m_id), m_clock),
      m_identities(
          {*m_database, m_enrolment, m_logins, m_revocations, m_authority, m_grants, m_clock}),
      m_auditLog({*m_database, m_trail, m_signer, m_settings.name, m_clock}),
      m_trust{*m_database,
              m_trail,
              m_clock,
              m_authority,
              m_logins,
              m_grants,
              [this] {
                  refreshRevocations();
                  refreshPeople();
              }},
      m_cache(openCache(m_settings.name, cache, ca.privateKeyPem)),
      m_calls(methodNames()) {}

auth::PasswordLogin::Parts Master::loginParts() const {
    auth::PasswordLogin::Parts out{*m_database, m_trail, m_clock};
    out.failures = m_failures.get();
    return out;
}

absl::StatusOr<std::unique_ptr<Master>> Master::open(const MasterFiles& files,
                                                     const Config& config) {
    using Schema = storage::sql::SqlDatabase::Schema;
    // SQLite is brought forward by itself: nobody else serves from this file. On a server others
    // do, and an operator says when.
    const bool mayMigrate =
        config.store.kind == StoreConfig::Kind::Sqlite && std::filesystem::exists(files.database());
    std::string id = base::randomUuid();
    IFRIT_ASSIGN_OR_RETURN(
        auto database,
        openDatabase(files, config.store, mayMigrate ? Schema::Migrate : Schema::Require,
                     base::SystemClock(), id));
    storage::ClusterSettings settings;
    IFRIT_RETURN_IF_ERROR(database->read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(settings, view.settings().get());
        return absl::OkStatus();
    }));
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials ca, files.readCa());
    return std::unique_ptr<Master>(new Master(std::move(id), std::move(database),
                                              std::move(settings), std::move(ca), config.cache));
}

absl::StatusOr<rpc::ServerDependencies> Master::dependencies(const MasterFiles& files,
                                                             const Config& config) {
    IFRIT_ASSIGN_OR_RETURN(m_shown, serverCertificate(files, m_authority, m_clock.now()));
    std::optional<rpc::MasterAmongOthers> masters;
    // A file has one master, which the directory's lock sees to.
    if (config.store.kind == StoreConfig::Kind::Mariadb) {
        IFRIT_ASSIGN_OR_RETURN(masters, amongOthers(config, m_shown.certificatePem));
    }
    rpc::ServerDependencies out{
        *m_database,
        m_trail,
        m_identities,
        m_auditLog,
        m_trust,
        *m_cache,
        m_clock,
        {m_authority.caPem(), m_shown.certificatePem, m_shown.privateKeyPem},
        config.listen,
        files.packages(),
        {m_settings.name, m_settings.kind, IFRIT_VERSION, m_settings.ring},
        config.pollInterval,
        config.workers,
        config.workQueue,
        &m_calls,
        std::move(masters),
        config.rules,
        files.freeze(),
        {m_authority.caPem(),
         [this](std::string_view bytes) { return m_authority.signDocument(bytes); }}};
    out.machineStreams = config.machineStreams;
    out.busyPercent = config.busyPercent;
    out.reportQueue = config.reportQueue;
    return out;
}

/// The certificate by which the others let this one in is its own of this start, and its key is in
/// memory alone.
absl::StatusOr<rpc::MasterAmongOthers> Master::amongOthers(const Config& config,
                                                           const std::string& serverPem) {
    const std::string host = advertisedHost(config.listen);
    IFRIT_RETURN_IF_ERROR(checkReachable(config.advertise, host, serverPem));
    IFRIT_ASSIGN_OR_RETURN(const auto own, m_authority.issueServer(m_id, {host}, m_clock.now()));
    rpc::MasterAmongOthers out;
    out.services = {m_id, IFRIT_VERSION, config.lease, [this] { refreshRevocations(); },
                    members::ChangeCursor::patienceFor(config.store.server.answerTimeout)};
    out.identity = {m_authority.caPem(), own.credentials.certificatePem,
                    own.credentials.privateKeyPem};
    return out;
}

void Master::refreshRevocations() {
    const absl::Status status = m_revocations.refresh();
    if (!status.ok()) spdlog::warn("revocations are old: {}", base::messageOf(status));
}

/// For the kill switch, which goes by what was read.
void Master::refreshPeople() {
    const absl::Status status = m_identities.refresh();
    if (!status.ok()) spdlog::warn("operators and grants are old: {}", base::messageOf(status));
}

/// Until it is told to stop. A master whose inside stands still does not say that it lives.
void Master::obeySignals(const MasterFiles& files, const Config& config, Config inFile,
                         const CertificateShowers& to) {
    const rpc::Server& server = to.server;
    const auto status = [&server] {
        const services::ClusterFigures figures = server.figures();
        std::uint64_t machines = 0;
        for (const auto& [state, count] : figures.machinesByState)
            machines += count;
        return fmt::format("cluster {}: {}, {} silent; {} waiting", figures.cluster,
                           base::countOf(machines, "machines"), figures.offline,
                           base::countOf(figures.waitingReports, "reports"));
    };
    m_manager.ready(status());
    for (;;) {
        switch (waitForSignal(m_manager.watchdog())) {
            case Signal::Reload:
                m_manager.reloading();
                reload(files, inFile, m_grants);
                reloadCertificate(files, m_authority, config, m_clock.now(), to, m_shown);
                m_manager.ready(status());
                break;
            case Signal::None:
                if (isAlive(server.alive())) m_manager.alive(status());
                break;
            case Signal::Stop:
                m_manager.stopping();
                return;
        }
    }
}

absl::Status Master::serve(const MasterFiles& files, const Config& config,
                           std::optional<int> socket) {
    // As it is now, for what changes later is told of.
    const Config inFile = loadConfig(files.config().string()).value_or(config);
    m_grants.configure(config.grants);
    IFRIT_RETURN_IF_ERROR(m_revocations.refresh());
    IFRIT_RETURN_IF_ERROR(m_identities.refresh());
    IFRIT_ASSIGN_OR_RETURN(rpc::ServerDependencies parts, dependencies(files, config));
    parts.socket = socket;
    parts.address = config.advertise;
    parts.host = advertisedHost(config.listen);
    parts.counts = &m_calls;
    const bool isAlone = !parts.masters.has_value();
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                           rpc::Server::start(std::move(parts)));
    IFRIT_ASSIGN_OR_RETURN(const auto monitoring,
                           Monitoring::start(files, config.metricsListen, m_calls, *server));
    const services::ReleaseEngine& engine = server->services().engine();
    const Upkeep upkeep({[this] {
                             // Who may freeze the cluster has to be known when the database is
                             // away.
                             absl::Status status = m_identities.refresh();
                             status.Update(m_revocations.refresh());
                             return status;
                         },
                         [this](const Lead& lead, const std::atomic<bool>& stopping) {
                             return tidy(*m_database, m_clock.now(), lead, &stopping);
                         },
                         [isAlone, &engine]() -> std::optional<Lead> {
                             if (isAlone) return Lead{};
                             const auto token = engine.leadingToken();
                             if (!token) return std::nullopt;
                             return Lead{token};
                         },
                         m_clock});
    const std::string host = config.listen.substr(0, config.listen.rfind(':'));
    IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(
        files.endpoint().string(), fmt::format("{}:{}\n", host, server->port()), 0644));
    spdlog::info("serving cluster {} on {}:{}", m_settings.name, host, server->port());
    obeySignals(files, config, inFile, {*server, monitoring.get()});
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
    IFRIT_ASSIGN_OR_RETURN(const std::optional<int> socket, takeActivatedSocket());
    IFRIT_ASSIGN_OR_RETURN(const auto lock, lockDirectory(files));
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<Master> master, Master::open(files, config));
    return master->serve(files, config, socket);
}

}  // namespace ifrit::master::app
