// SPDX-License-Identifier: Apache-2.0
#include "master/members/lease_rule.h"

namespace ifrit::master::members {

LeaseRule::Step LeaseRule::look(const storage::LeaseRecord& lease, base::SteadyTime now) {
    const bool slept = now - m_lastLook > m_duration / 2;
    m_lastLook = now;
    if (!m_unchangedSince || slept || !(lease == m_seen)) {
        m_seen = lease;
        m_unchangedSince = now;
    }
    if (lease.holder == m_self) {
        // Also where the answer to the commit that took it was lost: it was ours all the same.
        m_token = lease.token;
        return Step::Renew;
    }
    if (m_token) {
        m_token.reset();
        return Step::StepDown;
    }
    if (lease.holder.empty() || now - *m_unchangedSince >= m_duration) return Step::Take;
    return Step::Wait;
}

bool LeaseRule::isHolderAlive(base::SteadyTime now) const {
    return m_unchangedSince && !m_seen.holder.empty() && now - *m_unchangedSince < m_duration;
}

storage::LeaseRecord LeaseRule::taken(const storage::LeaseRecord& lease,
                                      const std::string& address) const {
    return {m_self, address, lease.token + 1, lease.renewals + 1};
}

storage::LeaseRecord LeaseRule::renewed(storage::LeaseRecord lease) {
    ++lease.renewals;
    return lease;
}

storage::LeaseRecord LeaseRule::released(storage::LeaseRecord lease) {
    lease.holder.clear();
    lease.address.clear();
    ++lease.renewals;
    return lease;
}

}  // namespace ifrit::master::members
