// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "master/services/fleet.h"
#include "master/services/machine_filter.h"

namespace ifrit::master::rpc {

/// The machines that match a filter, by uuid, without a copy of all: what comes and goes meanwhile
/// is seen or not, and nothing twice. Stops where it has looked for long enough, since how long a
/// filter takes is its writer's choice. Borrows the fleet. Not thread-safe.
class MachineWalk {
public:
    /// Those after `after`; empty: all.
    MachineWalk(const services::Fleet& fleet, filter::MachineFilter filter, std::string after)
        : m_fleet(fleet), m_filter(std::move(filter)), m_last(std::move(after)) {}

    /// The next one. nullopt: there are no more (isAtEnd()), or `until` has come.
    std::optional<services::MachineView> next(base::WallTime now,
                                              std::chrono::steady_clock::time_point until);
    bool isAtEnd() const { return m_isLastPiece && m_at == m_names.size(); }

private:
    bool fetch();

    const services::Fleet& m_fleet;
    const filter::MachineFilter m_filter;
    std::vector<base::SharedText> m_names;
    std::size_t m_at = 0;
    std::string m_last;
    bool m_isLastPiece = false;
};

}  // namespace ifrit::master::rpc
