// SPDX-License-Identifier: Apache-2.0
#include "master/auth/enrolment.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "master/auth/tokens.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/crypto/certificates.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {
namespace {

constexpr std::chrono::hours kLongestRenewalWait{24};

absl::Status unauthenticated(std::string_view reason, const std::string& uuid,
                             std::string_view message) {
    return base::makeError(absl::StatusCode::kUnauthenticated, reason, uuid, message);
}

storage::AuditEntry entryOf(const std::string& verb, const std::string& uuid,
                            const std::string& address, base::WallTime now) {
    storage::AuditEntry entry;
    entry.at = now;
    entry.actor = uuid;
    entry.via = verb == "machine.enrol" ? "join token" : "certificate";
    entry.address = address;
    entry.verb = verb;
    entry.object = uuid;
    entry.result = "allowed";
    return entry;
}

std::string serialJson(const storage::CertificateRecord& record) {
    return fmt::format("{{\"serial\":\"{}\",\"not_after_ms\":{}}}", record.serialHex,
                       base::toUnixMillis(record.notAfter));
}

absl::Status checkNames(const Enrolment::Request& request, const std::string& cluster) {
    IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(request.facts.uuid));
    IFRIT_RETURN_IF_ERROR(domain::checkMachineType(request.facts.machineType));
    if (request.cluster.empty() || request.cluster == cluster) return absl::OkStatus();
    return unauthenticated("TOKEN_OTHER_CLUSTER", request.facts.uuid,
                           fmt::format("the machine was told to join cluster {}, this is {}; "
                                       "correct its configuration",
                                       request.cluster, cluster));
}

}  // namespace

Enrolment::Enrolment(const Parts& parts) : m_parts(parts), m_refusals(parts.clock, {}) {}

absl::StatusOr<Enrolment::Answer> Enrolment::answerOf(storage::Transaction& view,
                                                      const Request& request,
                                                      const storage::JoinTokenRecord& token) const {
    const std::string& uuid = request.facts.uuid;
    const absl::Status used = unauthenticated(
        "TOKEN_USED", uuid,
        fmt::format("the join token was used by machine {}; each machine needs its own",
                    token.usedBy));
    if (token.usedBy != uuid || token.certificatePem.empty()) return used;
    IFRIT_ASSIGN_OR_RETURN(const std::string key, crypto::csrKeySha256(request.csrPem));
    if (key != token.usedKey) return used;
    CertificateAuthority::Signed out;
    out.certificatePem = token.certificatePem;
    IFRIT_ASSIGN_OR_RETURN(const crypto::Identity identity,
                           crypto::parseIdentity(token.certificatePem));
    IFRIT_ASSIGN_OR_RETURN(const auto record, view.certificates().find(identity.serialHex));
    if (!record || record->revoked) return used;
    out.record = *record;
    return Answer(std::move(out));
}

absl::StatusOr<Enrolment::Answer> Enrolment::checkToken(storage::Transaction& view,
                                                        const Request& request,
                                                        const std::string& tokenHash) const {
    const std::string& uuid = request.facts.uuid;
    IFRIT_ASSIGN_OR_RETURN(const auto token, view.tokens().find(tokenHash));
    if (!token) {
        return unauthenticated("TOKEN_UNKNOWN", uuid,
                               "the join token is unknown here; make one with `ifrit-master "
                               "join-token` on this cluster");
    }
    const bool expired = token->expires <= m_parts.clock.now();
    if (token->used && !expired) return answerOf(view, request, *token);
    if (token->used) {
        return unauthenticated(
            "TOKEN_USED", uuid,
            fmt::format("the join token was used by machine {} and has expired", token->usedBy));
    }
    if (expired)
        return unauthenticated("TOKEN_EXPIRED", uuid, "the join token has expired; make a new one");
    if (!token->uuid.empty() && token->uuid != uuid) {
        return unauthenticated("TOKEN_OTHER_MACHINE", uuid,
                               fmt::format("the join token is for machine {}", token->uuid));
    }
    IFRIT_ASSIGN_OR_RETURN(const auto known, view.machines().find(uuid));
    if (!known || token->uuid == uuid) return Answer();
    return base::makeError(
        absl::StatusCode::kAlreadyExists, "MACHINE_ENROLLED", uuid,
        fmt::format("machine {0} is enrolled already; to enrol it again make a token that names "
                    "it (`ifrit-master join-token --uuid {0}`)",
                    uuid));
}

