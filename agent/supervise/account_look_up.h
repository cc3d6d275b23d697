// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "agent/platform/user_directory.h"
#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// Finds one user's account, once: who answers for users may be away, and may take seconds to say
/// so. Thread-safe.
class AccountLookUp {
public:
    /// Between looks for a user that nobody could tell of.
    static constexpr std::chrono::seconds kPause{30};

    /// `users` and `clock` must outlive it.
    AccountLookUp(const platform::UserDirectory& users, const base::Clock& clock, std::string user)
        : m_users(users), m_clock(clock), m_user(std::move(user)) {}

    /// May block. Until the next look: the error of the last one.
    absl::StatusOr<platform::Account> find() ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        if (m_again && m_clock.steadyNow() < *m_again) return m_found;
        if (m_again && m_found.ok()) return m_found;
        m_found = m_users.find(m_user);
        m_again = m_clock.steadyNow() + kPause;
        return m_found;
    }

private:
    const platform::UserDirectory& m_users;
    const base::Clock& m_clock;
    const std::string m_user;
    absl::Mutex m_mutex;
    std::optional<base::SteadyTime> m_again ABSL_GUARDED_BY(m_mutex);  ///< once it was looked for
    absl::StatusOr<platform::Account> m_found ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::supervise
