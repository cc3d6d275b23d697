// SPDX-License-Identifier: Apache-2.0
#include "agent/link/connection.h"

#include <algorithm>
#include <utility>

#include "agent/link/master_order.h"

namespace ifrit::agent::link {

namespace {

absl::Status notEnrolled() {
    return base::makeError(absl::StatusCode::kUnavailable, "NOT_ENROLLED", "",
                           "this machine has no certificate yet; it is enrolling");
}

}  // namespace

Connection::Connection(MasterConnector& connector, Masters masters, std::string uuid)
    : m_connector(connector), m_uuid(std::move(uuid)), m_masters(std::move(masters)) {
    m_masters.addresses = ordered(m_masters.addresses);
}

std::vector<std::string> Connection::ordered(const std::vector<std::string>& addresses) const {
    return masterOrder(m_uuid, addresses);
}

std::string Connection::address() const {
    return endpoint().address;
}

Endpoint Connection::endpoint() const {
    const absl::MutexLock lock(&m_mutex);
    return {m_masters.addresses[m_index], m_masters.serverName};
}

std::vector<std::string> Connection::preferred() const {
    const absl::MutexLock lock(&m_mutex);
    const auto first = m_masters.addresses.begin();
    return {first, first + static_cast<std::ptrdiff_t>(m_index)};
}

void Connection::use(Masters masters) {
    masters.addresses = ordered(masters.addresses);
    const absl::MutexLock lock(&m_mutex);
    leaveLine();
    // Who is well served stays: all machines may be told of another master at one instant.
    const auto same =
        std::find(masters.addresses.begin(), masters.addresses.end(), m_masters.addresses[m_index]);
    m_index = same == masters.addresses.end()
                  ? 0
                  : static_cast<std::size_t>(same - masters.addresses.begin());
    m_masters = std::move(masters);
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

absl::Status Connection::checkUsable() const {
    if (m_down) return absl::CancelledError("ifrit-agent is ending");
    return m_identity ? absl::OkStatus() : notEnrolled();
}

absl::StatusOr<std::shared_ptr<MasterClient>> Connection::client() {
    const absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(checkUsable());
    if (!m_client) {
        m_client =
            m_connector.connect({m_masters.addresses[m_index], m_masters.serverName}, *m_identity);
    }
    return m_client;
}

absl::StatusOr<std::shared_ptr<MasterClient>> Connection::lineBeside(const std::string& address) {
    const absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(checkUsable());
    std::shared_ptr<MasterClient> line =
        m_connector.connect({address, m_masters.serverName}, *m_identity);
    remember(line);
    return line;
}

absl::Status Connection::moveTo(const std::string& address, std::shared_ptr<MasterClient> client) {
    const absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(checkUsable());
    const auto& all = m_masters.addresses;
    const auto found = std::find(all.begin(), all.end(), address);
    if (found == all.end()) return absl::NotFoundError("it is no master of ours any more");
    leaveLine();
    m_index = static_cast<std::size_t>(found - all.begin());
    m_client = std::move(client);
    return absl::OkStatus();
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
    remember(m_client);
    m_client.reset();
}

void Connection::remember(const std::shared_ptr<MasterClient>& client) {
    m_former.erase(std::remove_if(m_former.begin(), m_former.end(),
                                  [](const auto& former) { return former.expired(); }),
                   m_former.end());
    m_former.push_back(client);
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
