// SPDX-License-Identifier: Apache-2.0
#include "tests/master/rpc/trusted_server.h"

#include <QtGlobal>

#include "master/auth/grants.h"
#include "master/auth/operators.h"
#include "master/auth/tokens.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/sha256.h"
#include "shared/package/signed_manifest.h"
#include "shared/rpc/channel.h"
#include "tests/support/test_manifest.h"

namespace ifrit::master::rpc {
namespace {

const auth::Administrator kRoot{"root", "test", "local"};
constexpr std::chrono::hours kYears{24 * 3'650};

void orDie(const absl::Status& status) {
    if (!status.ok()) qFatal("%s", base::messageOf(status).c_str());
}

}  // namespace

TrustedServer::TrustedServer()
    : database(openDatabase()),
      ca(crypto::createCa("test", clock.now(), kYears).value()),
      key(crypto::SigningKey::generate().value()),
      authority("test", ca, {}),
      enrolment({*database, trail, authority, clock}),
      logins({*database, trail, clock}),
      revocations(*database, clock),
      grants(*database, clock),
      signer(authority, "test", clock),
      identities({*database, enrolment, logins, revocations, authority, grants, clock}),
      auditLog({*database, trail, signer, "test", clock}),
      trust{*database,
            trail,
            clock,
            authority,
            logins,
            grants,
            [this] {
                orDie(revocations.refresh()); }} {
    change([this](storage::Transaction& in) {
        return in.settings().create({"test", "test", {4, 64, 1}, clock.now()});
    });
    addOperator("root", storage::OperatorRole::SuperAdmin);
    addOperator("eve", storage::OperatorRole::Reader);
    change([this](storage::Transaction& in) -> absl::Status {
        const crypto::PublicKey publisher = key.publicKey();
        IFRIT_ASSIGN_OR_RETURN(const std::string pem, crypto::publicKeyToPem(publisher));
        return in.packages().putPublisherKey(
            {publisher.keyId(), "publisher", pem, clock.now(), "root"});
    });
    restart();
}

TrustedServer::~TrustedServer() {
    server->stop(std::chrono::milliseconds(500));
}

std::unique_ptr<storage::sql::SqlDatabase> TrustedServer::openDatabase() {
    storage::sql::SqlDatabase::Options options;
    options.file = directory.filePath(QStringLiteral("m.db")).toStdString();
    options.schema = storage::sql::SqlDatabase::Schema::Migrate;
    auto opened = storage::sql::SqlDatabase::open(options, clock);
    orDie(opened.status());
    return *std::move(opened);
}

void TrustedServer::change(const storage::Database::Work& work) {
    orDie(database->transact(work));
}

void TrustedServer::restart() {
    if (server) server->stop(std::chrono::milliseconds(500));
    server.reset();
    orDie(identities.refresh());
    const auto tls = authority.issueServer("localhost", {"127.0.0.1"}, clock.now()).value();
    ServerDependencies dependencies{*database, trail, identities, auditLog,
                                    trust,     cache, clock,      {}};
    dependencies.tls = {ca.certificatePem, tls.credentials.certificatePem,
                        tls.credentials.privateKeyPem};
    dependencies.listen = "127.0.0.1:0";
    dependencies.packageDirectory = directory.path().toStdString();
    dependencies.cluster = {"test", "test", "0.1", {4, 64, 1}};
    dependencies.workers = 4;
    dependencies.signer = {authority.caPem(), [this](std::string_view bytes) {
                               return authority.signDocument(bytes);
                           }};
    auto started = Server::start(std::move(dependencies));
    orDie(started.status());
    server = *std::move(started);
}

std::string TrustedServer::address() const {
    return "127.0.0.1:" + std::to_string(server->port());
}

crypto::Credentials TrustedServer::credentials(crypto::Role role, const std::string& name) {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = "test";
    request.name = name;
    request.now = clock.now();
    const auto made = crypto::issue(ca, request).value();
    const auto identity = crypto::parseIdentity(made.certificatePem).value();
    const char* roleName = role == crypto::Role::Operator  ? "operator"
                           : role == crypto::Role::Machine ? "machine"
                                                           : "server";
    change([&](storage::Transaction& in) {
        return in.certificates().add(
            {identity.serialHex, roleName, name, clock.now(), identity.notAfter, std::nullopt, {}});
    });
    return made;
}

std::shared_ptr<grpc::Channel> TrustedServer::channelAs(crypto::Role role,
                                                        const std::string& name) {
    ifrit::rpc::TlsIdentity tls;
    tls.caPem = ca.certificatePem;
    if (!name.empty()) {
        const auto own = credentials(role, name);
        tls.certificatePem = own.certificatePem;
        tls.privateKeyPem = own.privateKeyPem;
    }
    ifrit::rpc::ChannelOptions options;
    options.program = "test";
    return ifrit::rpc::makeChannel(address(), tls, options);
}

void TrustedServer::addOperator(const std::string& name, storage::OperatorRole role,
                                const std::string& password) {
    auto person = auth::newOperator(name, {}, role, clock.now()).value();
    if (!password.empty())
        person.passwordHash = crypto::hashPassword(password, crypto::PasswordCost::Least).value();
    orDie(auth::addOperator(*database, trail, person, kRoot));
}

void TrustedServer::disable(const std::string& name) {
    orDie(
        auth::changeStanding(*database, trail, name, auth::Standing::Disabled, clock.now(), kRoot));
}

std::string TrustedServer::token(const std::string& name, std::chrono::milliseconds life) {
    const std::string secret = auth::makeSessionToken();
    change([&](storage::Transaction& in) {
        return in.operators().putSession(
            {auth::hashOfToken(secret), name, clock.now(), clock.now() + life});
    });
    return secret;
}

void TrustedServer::grant(const domain::Grant& given) {
    change([&](storage::Transaction& in) {
        storage::GrantRecord record{given, "root", clock.now(), "test"};
        record.grant.id = base::randomUuid();
        return in.grants().add(record);
    });
}

void TrustedServer::revoke(const std::string& role, const std::string& name) {
    change([&](storage::Transaction& in) {
        return in.certificates().revokeAllOf(role, name, clock.now(), "test").status();
    });
    orDie(revocations.refresh());
}

void TrustedServer::addMachine(const std::string& uuid, const std::string& type,
                               base::WallTime seen) {
    domain::MachineFacts facts;
    facts.uuid = uuid;
    facts.machineType = type;
    change([&](storage::Transaction& in) { return in.machines().enrol(facts, seen); });
}

package::SignedManifest TrustedServer::manifestOf(const std::string& agent,
                                                  const std::string& version) const {
    return tests::signedManifest(agent, version, kProgram, key);
}

std::string TrustedServer::publish(const std::string& agent, const std::string& version) {
    const services::Caller caller{"root", "local", "test", {}, "test"};
    services::PackageService& packages = server->services().packages();
    auto begun = packages.begin(caller, manifestOf(agent, version), 0);
    orDie(begun.status());
    if (begun->upload) orDie(begun->upload->write(tests::archiveOf(kProgram)));
    const auto published = packages.finish(caller, *begun);
    orDie(published.status());
    return published->manifestDigest;
}

std::string TrustedServer::draft() {
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.action = domain::DesiredAction::Install;
    spec.version = "1";
    spec.machineTypes = {"LINUX"};
    const auto made =
        server->services().engine().create({"root", "local", "test", {}, "test"}, spec);
    orDie(made.status());
    return made->release.id;
}

std::vector<storage::AuditRow> TrustedServer::audit() {
    std::vector<storage::AuditRow> out;
    orDie(database->read([&out](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, view.audit().read(0, 100'000));
        return absl::OkStatus();
    }));
    return out;
}

storage::AuditRow TrustedServer::lastAudit() {
    std::vector<storage::AuditRow> rows;
    orDie(database->read([&rows](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().list({}, 0, 1));
        return absl::OkStatus();
    }));
    return rows.empty() ? storage::AuditRow() : rows.front();
}

}  // namespace ifrit::master::rpc
