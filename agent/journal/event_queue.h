// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "shared/domain/machine.h"

namespace ifrit::agent::journal {

/// Events on their way to the journal, oldest first, and how many were lost on it.
struct EventBatch {
    std::vector<domain::MachineEvent> events;
    std::uint64_t dropped = 0;
    bool empty() const { return events.empty() && dropped == 0; }
};

/// Holds what nobody has written down yet: over the bound the oldest events drop out, and are
/// counted. Belongs to one thread, or to its owner's lock.
class EventQueue {
public:
    explicit EventQueue(std::size_t bound) : m_bound(bound) {}

    void add(domain::MachineEvent event) {
        m_batch.events.push_back(std::move(event));
        if (m_batch.events.size() <= m_bound) return;
        m_batch.events.erase(m_batch.events.begin());
        ++m_batch.dropped;
    }
    void add(EventBatch batch) {
        m_batch.dropped += batch.dropped;
        for (domain::MachineEvent& event : batch.events)
            add(std::move(event));
    }
    const EventBatch& batch() const { return m_batch; }
    EventBatch take() { return std::exchange(m_batch, {}); }

private:
    const std::size_t m_bound;
    EventBatch m_batch;
};

}  // namespace ifrit::agent::journal
