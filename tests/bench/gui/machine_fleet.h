// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "gui/services/fleet.h"

namespace ifrit::bench {

namespace services = gui::services;

/// A fleet of any size as the steps of a machine stream, made as they are asked for: nothing of it
/// is kept, so that what the process holds is the desktop's.
class MachineFleet {
public:
    MachineFleet(std::uint32_t machines, std::int64_t nowMs)
        : m_machines(machines), m_nowMs(nowMs) {}

    /// Rows [first, first + rows) of the snapshot; the first begins it, the last ends it.
    services::MachinesUpdate snapshotPart(std::uint32_t first, std::uint32_t rows);
    /// `rows` machines, chosen by chance, in another state each time.
    services::MachinesUpdate delta(std::uint32_t rows);

private:
    void add(services::MachinesUpdate& update, std::uint32_t machine, std::uint32_t address,
             std::uint32_t hostname, std::uint32_t turn);
    std::uint32_t m_machines;
    std::int64_t m_nowMs;
    std::uint32_t m_turn = 0;
    std::uint64_t m_random = 1;
};

}  // namespace ifrit::bench
