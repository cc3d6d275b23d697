// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/inside_master.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <algorithm>
#include <stdexcept>

#include <ifrit/v1/machine_link.grpc.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>

#include "master/app/cluster_init.h"
#include "master/app/open_stores.h"
#include "master/app/operators.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/sha256.h"
#include "shared/package/signed_manifest.h"
#include "shared/rpc/channel.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {
namespace {

constexpr std::chrono::seconds kDeadline{20};

template <typename T>
T need(absl::StatusOr<T> value, const char* what) {
    if (!value.ok()) throw std::runtime_error(std::string(what) + ": " + value.status().ToString());
    return *std::move(value);
}

void need(const grpc::Status& status, const char* what) {
    if (!status.ok()) throw std::runtime_error(std::string(what) + ": " + status.error_message());
}

std::unique_ptr<master::storage::sql::SqlDatabase> openStore(const master::app::MasterFiles& files,
                                                             const master::app::StoreConfig& store,
                                                             const base::Clock& clock) {
    return need(
        master::app::openDatabase(files, store, master::storage::sql::SqlDatabase::Schema::Require,
                                  clock, "inside"),
        "open database");
}

master::storage::sql::Place placeOf(const master::app::MasterFiles& files,
                                    const master::app::StoreConfig& store) {
    if (store.kind == master::app::StoreConfig::Kind::Mariadb)
        return need(master::storage::sql::mariadbPlace(store.server), "place");
    return master::storage::sql::sqlitePlace(files.database().string(), kDeadline);
}

}  // namespace

/// A connection of its own, beside those of the master.
class InsideMaster::Statements {
public:
    explicit Statements(const master::storage::sql::Place& place)
        : m_name(QString::fromStdString(base::randomUuid())) {
        m_database = QSqlDatabase::addDatabase(QLatin1String(place.dialect->driver), m_name);
        m_database.setDatabaseName(QString::fromStdString(place.database));
        m_database.setUserName(QString::fromStdString(place.user));
        m_database.setPassword(QString::fromStdString(place.password));
        m_database.setConnectOptions(QString::fromStdString(place.options));
        if (!m_database.open()) throw std::runtime_error("cannot open " + place.shown);
    }
    ~Statements() {
        m_database.close();
        m_database = {};
        QSqlDatabase::removeDatabase(m_name);
    }
    QSqlQuery run(const QString& sql) {
        QSqlQuery query(m_database);
        query.setForwardOnly(true);
        if (!query.exec(sql))
            throw std::runtime_error((sql + query.lastError().text()).toStdString());
        return query;
    }
    std::string textOf(const QString& from) {
        QSqlQuery query = run(QStringLiteral("SELECT * FROM %1 ORDER BY 1, 2").arg(from));
        QByteArray text;
        while (query.next()) {
            for (int i = 0; i < query.record().count(); ++i)
                text += query.value(i).toByteArray() + '\x1f';
            text += '\n';
        }
        return text.toStdString();
    }
    QStringList tables() const { return m_database.tables(); }

private:
    const QString m_name;
    QSqlDatabase m_database;
};

void CountedCalls::callEnded(std::string_view method, int code,
                             std::optional<std::chrono::nanoseconds>) noexcept {
    const std::lock_guard lock(m_mutex);
    ++m_ended[std::string(method)][code];
}

int CountedCalls::total() const {
    const std::lock_guard lock(m_mutex);
    int out = 0;
    for (const auto& [method, codes] : m_ended) {
        for (const auto& [code, count] : codes)
            out += count;
    }
    return out;
}

int CountedCalls::withCode(grpc::StatusCode wanted) const {
    const std::lock_guard lock(m_mutex);
    int out = 0;
    for (const auto& [method, codes] : m_ended) {
        const auto found = codes.find(wanted);
        if (found != codes.end()) out += found->second;
    }
    return out;
}

master::app::StoreConfig InsideMaster::storeOf(const Options& options) {
    master::app::StoreConfig out;
    if (!options.mariadb) return out;
    out.kind = master::app::StoreConfig::Kind::Mariadb;
    out.server = *options.mariadb;
    return out;
}

