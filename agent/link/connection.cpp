// SPDX-License-Identifier: Apache-2.0
#include "agent/link/connection.h"

#include <algorithm>

namespace ifrit::agent::link {

namespace {

absl::Status notEnrolled() {
    return base::makeError(absl::StatusCode::kUnavailable, "NOT_ENROLLED", "",
                           "this machine has no certificate yet; it is enrolling");
}

}  // namespace

Connection::Connection(MasterConnector& connector, Masters masters, double start)
    : m_connector(connector), m_masters(std::move(masters)) {
    const std::size_t count = m_masters.addresses.size();
    m_index = static_cast<std::size_t>(start * static_cast<double>(count)) % count;
}

std::string Connection::address() const {
    return endpoint().address;
}

Endpoint Connection::endpoint() const {
    const absl::MutexLock lock(&m_mutex);
    return {m_masters.addresses[m_index], m_masters.serverName};
}

void Connection::use(Masters masters) {
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
    m_masters = std::move(masters);
    m_index %= m_masters.addresses.size();
}

absl::StatusOr<MachineIdentity> Connection::identity() const {
    const absl::MutexLock lock(&m_mutex);
    if (!m_identity) return notEnrolled();
    return *m_identity;
}

void Connection::setIdentity(MachineIdentity identity) {
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
    m_identity = std::move(identity);
}

absl::StatusOr<std::shared_ptr<MasterClient>> Connection::client() {
    const absl::MutexLock lock(&m_mutex);
    if (m_down) return absl::CancelledError("ifrit-agent is ending");
    if (!m_identity) return notEnrolled();
    if (!m_client) {
        m_client =
            m_connector.connect({m_masters.addresses[m_index], m_masters.serverName}, *m_identity);
    }
    return m_client;
}

void Connection::rotate() {
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
    m_index = (m_index + 1) % m_masters.addresses.size();
}

bool Connection::tryNext() {
    {
        const absl::MutexLock lock(&m_mutex);
        if (m_masters.addresses.size() < 2) return false;
    }
    rotate();
    return true;
}

bool Connection::isCurrent(const MasterClient& client) const {
    const absl::MutexLock lock(&m_mutex);
    return m_client.get() == &client;
}

void Connection::disconnect() {
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
}

void Connection::leaveLine() {
    if (!m_client) return;
    m_former.erase(std::remove_if(m_former.begin(), m_former.end(),
                                  [](const auto& former) { return former.expired(); }),
                   m_former.end());
    m_former.push_back(m_client);
    m_client.reset();
}

void Connection::shutDown() {
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
    m_down = true;
    for (const auto& former : m_former) {
        if (const std::shared_ptr<MasterClient> client = former.lock()) client->cancel();
    }
}

absl::StatusOr<package::ManifestOffer> ConnectedPackageSource::manifest(const std::string& digest) {
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client, m_connection.client());
    return client->manifest(digest);
}

absl::Status ConnectedPackageSource::archive(const std::string& digest, std::uint64_t offset,
                                             std::chrono::milliseconds timeout,
                                             const ArchiveSink& sink) {
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client, m_connection.client());
    return client->archive(digest, offset, timeout, sink);
}

}  // namespace ifrit::agent::link
