// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ifrit::master::services {

/// Bad versions that machines shall try again: told with each sync until a report shows that the
/// machine has forgotten them. Thread-safe; without any, a sync takes no lock here.
class KnownBadClears {
public:
    void load(const std::map<std::string, std::vector<std::string>>& byUuid);
    void add(const std::string& uuid, const std::string& digest);
    std::vector<std::string> forMachine(const std::string& uuid) const;
    /// Drops those that `knownBad` (all digests that the machine still remembers) does not hold.
    /// True when none is left and one was dropped.
    bool settle(const std::string& uuid, const std::set<std::string>& knownBad);

private:
    std::atomic<std::size_t> m_count{0};
    mutable absl::Mutex m_mutex;
    std::map<std::string, std::set<std::string>> m_byUuid ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
