// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <deque>
#include <set>
#include <string>

namespace ifrit::master::auth {

/// From where people signed in with the right password: "name from address", the newest kMost of
/// them. In memory: a restart forgets. Thread-safe.
class KnownDesks {
public:
    static constexpr std::size_t kMost = 10'000;

    void add(const std::string& desk);
    bool has(const std::string& desk) const;

private:
    mutable absl::Mutex m_mutex;
    std::set<std::string> m_known ABSL_GUARDED_BY(m_mutex);
    std::deque<std::string> m_order ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::auth
