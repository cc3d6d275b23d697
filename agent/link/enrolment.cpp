// SPDX-License-Identifier: Apache-2.0
#include "agent/link/enrolment.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "agent/link/link_policy.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::link {
namespace {

/// Not in each poll: a master that cannot sign must not be asked every few seconds by everybody.
constexpr std::chrono::minutes kRenewalPause{5};

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
        return m_identity ? base::annotate(token.status(), "the machine's certificate has expired")
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
    return adopt(connection, std::move(identity));
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
