// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <set>
#include <string>
#include <utility>

namespace ifrit::master::services {

/// One start of a release at a time: what one has stored ahead no other takes away or writes over.
/// Starts of other releases go on beside it. Thread-safe.
class StartTurns {
public:
    /// Waits for whoever has it.
    void take(const std::string& id) {
        const auto isFree = [this, &id]() ABSL_SHARED_LOCKS_REQUIRED(m_mutex) {
            return m_taken.count(id) == 0;
        };
        const absl::MutexLock lock(&m_mutex, absl::Condition(&isFree));
        m_taken.insert(id);
    }
    void giveBack(const std::string& id) {
        const absl::MutexLock lock(&m_mutex);
        m_taken.erase(id);
    }

private:
    absl::Mutex m_mutex;
    std::set<std::string> m_taken ABSL_GUARDED_BY(m_mutex);
};

/// A turn for as long as it lives.
class StartTurn {
public:
    StartTurn(StartTurns& turns, std::string id) : m_turns(turns), m_id(std::move(id)) {
        m_turns.take(m_id);
    }
    ~StartTurn() { m_turns.giveBack(m_id); }
    StartTurn(const StartTurn&) = delete;
    StartTurn& operator=(const StartTurn&) = delete;

private:
    StartTurns& m_turns;
    const std::string m_id;
};

}  // namespace ifrit::master::services
