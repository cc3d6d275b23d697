// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "shared/base/clock.h"

namespace ifrit::master::services {

/// Machines that hold a later desired state than is served. For a moment that is in order: another
/// master was faster. Where the database was asked since and knows of nothing later, it was put
/// back, and the machine follows nothing any more until somebody raises the generation.
/// Thread-safe; O(1), and no lock while there are none.
class AheadMachines {
public:
    /// How long the database has to have said so, and how often the same machine is told of.
    static constexpr std::chrono::seconds kPatience{60};

    /// The machine came with `held`, which is more than is served. True where it did so before, and
    /// the database was asked at `confirmed`, kPatience after that: from now on it counts anew.
    bool isLeftBehind(const std::string& uuid, std::uint64_t held, base::SteadyTime now,
                      base::SteadyTime confirmed);
    /// It came with what is served, or less.
    void follows(const std::string& uuid);
    /// Whoever is not there any more counts no longer, and anew when it comes back. O(count()).
    void forgetUnless(const std::function<bool(const std::string& uuid)>& isThere);
    std::size_t count() const { return m_count; }

private:
    struct Ahead {
        std::uint64_t held = 0;
        base::SteadyTime since{};
    };

    std::atomic<std::size_t> m_count{0};
    absl::Mutex m_mutex;
    std::unordered_map<std::string, Ahead> m_machines ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
