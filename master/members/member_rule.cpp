// SPDX-License-Identifier: Apache-2.0
#include "master/members/member_rule.h"

#include <utility>

namespace ifrit::master::members {
namespace {

constexpr std::chrono::minutes kRemembered{10};

}  // namespace

MemberRule::View MemberRule::look(const std::vector<storage::MemberRecord>& rows,
                                  base::SteadyTime now) {
    View out;
    const bool slept = now - m_lastLook > m_patience / 2;
    m_lastLook = now;
    std::map<std::string, Pulse> former = std::exchange(m_pulses, {});
    for (const storage::MemberRecord& row : rows) {
        const auto known = former.find(row.id);
        Pulse pulse{row.beats, now, true};
        if (known != former.end() && known->second.beats == row.beats) {
            pulse = known->second;
            if (slept && pulse.isAlive) pulse.at = now;
            const bool isAlive = now - pulse.at < m_patience;
            if (pulse.isAlive && !isAlive) out.died.push_back(row.id);
            pulse.isAlive = isAlive;
        }
        if (pulse.isAlive)
            out.alive.push_back(row);
        else if (now - pulse.at < kRemembered)
            out.silent.push_back(row);
        else
            out.forgotten.push_back(row.id);
        m_pulses[row.id] = pulse;
        if (known != former.end()) former.erase(known);
    }
    // One that said goodbye took its row with it.
    for (const auto& [id, pulse] : former) {
        if (pulse.isAlive) out.died.push_back(id);
    }
    return out;
}

}  // namespace ifrit::master::members
