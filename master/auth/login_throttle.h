// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "master/cache/failure_counts.h"
#include "shared/base/clock.h"

namespace ifrit::master::auth {

/// Slows guessing down: after a few failures for a key the next tries are refused for a time that
/// doubles. What a key is, its user says (PasswordLogin). Counted in memory, where a restart
/// forgives, and with the other masters where they share counts; what those say holds, and the own
/// count while they are away. Thread-safe; blocks for the shared counts.
class LoginThrottle {
public:
    struct Policy {
        std::uint32_t freeFailures = 5;
        std::chrono::milliseconds first{1'000};
        std::chrono::milliseconds cap{300'000};
        /// A key without a failure for so long is forgotten.
        std::chrono::milliseconds forget{3'600'000};
        std::size_t keys = 10'000;
    };

    /// Where several masters count, under a name that tells this throttle from others. Outlives it.
    struct Shared {
        cache::FailureCounts& counts;
        std::string name;
    };

    LoginThrottle(const base::Clock& clock, Policy policy,
                  std::optional<Shared> shared = std::nullopt)
        : m_clock(clock), m_policy(policy), m_shared(std::move(shared)) {}

    /// How long the caller must wait; nullopt: it may try now.
    std::optional<std::chrono::milliseconds> waitOf(const std::string& key);
    void failed(const std::string& key);
    void succeeded(const std::string& key);

private:
    struct Entry {
        std::uint32_t failures = 0;
        base::SteadyTime last{};
        base::SteadyTime until{};
    };
    void warnOnce(const absl::Status& status);
    std::chrono::milliseconds waitAfter(std::uint32_t failures) const;
    std::optional<std::chrono::milliseconds> ownWaitOf(const std::string& key);
    void makeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const base::Clock& m_clock;
    const Policy m_policy;
    const std::optional<Shared> m_shared;
    std::atomic<bool> m_isSharing{true};  ///< as of the last word of the shared counts
    absl::Mutex m_mutex;
    std::map<std::string, Entry> m_entries ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::auth
