// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "shared/base/clock.h"

namespace ifrit::master::auth {

/// Slows guessing down: after a few failures for a key the next tries are refused for a time that
/// doubles. What a key is, its user says (PasswordLogin). In memory: a restart forgives.
/// Thread-safe.
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

    LoginThrottle(const base::Clock& clock, Policy policy) : m_clock(clock), m_policy(policy) {}

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
    void makeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const base::Clock& m_clock;
    const Policy m_policy;
    absl::Mutex m_mutex;
    std::map<std::string, Entry> m_entries ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::auth