master::app::MasterFiles InsideMaster::init(const QTemporaryDir& directory, const Options& options,
                                            std::string& password) {
    master::app::InitRequest request;
    request.directory = directory.filePath(QStringLiteral("m")).toStdString();
    request.cluster = options.cluster;
    request.kind = "test";
    request.addresses = {"127.0.0.1:7443", "localhost:7443"};
    request.batches = 4;
    request.store = storeOf(options);
    request.passwordCost = crypto::PasswordCost::Least;
    password = need(master::app::initCluster(request, base::SystemClock()), "init").adminPassword;
    return master::app::MasterFiles(request.directory);
}

InsideMaster::InsideMaster(Options options)
    : m_options(std::move(options)),
      m_files(init(m_directory, m_options, m_password)),
      m_ca(need(m_files.readCa(), "CA")),
      m_bundle(need(bundle::readBundleFile(m_files.adminBundle().string()), "bundle")),
      m_publisher(need(crypto::SigningKey::generate(), "key")),
      m_opened(openStore(m_files, storeOf(m_options), m_clock)),
      m_statements(std::make_unique<Statements>(placeOf(m_files, storeOf(m_options)))),
      m_between(m_options.between ? m_options.between(*m_opened) : nullptr),
      m_database(m_between ? m_between.get() : m_opened.get()),
      m_trail(m_options.cluster),
      m_authority(m_options.cluster, m_ca, {}),
      m_enrolment({*m_database, m_trail, m_authority, m_clock}),
      m_logins({*m_database, m_trail, m_clock}),
      m_revocations(*m_database, m_clock),
      m_grants(*m_database, m_clock),
      m_signer(m_authority, "inside", m_clock),
      m_identities(
          {*m_database, m_enrolment, m_logins, m_revocations, m_authority, m_grants, m_clock}),
      m_auditLog({*m_database, m_trail, m_signer, m_options.cluster, m_clock}),
      m_trust{*m_database,
              m_trail,
              m_clock,
              m_authority,
              m_logins,
              m_grants,
              [this] { readRevocations(); }} {
    const std::string pem = m_directory.filePath(QStringLiteral("key.pem")).toStdString();
    QFile file(QString::fromStdString(pem));
    if (!file.open(QIODevice::WriteOnly)) throw std::runtime_error("no temporary file");
    file.write(QByteArray::fromStdString(
        need(crypto::publicKeyToPem(m_publisher.publicKey()), "public key")));
    file.close();
    (void)need(master::app::addPublisherKey(*m_opened, m_clock, "publisher", pem), "add key");
    const crypto::Credentials server = need(m_files.readServer(), "server certificate");
    master::rpc::ServerDependencies parts{*m_database, m_trail, m_identities, m_auditLog,
                                          m_trust,     m_cache, m_clock,      {}};
    parts.tls = {m_ca.certificatePem, server.certificatePem, server.privateKeyPem};
    parts.listen = "127.0.0.1:0";
    parts.packageDirectory = m_files.packages();
    parts.cluster = {m_options.cluster, "test", "0.1", {4, 64, 1}};
    parts.pollInterval = m_options.pollInterval;
    parts.workers = m_options.workers;
    parts.workQueue = m_options.workQueue;
    parts.reportQueue = m_options.reportQueue;
    parts.observer = &calls;
    parts.freezeFile = m_files.freeze();
    parts.signer = {m_authority.caPem(),
                    [this](std::string_view bytes) { return m_authority.signDocument(bytes); }};
    m_server = need(master::rpc::Server::start(std::move(parts)), "serve");
}

InsideMaster::~InsideMaster() {
    m_server->stop(std::chrono::milliseconds(0));
}

std::string InsideMaster::address() const {
    return "127.0.0.1:" + std::to_string(m_server->port());
}

