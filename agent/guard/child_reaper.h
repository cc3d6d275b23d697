// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/platform/process_id.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::guard {

/// Children that the exit watcher does not know: those whose end could not be watched, and, as
/// process 1 of a container, the orphans that became ours. One thread.
class ChildReaper {
public:
    /// Kills our own child, even where there is no descriptor left for doing it by identity: one
    /// that is not reaped has its pid for itself.
    void end(const platform::ProcessId& process, platform::Signaller& signaller);
    /// Reaps what has ended; never blocks. `watched` is the exit watcher's and is left to it.
    void reap(const std::optional<platform::ProcessId>& watched);

private:
    std::vector<std::int32_t> m_ended;
};

}  // namespace ifrit::agent::guard
