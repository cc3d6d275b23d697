// SPDX-License-Identifier: Apache-2.0
#include "agent/link/enrolment.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "agent/link/link_policy.h"
#include "shared/base/call_details.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::link {
namespace {

/// Not in each poll: a master that cannot sign must not be asked every few seconds by everybody.
constexpr std::chrono::minutes kRenewalPause{5};
/// A token that was used stays so, and each try is a row in the master's audit.
constexpr std::chrono::minutes kRefusedTokenPause{10};

/// What the operator can do about a refused enrolment.
absl::Status explained(const absl::Status& status, const std::string& uuid) {
    switch (status.code()) {
        case absl::StatusCode::kUnauthenticated:
            return base::annotate(status,
                                  "the join token was refused; make a new one with `ifrit-master "
                                  "join-token` and put it into join_token_file");
        case absl::StatusCode::kAlreadyExists:
            return base::annotate(
                status, fmt::format("uuid {} is enrolled already; if this is a cloned image give "
                                    "this machine its own uuid, else make a token that names it",
                                    uuid));
        default:
            return status;
    }
}

}  // namespace

Enrolment::Enrolment(IdentityStore& store, MasterConnector& connector, const base::Clock& clock,
                     EnrolmentSettings settings)
    : m_store(store), m_connector(connector), m_clock(clock), m_settings(std::move(settings)) {}

absl::Status Enrolment::adopt(Connection& connection, MachineIdentity identity) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::CertificateInfo info,
                           crypto::describeCertificate(identity.certificatePem));
    m_notBefore = info.notBefore;
    m_notAfter = info.notAfter;
    connection.setIdentity(identity);
    m_identity = std::move(identity);
    return absl::OkStatus();
}

absl::Status Enrolment::adoptStored(Connection& connection) {
    if (m_loaded) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(std::optional<StoredIdentity> stored, m_store.load());
    if (stored && stored->uuid != m_settings.uuid) {
        // Of the machine that this disk was copied from. To speak as that one would mix the two.
        IFRIT_ASSIGN_OR_RETURN(const std::string aside, m_store.setAside(stored->uuid));
        spdlog::warn("the certificate of machine {} is not used by machine {}; it is kept as {}",
                     stored->uuid, m_settings.uuid, aside);
    } else if (stored) {
        m_marks = stored->marks.empty() ? m_settings.marks : std::move(stored->marks);
        IFRIT_RETURN_IF_ERROR(adopt(connection, std::move(stored->identity)));
    }
    m_loaded = true;
    return absl::OkStatus();
}

absl::Status Enrolment::ensure(Connection& connection) {
    IFRIT_RETURN_IF_ERROR(adoptStored(connection));
    const base::WallTime now = m_clock.now();
    if (!m_identity || now >= m_notAfter) {
        return enrolWith(connection, connection.endpoint(), "");
    }
    if (m_isRevoked) {
        replaceRevoked(connection, now);
        return absl::OkStatus();
    }
    if (isRenewalDue(m_notBefore, m_notAfter, now) && now >= m_nextRenewal) {
        m_nextRenewal =
            now + std::min<std::chrono::milliseconds>(kRenewalPause, (m_notAfter - now) / 10);
        if (const absl::Status status = renew(connection); !status.ok()) {
            spdlog::warn("the certificate was not renewed (it ends in {} s): {}",
                         std::chrono::duration_cast<std::chrono::seconds>(m_notAfter - now).count(),
                         base::messageOf(status));
        }
    }
    return absl::OkStatus();
}

