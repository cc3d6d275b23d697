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

/// Bad versions that machines shall try again: told with each sync until a report that was made
/// after that shows that the machine has forgotten them. Thread-safe; without any, a sync takes no
/// lock here.
class KnownBadClears {
public:
    void load(const std::map<std::string, std::vector<std::string>>& byUuid);
    void add(const std::string& uuid, const std::string& digest);
    /// For the answer to its sync: its next report is one of after it.
    std::vector<std::string> tell(const std::string& uuid);
    /// Drops those that it was told of and `knownBad` (all digests that the machine still
    /// remembers) does not hold; returns them. A report that was under way when the clear was given
    /// says nothing: the version may have gone bad after it.
    std::vector<std::string> settle(const std::string& uuid, const std::set<std::string>& knownBad);
    /// The machine is gone.
    void drop(const std::string& uuid);

private:
    std::atomic<std::size_t> m_count{0};
    using Digests = std::map<std::string, std::set<std::string>>;
    absl::Mutex m_mutex;
    Digests m_byUuid ABSL_GUARDED_BY(m_mutex);
    Digests m_told ABSL_GUARDED_BY(m_mutex);  ///< those of them that this master has told
};

}  // namespace ifrit::master::services
