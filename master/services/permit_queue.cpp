// SPDX-License-Identifier: Apache-2.0
#include "master/services/permit_queue.h"

namespace ifrit::master::services {

std::vector<AskedPermit*> PermitQueue::take(AskedPermit& own) {
    std::vector<AskedPermit*> group;
    const absl::MutexLock lock(&m_mutex);
    m_asked.push_back(&own);
    const auto goesOn = [this, &own]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return own.isAnswered || !m_isAnswering;
    };
    m_mutex.Await(absl::Condition(&goesOn));
    if (own.isAnswered) return group;
    m_isAnswering = true;
    group.swap(m_asked);
    return group;
}

void PermitQueue::answered(const std::vector<AskedPermit*>& group) {
    const absl::MutexLock lock(&m_mutex);
    for (AskedPermit* one : group)
        one->isAnswered = true;
    m_isAnswering = false;
}

std::size_t PermitQueue::waiting() const {
    const absl::MutexLock lock(&m_mutex);
    return m_asked.size();
}

}  // namespace ifrit::master::services
