// SPDX-License-Identifier: Apache-2.0
#include "master/services/shown_plans.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::services {

ShownPlans::Plans::iterator ShownPlans::erase(Plans::iterator at) {
    m_bytes -= at->plan->bytes();
    return m_plans.erase(at);
}

void ShownPlans::put(const std::string& release, release::PlanOutline plan) {
    auto kept = std::make_shared<const release::PlanOutline>(std::move(plan));
    const auto isOfDraft = [&release](const Shown& one) { return one.release == release; };
    const absl::MutexLock lock(&m_mutex);
    const auto same = std::find_if(m_plans.begin(), m_plans.end(), [&](const Shown& one) {
        return isOfDraft(one) && one.plan->id() == kept->id();
    });
    if (same != m_plans.end()) erase(same);
    if (std::count_if(m_plans.begin(), m_plans.end(), isOfDraft) == kOfOneDraft)
        erase(std::find_if(m_plans.begin(), m_plans.end(), isOfDraft));
    m_bytes += kept->bytes();
    m_plans.push_back({release, std::move(kept)});
    while (m_bytes > m_bytesKept && m_plans.size() > 1)
        erase(m_plans.begin());
}

std::optional<std::vector<std::string>> ShownPlans::difference(const std::string& release,
                                                               const std::string& planId,
                                                               const release::Plan& current) const {
    std::shared_ptr<const release::PlanOutline> shown;
    {
        const absl::MutexLock lock(&m_mutex);
        const auto found = std::find_if(m_plans.begin(), m_plans.end(), [&](const Shown& one) {
            return one.release == release && one.plan->id() == planId;
        });
        if (found == m_plans.end()) return std::nullopt;
        shown = found->plan;
    }
    return shown->differenceTo(current);
}

void ShownPlans::forget(const std::string& release) {
    const absl::MutexLock lock(&m_mutex);
    for (auto at = m_plans.begin(); at != m_plans.end();)
        at = at->release == release ? erase(at) : std::next(at);
}

void ShownPlans::clear() {
    const absl::MutexLock lock(&m_mutex);
    m_plans.clear();
    m_bytes = 0;
}

std::size_t ShownPlans::bytes() const {
    const absl::MutexLock lock(&m_mutex);
    return m_bytes;
}

}  // namespace ifrit::master::services
