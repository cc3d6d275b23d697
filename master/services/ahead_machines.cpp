// SPDX-License-Identifier: Apache-2.0
#include "master/services/ahead_machines.h"

namespace ifrit::master::services {

bool AheadMachines::isLeftBehind(const std::string& uuid, std::uint64_t held, base::SteadyTime now,
                                 base::SteadyTime confirmed) {
    absl::MutexLock lock(&m_mutex);
    const auto [machine, isNew] = m_machines.try_emplace(uuid, Ahead{held, now});
    m_count = m_machines.size();
    if (isNew) return false;
    // Another state than before: it follows somebody.
    if (machine->second.held != held) {
        machine->second = {held, now};
        return false;
    }
    if (confirmed - machine->second.since < kPatience) return false;
    machine->second.since = now;
    return true;
}

void AheadMachines::follows(const std::string& uuid) {
    if (m_count == 0) return;
    absl::MutexLock lock(&m_mutex);
    m_machines.erase(uuid);
    m_count = m_machines.size();
}

void AheadMachines::forgetUnless(const std::function<bool(const std::string& uuid)>& isThere) {
    if (m_count == 0) return;
    absl::MutexLock lock(&m_mutex);
    std::erase_if(m_machines, [&isThere](const auto& it) { return !isThere(it.first); });
    m_count = m_machines.size();
}

}  // namespace ifrit::master::services
