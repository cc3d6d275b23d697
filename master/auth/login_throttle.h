// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "shared/base/clock.h"

namespace ifrit::master::auth {

/// Slows guessing of passwords down: after a few failures each further one doubles the wait, per
/// user and address, per address, and (later, so that a stranger cannot keep an operator out
/// easily) per user. Also bounds how many passwords are checked at once: each costs a core 100 ms
/// and 32 MiB. In memory: a restart forgets. Thread-safe.
class LoginThrottle {
public:
    struct Policy {
        std::uint32_t freePerUserAndAddress = 3;
        std::uint32_t freePerAddress = 20;
        std::uint32_t freePerUser = 50;
        std::chrono::milliseconds firstWait{1'000};
        std::chrono::milliseconds longestWait{60'000};
        std::chrono::milliseconds forgetAfter{15 * 60'000};
        std::size_t atOnce = 2;
        std::size_t entries = 10'000;
    };

    /// `clock` outlives it.
    LoginThrottle(const base::Clock& clock, const Policy& policy);

    /// OK: check the password, then call exactly one of the three below. RESOURCE_EXHAUSTED:
    /// LOGIN_DELAYED with the seconds to wait, or LOGIN_BUSY; then call none.
    absl::Status begin(const std::string& user, const std::string& address);
    void succeeded(const std::string& user, const std::string& address);
    void failed(const std::string& user, const std::string& address);
    /// Neither: the database was away.
    void undecided();

    /// Attempts that begin() turned away since the last call; for the audit's next row.
    std::uint64_t takeRefused();

private:
    struct Entry {
        std::uint32_t failures = 0;
        base::SteadyTime last{};
        base::SteadyTime notBefore{};
    };

    void count(const std::string& key, std::uint32_t freeOnes)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void forgetOld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    base::SteadyTime notBefore(const std::string& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const base::Clock& m_clock;
    const Policy m_policy;
    absl::Mutex m_mutex;
    std::unordered_map<std::string, Entry> m_entries ABSL_GUARDED_BY(m_mutex);
    std::size_t m_running ABSL_GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_refused ABSL_GUARDED_BY(m_mutex) = 0;
};

/// "127.0.0.1" of "127.0.0.1:40312", "::1" of "[::1]:40312": a port is new with each connection.
std::string hostOf(const std::string& address);

}  // namespace ifrit::master::auth
