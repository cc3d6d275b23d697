// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::services {

/// With an id of its own.
domain::KnownBadClear newClear(std::string digest);

/// Bad versions that machines shall try again: told with each sync until a report shows that the
/// machine has obeyed. Thread-safe; without any, a sync takes no lock here.
class KnownBadClears {
public:
    /// What a machine's report says of its bad versions.
    struct Said {
        std::set<std::string> knownBad;  ///< all digests that it still remembers
        std::set<std::uint64_t> obeyed;  ///< ids of the clears that it was told of and has obeyed
    };

    void load(const storage::KnownBadClearsByUuid& byUuid);
    /// load(), of these machines alone.
    void take(const std::set<std::string>& uuids, const storage::KnownBadClearsByUuid& byUuid);
    /// In place of an earlier one of the same version.
    void add(const std::string& uuid, const domain::KnownBadClear& clear);
    /// For the answer to its sync: its next report is one of after it.
    std::vector<domain::KnownBadClear> tell(const std::string& uuid);
    /// Drops those that the machine has obeyed, and returns them. It says so by their ids, or, an
    /// older ifrit-agent, by remembering nothing of a version that this master told it of. A report
    /// that was under way when the clear was given says nothing: the version may have gone bad
    /// after it.
    std::vector<domain::KnownBadClear> settle(const std::string& uuid, const Said& said);
    /// The machine is gone.
    void drop(const std::string& uuid);

private:
    std::atomic<std::size_t> m_count{0};
    using Ids = std::map<std::string, std::uint64_t>;  ///< by digest
    absl::Mutex m_mutex;
    std::map<std::string, Ids> m_byUuid ABSL_GUARDED_BY(m_mutex);
    std::map<std::string, Ids> m_told ABSL_GUARDED_BY(m_mutex);  ///< what this master has told
};

}  // namespace ifrit::master::services