std::shared_ptr<grpc::Channel> InsideMaster::channel(const crypto::Credentials& client) const {
    rpc::ChannelOptions options;
    options.program = "test";
    return rpc::makeChannel(
        address(), {m_ca.certificatePem, client.certificatePem, client.privateKeyPem}, options);
}

std::shared_ptr<grpc::Channel> InsideMaster::admin() const {
    return channel({m_bundle.certificatePem, m_bundle.privateKeyPem});
}

crypto::Credentials InsideMaster::issue(crypto::Role role, const std::string& name) const {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = m_options.cluster;
    request.name = name;
    request.hosts = {"127.0.0.1", "localhost"};
    request.now = m_clock.now();
    return need(crypto::issue(m_ca, request), "issue");
}

std::string InsideMaster::joinToken(std::chrono::milliseconds ttl, const std::string& uuid) const {
    return need(master::app::makeJoinTokens(*m_opened, m_clock, 1, ttl, uuid), "token").front();
}

crypto::Credentials InsideMaster::enrol(const std::string& uuid, const std::string& machineType) {
    crypto::Credentials out;
    out.privateKeyPem = need(crypto::generatePrivateKey(), "key");
    v1::EnrolRequest request;
    request.set_join_token(joinToken());
    request.set_uuid(uuid);
    request.set_csr_pem(need(crypto::createCsr(out.privateKeyPem, uuid), "csr"));
    request.mutable_facts()->set_machine_type(machineType);
    request.mutable_facts()->set_pin("acme");
    grpc::ClientContext context;
    rpc::setDeadline(context, kDeadline);
    v1::EnrolResponse response;
    need(v1::Enrolment::NewStub(channel())->Enrol(&context, request, &response), "enrol");
    out.certificatePem = response.certificate_pem();
    return out;
}

std::string InsideMaster::publish(const std::string& version, const std::string& agent) {
    const std::string program = agent + " " + version;
    const auto document = signedManifest(agent, version, program, m_publisher);
    const auto stub = v1::Packages::NewStub(admin());
    grpc::ClientContext context;
    rpc::setDeadline(context, kDeadline);
    v1::PublishPackageResponse response;
    const auto writer = stub->PublishPackage(&context, &response);
    v1::PublishPackageRequest message;
    message.mutable_begin()->set_manifest(document.bytes);
    message.mutable_begin()->set_signature(document.signature);
    message.mutable_begin()->set_key_id(document.keyId);
    message.mutable_begin()->mutable_mutation()->set_request_id(base::randomUuid());
    writer->Write(message);
    v1::PublishPackageRequest chunk;
    chunk.set_chunk(archiveOf(program));
    writer->Write(chunk);
    writer->WritesDone();
    need(writer->Finish(), "publish");
    return crypto::sha256Hex(document.bytes);
}

void InsideMaster::readRevocations() {
    if (!m_revocations.refresh().ok()) throw std::runtime_error("revocations");
}

std::map<std::string, std::string> InsideMaster::content(
    const std::vector<std::string>& without) const {
    std::map<std::string, std::string> out;
    for (const QString& table : m_statements->tables()) {
        const std::string name = table.toStdString();
        if (std::find(without.begin(), without.end(), name) == without.end())
            out[name] = m_statements->textOf(table);
    }
    return out;
}

std::map<std::string, std::string> InsideMaster::contentSince(std::uint64_t audited) const {
    std::map<std::string, std::string> out = content({"audit_rows"});
    out["audit_rows"] =
        m_statements->textOf(QStringLiteral("audit_rows WHERE id > %1").arg(audited));
    return out;
}

std::uint64_t InsideMaster::audited() const {
    QSqlQuery query = m_statements->run(QStringLiteral("SELECT MAX(id) FROM audit_rows"));
    if (!query.next()) throw std::runtime_error("no audit");
    return query.value(0).toULongLong();
}

void InsideMaster::sql(const std::vector<std::string>& lines) const {
    for (const std::string& line : lines)
        m_statements->run(QString::fromStdString(line));
}

}  // namespace ifrit::tests
