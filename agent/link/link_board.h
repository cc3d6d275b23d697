// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::agent::link {

/// How the line to the masters stands, for who asks on the machine.
struct LinkState {
    std::string address;  ///< of the last try
    std::optional<base::WallTime> lastContact;
    std::uint32_t failures = 0;  ///< in a row
    std::string lastReason;      ///< of the last failure; empty while all is well
    std::string lastError;
    std::optional<base::WallTime> nextTry;
    /// Ours minus the master's, as of the last contact.
    std::optional<std::chrono::milliseconds> clockAhead;
    std::string settingsError;  ///< why the settings of agent.toml are not used; empty: they are
};

/// Written by the thread "link", read by others. Thread-safe.
class LinkBoard {
public:
    explicit LinkBoard(const base::Clock& clock) : m_clock(clock) {}

    void reached(const std::string& address, std::chrono::milliseconds next,
                 std::optional<base::WallTime> masterTime) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const base::WallTime now = m_clock.now();
        const absl::MutexLock lock(&m_mutex);
        m_state.address = address;
        m_state.lastContact = now;
        m_state.failures = 0;
        m_state.lastReason.clear();
        m_state.lastError.clear();
        m_state.nextTry = now + next;
        if (masterTime) m_state.clockAhead = now - *masterTime;
    }
    void failed(const std::string& address, std::chrono::milliseconds next,
                const absl::Status& status) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_state.address = address;
        ++m_state.failures;
        m_state.lastReason = base::errorInfo(status).reason;
        m_state.lastError = base::messageOf(status);
        m_state.nextTry = m_clock.now() + next;
    }
    /// Empty: they are used.
    void settingsRefused(std::string why) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_state.settingsError = std::move(why);
    }
    LinkState state() const ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        return m_state;
    }

private:
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    LinkState m_state ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::link