absl::StatusOr<CertificateAuthority::Signed> Enrolment::store(
    const Request& request, const std::string& tokenHash,
    const CertificateAuthority::Signed& certificate, base::WallTime now) {
    const std::string& uuid = request.facts.uuid;
    IFRIT_ASSIGN_OR_RETURN(const std::string key, crypto::csrKeySha256(request.csrPem));
    CertificateAuthority::Signed standing;
    const auto work = [&](storage::Transaction& transaction) -> absl::Status {
        standing = certificate;
        // Again inside the transaction: somebody may have been faster, also with this request.
        IFRIT_ASSIGN_OR_RETURN(Answer answer, checkToken(transaction, request, tokenHash));
        if (answer) {
            standing = *std::move(answer);
            return absl::OkStatus();
        }
        IFRIT_ASSIGN_OR_RETURN(
            const bool mine,
            transaction.tokens().consume(tokenHash, {uuid, key, certificate.certificatePem}, now));
        if (!mine) {
            return unauthenticated("TOKEN_USED", uuid,
                                   "the join token was used by another machine just now");
        }
        IFRIT_ASSIGN_OR_RETURN(
            const std::uint64_t revoked,
            transaction.certificates().revokeAllOf("machine", uuid, now, "enrolled again"));
        IFRIT_RETURN_IF_ERROR(transaction.certificates().add(certificate.record));
        IFRIT_RETURN_IF_ERROR(transaction.machines().enrol(request.facts, now));
        storage::AuditEntry entry = entryOf("machine.enrol", uuid, request.address, now);
        entry.before = fmt::format("{{\"revoked_certificates\":{}}}", revoked);
        entry.after = serialJson(certificate.record);
        return m_parts.audit.append(transaction, entry);
    };
    IFRIT_RETURN_IF_ERROR(m_parts.database.transact(work));
    return standing;
}

absl::StatusOr<CertificateAuthority::Signed> Enrolment::tryEnrol(const Request& request) {
    const std::string& cluster = m_parts.authority.cluster();
    IFRIT_RETURN_IF_ERROR(checkNames(request, cluster));
    IFRIT_ASSIGN_OR_RETURN(const std::string named, clusterOfJoinToken(request.joinToken));
    if (named != cluster) {
        return unauthenticated("TOKEN_OTHER_CLUSTER", request.facts.uuid,
                               fmt::format("the join token is for cluster {}, this is {}; make "
                                           "one here or give the machine the other's address",
                                           named, cluster));
    }
    // Before anything is signed, so that strangers do not make the master work.
    const std::string tokenHash = hashOfToken(request.joinToken);
    Answer answer;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(answer, checkToken(view, request, tokenHash));
        return absl::OkStatus();
    }));
    if (answer) return *std::move(answer);
    const base::WallTime now = m_parts.clock.now();
    IFRIT_ASSIGN_OR_RETURN(const CertificateAuthority::Signed certificate,
                           m_parts.authority.signMachine(request.facts.uuid, request.csrPem, now));
    return store(request, tokenHash, certificate, now);
}

absl::StatusOr<CertificateAuthority::Signed> Enrolment::enrol(const Request& request) {
    auto out = tryEnrol(request);
    if (!out.ok())
        recordRefusal(
            entryOf("machine.enrol", request.facts.uuid, request.address, m_parts.clock.now()),
            out.status());
    return out;
}

void Enrolment::recordRefusal(const storage::AuditEntry& entry, const absl::Status& why) {
    // The caller is anybody: rows and log lines per address are limited, or both could be filled
    // from outside; and a name that is none is not repeated.
    const std::string host = entry.address.substr(0, entry.address.rfind(':'));
    if (m_refusals.waitOf(host)) return;
    m_refusals.failed(host);
    storage::AuditEntry row = entry;
    if (!domain::checkMachineUuid(row.actor).ok()) row.actor = row.object = "unknown";
    row.result = why.code() == absl::StatusCode::kUnauthenticated ? "denied" : "failed";
    row.error = base::messageOf(why);
    spdlog::warn("{} of {} from {} refused: {}", row.verb, row.object, row.address, row.error);
    const absl::Status written = m_parts.audit.record(m_parts.database, row);
    if (!written.ok())
        spdlog::error("a refused {} could not be audited: {}", row.verb, base::messageOf(written));
}

