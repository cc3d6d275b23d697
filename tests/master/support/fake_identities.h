// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "master/services/audit_log.h"
#include "master/services/identities.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/statement.h"
#include "tests/master/support/memory_database.h"

namespace ifrit::master::services {

/// Identities of a cluster in memory, with a real CA. Operators "root" (super admin) and "eve"
/// (reader), password "secret"; join tokens are put into `joinTokens`. While somebody holds `mutex`
/// whoever asks who somebody is waits, as for a database that hangs.
class FakeIdentities final : public Identities {
public:
    FakeIdentities(std::string cluster, std::shared_ptr<storage::MemoryDatabase> database);

    absl::StatusOr<IssuedCertificate> enrol(const EnrolQuestion& question) override;
    absl::StatusOr<IssuedCertificate> renew(const RenewQuestion& question) override;
    absl::Status checkMachine(const std::string& uuid, const std::string& serialHex) override;
    absl::Status checkMaster(const std::string& name, const std::string& serialHex) override {
        return checkMachine(name, serialHex);
    }
    absl::StatusOr<LoginResult> login(const std::string& user, const std::string& password,
                                      const std::string& address) override;
    absl::Status logout(const std::string& token, const std::string& address) override;
    absl::StatusOr<Operator> operatorByToken(const std::string& token) override;
    absl::StatusOr<Operator> operatorByCertificate(const std::string& name,
                                                   const std::string& serialHex) override;
    absl::StatusOr<std::vector<domain::Grant>> grantsOf(const std::string& name) override;
    std::optional<KnownOperator> knownOperator(const std::string& name,
                                               const std::string& serialHex) override;
    std::vector<std::string> superAdmins() override { return {"root"}; }
    std::vector<absl::Status> stillSignedIn(const std::vector<SignedIn>& who) override;

    const crypto::Credentials& ca() const { return m_ca; }
    crypto::Credentials issue(crypto::Role role, const std::string& name) const;

    absl::Mutex mutex;
    std::set<std::string> joinTokens;
    std::set<std::string> revoked;      ///< machines, masters and, for open streams, operators
    std::vector<domain::Grant> grants;  ///< of anybody
    /// After a machine's enrolment was stored, before its caller knows. May be empty.
    std::function<void()> enrolled;

private:
    const std::string m_cluster;
    const std::shared_ptr<storage::MemoryDatabase> m_database;
    crypto::Credentials m_ca;
    std::map<std::string, Operator> m_tokens;
};

/// The rows of a MemoryDatabase, with heads signed in the name of a cluster's CA.
class FakeAuditLog final : public AuditLog {
public:
    FakeAuditLog(std::shared_ptr<storage::MemoryDatabase> database, const crypto::Credentials& ca,
                 std::string cluster);
    absl::StatusOr<std::vector<AuditRow>> list(const AuditQuery& query) override;
    absl::StatusOr<AuditCheck> verify(const std::set<std::uint64_t>& rows,
                                      const IsGone& isGone) override;
    absl::StatusOr<AuditHeadAnswer> head(const std::set<std::uint64_t>& rows) override;
    absl::StatusOr<std::vector<storage::AuditRow>> read(std::uint64_t afterId,
                                                        std::size_t limit) override;

private:
    const std::shared_ptr<storage::MemoryDatabase> m_database;
    const std::string m_cluster;
    const crypto::StatementSigner m_signer;
};

}  // namespace ifrit::master::services
