// SPDX-License-Identifier: Apache-2.0
#include "master/app/cluster_init.h"

#include <algorithm>
#include <random>
#include <system_error>

#include "master/app/config.h"
#include "master/app/master_files.h"
#include "master/app/open_stores.h"
#include "master/app/staged_directory.h"
#include "master/audit/audit_trail.h"
#include "master/auth/certificate_authority.h"
#include "shared/base/atomic_file.h"
#include "shared/base/host_port.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/password.h"
#include "shared/domain/names.h"

namespace ifrit::master::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kCaValidity{24 * 365 * 10};
constexpr std::chrono::hours kServerValidity = auth::CertificateAuthority::Lifetimes().server;
constexpr std::chrono::hours kAdminValidity{24 * 365};

absl::Status checkRequest(const InitRequest& request) {
    IFRIT_RETURN_IF_ERROR(domain::checkClusterName(request.cluster));
    IFRIT_RETURN_IF_ERROR(base::annotate(domain::checkAgentName(request.admin), "admin"));
    if (request.kind != "development" && request.kind != "test" && request.kind != "production") {
        return base::invalidArgument("KIND_INVALID", request.kind,
                                     "kind '{}' is not development, test or production",
                                     request.kind);
    }
    if (request.addresses.empty()) {
        return base::invalidArgument("ADDRESS_MISSING", "",
                                     "name at least one --address HOST:PORT that clients will use");
    }
    return absl::OkStatus();
}

absl::StatusOr<crypto::Credentials> makeServer(const crypto::Credentials& ca,
                                               const InitRequest& request, base::WallTime now) {
    crypto::CertificateRequest wanted{crypto::Role::Server, request.cluster, "master", {}, now,
                                      kServerValidity};
    for (const std::string& address : request.addresses) {
        // Clients read it from the bundle, so it must be one that they can call.
        IFRIT_ASSIGN_OR_RETURN(base::HostPort place, base::parseHostPort(address));
        if (std::find(wanted.hosts.begin(), wanted.hosts.end(), place.host) == wanted.hosts.end()) {
            wanted.hosts.push_back(std::move(place.host));
        }
    }
    return crypto::issue(ca, wanted);
}

storage::CertificateRecord recordOf(const crypto::Identity& identity, const char* role,
                                    base::WallTime now) {
    storage::CertificateRecord record;
    record.serialHex = identity.serialHex;
    record.role = role;
    record.name = identity.name;
    record.issued = now;
    record.notAfter = identity.notAfter;
    return record;
}

absl::Status fillDatabase(const MasterFiles& files, const InitRequest& request,
                          const base::Clock& clock, const std::string& passwordHash,
                          const crypto::Identity& admin) {
    IFRIT_ASSIGN_OR_RETURN(
        const auto database,
        openDatabase(files, request.store, storage::sql::SqlDatabase::Schema::Migrate, clock));
    return database->transact([&](storage::Transaction& transaction) -> absl::Status {
        storage::ClusterSettings settings;
        settings.name = request.cluster;
        settings.kind = request.kind;
        settings.ring.batches = request.batches;
        settings.ring.seed = std::random_device{}();
        settings.created = clock.now();
        IFRIT_RETURN_IF_ERROR(transaction.settings().create(settings));
        storage::OperatorRecord person;
        person.name = request.admin;
        person.passwordHash = passwordHash;
        person.role = storage::OperatorRole::SuperAdmin;
        person.created = clock.now();
        person.changed = clock.now();
        IFRIT_RETURN_IF_ERROR(transaction.operators().add(person));
        IFRIT_RETURN_IF_ERROR(
            transaction.certificates().add(recordOf(admin, "operator", clock.now())));
        storage::AuditEntry entry;
        entry.at = clock.now();
        entry.actor = "root@localhost";
        entry.via = "ifrit-master";
        entry.address = "local";
        entry.verb = "cluster.init";
        entry.object = request.cluster;
        entry.result = "allowed";
        entry.after = fmt::format(R"({{"admin":"{}"}})", request.admin);
        return audit::AuditTrail(request.cluster).append(transaction, entry);
    });
}

absl::Status writeFiles(const MasterFiles& files, const InitRequest& request,
                        const crypto::Credentials& ca, const crypto::Credentials& server,
                        const crypto::Credentials& admin) {
    const bundle::Bundle bundle{request.cluster,   request.kind,         request.addresses,
                                ca.certificatePem, admin.certificatePem, admin.privateKeyPem};
    const std::string port = request.addresses.front().substr(request.addresses.front().rfind(':'));
    const std::pair<fs::path, std::string> secrets[] = {
        {files.caKey(), ca.privateKeyPem},
        {files.serverKey(), server.privateKeyPem},
        {files.adminBundle(), bundle::formatBundle(bundle)},
        // It says where the database is and who may what.
        {files.config(),
         request.configText.empty() ? configTemplate("0.0.0.0" + port) : request.configText}};
    for (const auto& [path, text] : secrets) {
        IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(path, text, 0600));
    }
    const std::pair<fs::path, std::string> open[] = {
        {files.caCertificate(), ca.certificatePem},
        {files.serverCertificate(), server.certificatePem}};
    for (const auto& [path, text] : open) {
        IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(path, text, 0644));
    }
    return absl::OkStatus();
}

/// Everything into `staging`, which is then renamed into place.
absl::StatusOr<std::string> build(const fs::path& staging, const InitRequest& request,
                                  const base::Clock& clock) {
    const MasterFiles files(staging);
    const base::WallTime now = clock.now();
    std::string password = crypto::randomToken(15);
    IFRIT_ASSIGN_OR_RETURN(const std::string hash,
                           crypto::hashPassword(password, request.passwordCost));
    IFRIT_ASSIGN_OR_RETURN(const crypto::Credentials ca,
                           crypto::createCa(request.cluster, now, kCaValidity));
    IFRIT_ASSIGN_OR_RETURN(const crypto::Credentials server, makeServer(ca, request, now));
    IFRIT_ASSIGN_OR_RETURN(
        const crypto::Credentials admin,
        crypto::issue(
            ca, {crypto::Role::Operator, request.cluster, request.admin, {}, now, kAdminValidity}));
    IFRIT_ASSIGN_OR_RETURN(const crypto::Identity identity,
                           crypto::parseIdentity(admin.certificatePem));
    IFRIT_RETURN_IF_ERROR(writeFiles(files, request, ca, server, admin));
    // The last: what was committed on a server is not undone with the directory.
    IFRIT_RETURN_IF_ERROR(fillDatabase(files, request, clock, hash, identity));
    return password;
}

}  // namespace

absl::StatusOr<InitResult> initCluster(const InitRequest& request, const base::Clock& clock) {
    IFRIT_RETURN_IF_ERROR(checkRequest(request));
    IFRIT_ASSIGN_OR_RETURN(StagedDirectory staged, StagedDirectory::begin(request.directory));
    IFRIT_ASSIGN_OR_RETURN(std::string password, build(staged.path(), request, clock));
    IFRIT_RETURN_IF_ERROR(staged.moveIntoPlace());
    return InitResult{std::move(password), MasterFiles(request.directory).adminBundle()};
}

}  // namespace ifrit::master::app
