// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <string>

namespace ifrit::agent::app {

/// Where workers write how far they are, for the next report. Thread-safe.
class ProgressBoard {
public:
    void set(const std::string& agent, std::string text) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_texts[agent] = std::move(text);
    }
    void clear(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_texts.erase(agent);
    }
    std::string of(const std::string& agent) const ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        const auto found = m_texts.find(agent);
        return found == m_texts.end() ? std::string() : found->second;
    }

private:
    mutable absl::Mutex m_mutex;
    std::map<std::string, std::string> m_texts ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::app
