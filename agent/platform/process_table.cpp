// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

const std::vector<std::int32_t>& SessionList::of(std::int32_t session) const {
    static const std::vector<std::int32_t> kNobody;
    const auto found = m_pids.find(session);
    return found == m_pids.end() ? kNobody : found->second;
}

}  // namespace ifrit::agent::platform