absl::Status Enrolment::enrolWith(Connection& connection, const Endpoint& master,
                                  const std::string& caPem) {
    IFRIT_RETURN_IF_ERROR(adoptStored(connection));
    absl::StatusOr<std::string> token = m_settings.joinToken();
    if (!token.ok()) {
        const bool hasEnded = m_identity && m_clock.now() >= m_notAfter;
        return hasEnded ? base::annotate(token.status(), "the machine's certificate has expired")
                        : token.status();
    }
    EnrolRequest request;
    request.joinToken = *std::move(token);
    request.uuid = m_settings.uuid;
    request.cluster = m_settings.cluster;
    request.facts = m_settings.facts();
    MachineIdentity identity;
    std::string roots = caPem;
    if (roots.empty()) {
        IFRIT_ASSIGN_OR_RETURN(roots, m_settings.caPem());
    }
    IFRIT_ASSIGN_OR_RETURN(identity.privateKeyPem, m_store.pendingKey());
    IFRIT_ASSIGN_OR_RETURN(request.csrPem,
                           crypto::createCsr(identity.privateKeyPem, m_settings.uuid));
    const absl::StatusOr<IssuedCertificate> issued = m_connector.enrol(master, roots, request);
    if (!issued.ok()) return explained(issued.status(), m_settings.uuid);
    identity.certificatePem = issued->certificatePem;
    identity.caPem = issued->caPem;
    IFRIT_RETURN_IF_ERROR(join(identity));
    IFRIT_RETURN_IF_ERROR(m_store.save(identity, m_settings.marks, m_clock.now()));
    m_marks = m_settings.marks;
    spdlog::info("enrolled as {} with master {}", m_settings.uuid, master.address);
    m_store.dropPendingKey();
    m_isRevoked = false;
    return adopt(connection, std::move(identity));
}

absl::Status Enrolment::judged(const absl::Status& answer) {
    if (answer.ok()) m_isRevoked = false;
    const base::ErrorInfo info = base::errorInfo(answer);
    if (info.reason != "CERTIFICATE_REVOKED") return answer;
    if (!m_isRevoked) m_notReplaced = absl::OkStatus();
    m_isRevoked = true;
    if (m_notReplaced.ok()) return answer;
    return base::withCallDetails(
        base::makeError(answer.code(), info.reason, info.subject,
                        base::messageOf(answer) + ": " + base::messageOf(m_notReplaced)),
        base::callDetails(answer));
}

void Enrolment::replaceRevoked(Connection& connection, base::WallTime now) {
    const std::string token = m_settings.joinToken().value_or("");
    if (!token.empty() && token == m_refusedToken && now < m_refusedUntil) return;
    m_refusedToken.clear();
    // By the CA with which the master was believed that refused the certificate.
    m_notReplaced = enrolWith(connection, connection.endpoint(), m_identity->caPem);
    if (!absl::IsUnauthenticated(m_notReplaced)) return;
    m_refusedToken = token;
    m_refusedUntil = now + kRefusedTokenPause;
}

absl::Status Enrolment::join(const MachineIdentity& identity) {
    if (!m_settings.joined) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const auto named, crypto::parseIdentity(identity.certificatePem));
    // Clusters may have one name; no two have one CA.
    return m_settings.joined(
        fmt::format("{} {}", named.cluster, crypto::sha256Hex(identity.caPem)));
}

absl::Status Enrolment::trust(Connection& connection, const std::string& caPem) {
    if (!m_identity) return absl::OkStatus();
    MachineIdentity identity = *m_identity;
    identity.caPem = caPem;
    IFRIT_RETURN_IF_ERROR(m_store.save(identity, m_marks, m_clock.now()));
    return adopt(connection, std::move(identity));
}

absl::Status Enrolment::renew(Connection& connection) {
    MachineIdentity identity;
    IFRIT_ASSIGN_OR_RETURN(identity.privateKeyPem, crypto::generatePrivateKey());
    IFRIT_ASSIGN_OR_RETURN(const std::string csr,
                           crypto::createCsr(identity.privateKeyPem, m_settings.uuid));
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client, connection.client());
    IFRIT_ASSIGN_OR_RETURN(IssuedCertificate issued, client->renew(csr));
    identity.certificatePem = std::move(issued.certificatePem);
    identity.caPem = std::move(issued.caPem);
    IFRIT_RETURN_IF_ERROR(m_store.save(identity, m_marks, m_clock.now()));
    spdlog::info("the machine's certificate was renewed");
    return adopt(connection, std::move(identity));
}

}  // namespace ifrit::agent::link
