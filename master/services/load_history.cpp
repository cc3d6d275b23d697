// SPDX-License-Identifier: Apache-2.0
#include "master/services/load_history.h"

#include <algorithm>
#include <iterator>

namespace ifrit::master::services {

void LoadHistory::tick(const CallCounts& counts, base::SteadyTime now, base::WallTime at) {
    if (m_before && now - m_since < m_interval) return;
    CallTotals after = counts.totals();
    if (m_before) {
        const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_since);
        const LoadSample sample = loadBetween(*m_before, after, span, at);
        const absl::MutexLock lock(&m_mutex);
        m_samples.push_back(sample);
        if (m_samples.size() > kMost) m_samples.pop_front();
    }
    m_before = std::move(after);
    m_since = now;
}

std::vector<LoadSample> LoadHistory::samples(std::chrono::milliseconds within,
                                             base::WallTime now) const {
    const absl::MutexLock lock(&m_mutex);
    std::vector<LoadSample> out;
    std::copy_if(
        m_samples.begin(), m_samples.end(), std::back_inserter(out),
        [&](const LoadSample& sample) { return within.count() == 0 || now - sample.at <= within; });
    return out;
}

}  // namespace ifrit::master::services