absl::Status Enrolment::checkRenewal(storage::Transaction& view, const Renewal& renewal,
                                     base::WallTime now) const {
    const std::string& uuid = renewal.uuid;
    IFRIT_ASSIGN_OR_RETURN(const auto known, view.machines().find(uuid));
    if (!known) {
        return base::notFound("MACHINE_UNKNOWN", uuid,
                              "machine {} is not in this cluster any more; enrol it again with a "
                              "new join token",
                              uuid);
    }
    IFRIT_ASSIGN_OR_RETURN(const auto all, view.certificates().listOf("machine", uuid));
    const auto own = std::find_if(all.begin(), all.end(), [&](const auto& certificate) {
        return certificate.serialHex == renewal.serialHex;
    });
    // After a restore the database may not know it. Then the others say whether the machine is out.
    const bool isRevoked =
        own != all.end()
            ? own->revoked.has_value()
            : !all.empty() && std::all_of(all.begin(), all.end(), [](const auto& other) {
                  return other.revoked.has_value();
              });
    if (isRevoked) {
        return base::permissionDenied("CERTIFICATE_REVOKED", uuid,
                                      "the certificate of {} was revoked; it needs a new one",
                                      uuid);
    }
    std::vector<base::WallTime> ends;
    for (const storage::CertificateRecord& certificate : all) {
        if (!certificate.revoked && now < certificate.notAfter)
            ends.push_back(certificate.notAfter);
    }
    // A machine that has but the one may renew it at any time.
    base::WallTime next = now;
    if (ends.size() > 1) next = all.front().issued + kLeastBetweenRenewals;
    if (ends.size() >= kMostCertificates)
        next = std::max(next, *std::min_element(ends.begin(), ends.end()));
    // Of another master's clock it may be ahead, but by no more than this.
    const auto wait = std::min<std::chrono::milliseconds>(next - now, kLongestRenewalWait);
    if (wait.count() <= 0) return absl::OkStatus();
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "RENEWED_LATELY", uuid,
                        fmt::format("machine {} has a new certificate already ({} stand); the next "
                                    "in {}",
                                    uuid, ends.size(), base::sayDuration(wait))),
        {{}, wait, 0, 0});
}

absl::StatusOr<CertificateAuthority::Signed> Enrolment::renew(const Renewal& renewal) {
    const std::string& uuid = renewal.uuid;
    const base::WallTime now = m_parts.clock.now();
    // Before anything is signed, which is what costs.
    IFRIT_RETURN_IF_ERROR(m_parts.database.read(
        [&](storage::Transaction& view) { return checkRenewal(view, renewal, now); }));
    IFRIT_ASSIGN_OR_RETURN(const CertificateAuthority::Signed certificate,
                           m_parts.authority.signMachine(uuid, renewal.csrPem, now));
    const absl::Status stored =
        m_parts.database.transact([&](storage::Transaction& transaction) -> absl::Status {
            // Again: a revocation that was committed meanwhile knew nothing of the new one.
            IFRIT_RETURN_IF_ERROR(checkRenewal(transaction, renewal, now));
            IFRIT_RETURN_IF_ERROR(transaction.certificates().add(certificate.record));
            storage::AuditEntry entry = entryOf("machine.renew", uuid, renewal.address, now);
            entry.after = serialJson(certificate.record);
            return m_parts.audit.append(transaction, entry);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return certificate;
}

absl::StatusOr<std::vector<std::string>> makeJoinTokens(storage::Database& database,
                                                        const audit::AuditTrail& audit,
                                                        const std::string& cluster,
                                                        const storage::JoinTokenRecord& like,
                                                        std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(makeJoinToken(cluster));
    const absl::Status stored =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            for (const std::string& token : out) {
                storage::JoinTokenRecord record = like;
                record.tokenHash = hashOfToken(token);
                IFRIT_RETURN_IF_ERROR(transaction.tokens().add(record));
            }
            storage::AuditEntry entry;
            entry.at = like.created;
            entry.actor = like.createdBy;
            entry.via = "ifrit-master";
            entry.verb = "join_token.create";
            entry.object = like.uuid;
            entry.result = "allowed";
            entry.after = fmt::format("{{\"count\":{},\"expires_ms\":{}}}", count,
                                      base::toUnixMillis(like.expires));
            return audit.append(transaction, entry);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return out;
}

}  // namespace ifrit::master::auth
