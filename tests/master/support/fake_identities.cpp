// SPDX-License-Identifier: Apache-2.0
#include "tests/master/support/fake_identities.h"

#include "shared/base/ids.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

absl::Status unauthenticated(const std::string& reason) {
    return base::makeError(absl::StatusCode::kUnauthenticated, reason, "", "not known here");
}

base::WallTime systemNow() {
    return base::SystemClock().now();
}

}  // namespace

FakeIdentities::FakeIdentities(std::string cluster,
                               std::shared_ptr<storage::MemoryDatabase> database)
    : m_cluster(std::move(cluster)),
      m_database(std::move(database)),
      m_ca(crypto::createCa(m_cluster, systemNow(), std::chrono::hours(24)).value()) {}

crypto::Credentials FakeIdentities::issue(crypto::Role role, const std::string& name) const {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = m_cluster;
    request.name = name;
    request.hosts = {"127.0.0.1", "localhost"};
    request.now = systemNow();
    return crypto::issue(m_ca, request).value();
}

absl::StatusOr<IssuedCertificate> FakeIdentities::renew(const RenewQuestion& question) {
    crypto::CertificateRequest request;
    request.role = crypto::Role::Machine;
    request.cluster = m_cluster;
    request.name = question.uuid;
    request.now = systemNow();
    IssuedCertificate out;
    IFRIT_ASSIGN_OR_RETURN(out.certificatePem,
                           crypto::issueFromCsr(m_ca, question.csrPem, request));
    out.caPem = m_ca.certificatePem;
    out.cluster = m_cluster;
    out.expires = request.now + request.validity;
    return out;
}

absl::StatusOr<IssuedCertificate> FakeIdentities::enrol(const EnrolQuestion& question) {
    {
        absl::MutexLock lock(&mutex);
        if (joinTokens.erase(question.joinToken) == 0) return unauthenticated("JOIN_TOKEN");
    }
    IFRIT_ASSIGN_OR_RETURN(IssuedCertificate out,
                           renew({question.facts.uuid, "", question.csrPem, question.address}));
    {
        absl::MutexLock lock(&m_database->mutex);
        StoredMachine& machine = m_database->state.machines[question.facts.uuid];
        machine.facts = question.facts;
        machine.firstSeen = machine.lastSeen = systemNow();
    }
    if (enrolled) enrolled();
    return out;
}

absl::Status FakeIdentities::checkMachine(const std::string& uuid, const std::string&) {
    absl::MutexLock lock(&mutex);
    if (revoked.count(uuid) != 0)
        return base::permissionDenied("REVOKED", uuid, "machine {} is revoked", uuid);
    return absl::OkStatus();
}

absl::StatusOr<LoginResult> FakeIdentities::login(const std::string& user,
                                                  const std::string& password, const std::string&) {
    IFRIT_ASSIGN_OR_RETURN(Operator who, operatorByCertificate(user, {}));
    if (password != "secret") return unauthenticated("LOGIN");
    who.expires = systemNow() + std::chrono::hours(1);
    const std::string token = base::randomUuid();
    absl::MutexLock lock(&mutex);
    m_tokens[token] = who;
    return LoginResult{token, who};
}

absl::Status FakeIdentities::logout(const std::string& token, const std::string&) {
    absl::MutexLock lock(&mutex);
    m_tokens.erase(token);
    return absl::OkStatus();
}

absl::StatusOr<Operator> FakeIdentities::operatorByToken(const std::string& token) {
    absl::MutexLock lock(&mutex);
    const auto found = m_tokens.find(token);
    if (found == m_tokens.end()) return unauthenticated("TOKEN");
    return found->second;
}

absl::StatusOr<Operator> FakeIdentities::operatorByCertificate(const std::string& name,
                                                               const std::string&) {
    absl::MutexLock lock(&mutex);
    if (name == "root") return Operator{name, OperatorRole::SuperAdmin, {}};
    if (name == "eve") return Operator{name, OperatorRole::Reader, {}};
    return unauthenticated("LOGIN");
}

absl::StatusOr<std::vector<domain::Grant>> FakeIdentities::grantsOf(const std::string& name) {
    absl::MutexLock lock(&mutex);
    std::vector<domain::Grant> out;
    for (const domain::Grant& grant : grants) {
        if (grant.to == name) out.push_back(grant);
    }
    return out;
}

std::optional<KnownOperator> FakeIdentities::knownOperator(const std::string& name,
                                                           const std::string& serialHex) {
    const auto who = operatorByCertificate(name, serialHex);
    if (!who.ok()) return std::nullopt;
    return KnownOperator{*who, *grantsOf(name)};
}

std::vector<absl::Status> FakeIdentities::stillSignedIn(const std::vector<SignedIn>& who) {
    std::vector<absl::Status> out;
    for (const SignedIn& one : who)
        out.push_back(checkMachine(one.name, one.serialHex));
    return out;
}

absl::StatusOr<std::vector<AuditRow>> FakeAuditLog::list(const AuditQuery& query) {
    absl::MutexLock lock(&m_database->mutex);
    std::vector<AuditRow> out;
    const auto& audit = m_database->state.audit;
    for (std::size_t i = audit.size(); i > 0 && out.size() < query.limit; --i) {
        if (query.beforeId != 0 && i >= query.beforeId) continue;
        if (!query.result.empty() && audit[i - 1].entry.result != query.result) continue;
        if (!query.verb.empty() && audit[i - 1].entry.verb != query.verb) continue;
        out.push_back(audit[i - 1]);
    }
    return out;
}

FakeAuditLog::FakeAuditLog(std::shared_ptr<storage::MemoryDatabase> database,
                           const crypto::Credentials& ca, std::string cluster)
    : m_database(std::move(database)),
      m_cluster(std::move(cluster)),
      m_signer(
          crypto::StatementSigner::make(ca, m_cluster, "fake", systemNow(), std::chrono::hours(24))
              .value()) {}

absl::StatusOr<AuditCheck> FakeAuditLog::verify(const std::set<std::uint64_t>& rows,
                                                const IsGone& isGone) {
    IFRIT_ASSIGN_OR_RETURN(const auto found, m_database->trail.verify(*m_database, rows, isGone));
    AuditCheck out{found.rows,          found.headHash, found.intact,
                   found.firstBrokenId, found.message,  {}};
    IFRIT_ASSIGN_OR_RETURN(out.heads, head(rows));
    out.heads.hashes = found.hashes;
    return out;
}

absl::StatusOr<AuditHeadAnswer> FakeAuditLog::head(const std::set<std::uint64_t>& rows) {
    IFRIT_ASSIGN_OR_RETURN(const auto look, m_database->trail.look(*m_database, rows));
    AuditHeadAnswer out;
    out.hashes = look.hashes;
    out.head.head = {m_cluster, look.head.id, look.head.hash, systemNow()};
    IFRIT_ASSIGN_OR_RETURN(out.head.seal, m_signer.sign(ifrit::audit::kHeadStatement,
                                                        ifrit::audit::statementOf(out.head.head)));
    return out;
}

absl::StatusOr<std::vector<storage::AuditRow>> FakeAuditLog::read(std::uint64_t afterId,
                                                                  std::size_t limit) {
    std::vector<storage::AuditRow> rows;
    IFRIT_RETURN_IF_ERROR(m_database->read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().read(afterId, limit));
        return absl::OkStatus();
    }));
    return rows;
}

}  // namespace ifrit::master::services
