// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "gui/services/fleet.h"

namespace ifrit::tests {

namespace services = gui::services;

/// A fleet of any size as the steps of a machine stream, made as they are asked for: nothing of it
/// is kept, so that what the process holds is the desktop's.
class MachineFleet {
public:
    /// Two texts of labels for all, or one of each machine's own.
    enum class Labels { Shared, Own };
    MachineFleet(std::uint32_t machines, std::int64_t nowMs, Labels labels = Labels::Shared)
        : m_machines(machines), m_nowMs(nowMs), m_labels(labels) {}

    /// Rows [first, first + rows) of the snapshot; the first begins it, the last ends it.
    services::MachinesUpdate snapshotPart(std::uint32_t first, std::uint32_t rows);
    /// `rows` machines, chosen by chance, in another state each time.
    services::MachinesUpdate delta(std::uint32_t rows);

private:
    /// Address, host name and, where they are its own, labels: of each machine in turn.
    std::uint32_t textsEach() const { return m_labels == Labels::Own ? 3 : 2; }
    void add(services::MachinesUpdate& update, std::uint32_t machine, std::uint32_t turn);
    std::uint32_t m_machines;
    std::int64_t m_nowMs;
    Labels m_labels;
    std::uint32_t m_turn = 0;
    std::uint64_t m_random = 1;
};

}  // namespace ifrit::tests
