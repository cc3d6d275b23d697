// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

#include "master/app/database_audit_log.h"
#include "master/app/database_identities.h"
#include "master/auth/trust_desk.h"
#include "master/cache/memory_cache.h"
#include "master/rpc/server.h"
#include "master/storage/sql/sql_database.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::master::rpc {

/// A whole master of cluster "test" in this process, on a free port, with a real database, CA and
/// operators: what a test of who may do what needs. Super admin "root" and reader "eve" are there,
/// both by certificate alone.
class TrustedServer {
public:
    TrustedServer();
    ~TrustedServer();

    std::string address() const;
    /// With a new certificate that the cluster knows of. Empty name: none.
    std::shared_ptr<grpc::Channel> channelAs(crypto::Role role, const std::string& name);
    std::shared_ptr<grpc::Channel> root() { return channelAs(crypto::Role::Operator, "root"); }
    /// Certificate and key of the newest channelAs() of that name.
    crypto::Credentials credentials(crypto::Role role, const std::string& name);

    void addOperator(const std::string& name, storage::OperatorRole role,
                     const std::string& password = {});
    void disable(const std::string& name);
    /// A session's token of the operator that ends so long from now (may be over).
    std::string token(const std::string& name, std::chrono::milliseconds life);
    void grant(const domain::Grant& grant);
    /// All certificates of a name; the master has read it when this returns.
    void revoke(const std::string& role, const std::string& name);
    /// A machine that was heard of at `seen`; before restart().
    void addMachine(const std::string& uuid, const std::string& type, base::WallTime seen);
    /// Publishes a package for LINUX; its manifest's digest.
    std::string publish(const std::string& agent, const std::string& version);
    /// The id of a new draft of logd 1 on LINUX.
    std::string draft();
    std::vector<storage::AuditRow> audit();
    storage::AuditRow lastAudit();
    /// Serves what the database holds now.
    void restart();

    static constexpr char kProgram[] = "program of logd";
    package::SignedManifest manifestOf(const std::string& agent, const std::string& version) const;

    QTemporaryDir directory;
    base::SystemClock clock;
    std::unique_ptr<storage::sql::SqlDatabase> database;
    audit::AuditTrail trail{"test"};
    crypto::Credentials ca;
    crypto::SigningKey key;
    auth::CertificateAuthority authority;
    auth::Enrolment enrolment;
    auth::PasswordLogin logins;
    auth::Revocations revocations;
    auth::GrantBook grants;
    auth::Signer signer;
    app::DatabaseIdentities identities;
    app::DatabaseAuditLog auditLog;
    auth::TrustDesk trust;
    cache::MemoryCache cache;
    std::unique_ptr<Server> server;

private:
    std::unique_ptr<storage::sql::SqlDatabase> openDatabase();
    void change(const storage::Database::Work& work);
};

}  // namespace ifrit::master::rpc
