// SPDX-License-Identifier: Apache-2.0
#include "master/auth/known_desks.h"

namespace ifrit::master::auth {

void KnownDesks::add(const std::string& desk) {
    absl::MutexLock lock(&m_mutex);
    if (!m_known.insert(desk).second) return;
    m_order.push_back(desk);
    if (m_order.size() <= kMost) return;
    m_known.erase(m_order.front());
    m_order.pop_front();
}

bool KnownDesks::has(const std::string& desk) const {
    absl::ReaderMutexLock lock(&m_mutex);
    return m_known.count(desk) != 0;
}

}  // namespace ifrit::master::auth
