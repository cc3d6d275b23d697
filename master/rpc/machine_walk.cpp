// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_walk.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::size_t kNamesAtOnce = 500;

}  // namespace

bool MachineWalk::fetch() {
    if (m_at < m_names.size()) return true;
    if (m_isLastPiece) return false;
    m_names = m_fleet.namesAfter(m_last, kNamesAtOnce);
    m_at = 0;
    m_isLastPiece = m_names.size() < kNamesAtOnce;
    if (!m_names.empty()) m_last = *m_names.back();
    return !m_names.empty();
}

std::optional<services::MachineView> MachineWalk::next(
    base::WallTime now, std::chrono::steady_clock::time_point until) {
    while (fetch() && std::chrono::steady_clock::now() < until) {
        auto machine = m_fleet.find(m_names[m_at++]);
        if (machine && services::matches(m_filter, *machine, now)) return machine;
    }
    return std::nullopt;
}

}  // namespace ifrit::master::rpc
