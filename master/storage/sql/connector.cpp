// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/connector.h"

#include <utility>

namespace ifrit::master::storage::sql {

absl::StatusOr<std::unique_ptr<Connection>> Connector::open(Connection::Use use) {
    {
        absl::MutexLock lock(&m_mutex);
        if (!m_failure.ok() && m_clock.steadyNow() < m_nextTry) return m_failure;
    }
    auto opened = Connection::open(m_place, use);
    absl::MutexLock lock(&m_mutex);
    m_failure = opened.status();
    m_nextTry = m_clock.steadyNow() + kPause;
    return opened;
}

}  // namespace ifrit::master::storage::sql
