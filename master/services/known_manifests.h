// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "master/storage/database.h"
#include "shared/domain/manifest.h"

namespace ifrit::master::services {

/// What published manifests say, without their files: read once, since a package never changes.
/// Thread-safe; its lock is held for an instant and never while the database answers.
class KnownManifests {
public:
    /// null: there is no such package, or what it says cannot be read. The database's error.
    absl::StatusOr<std::shared_ptr<const domain::Manifest>> find(storage::Transaction& in,
                                                                 const std::string& digest);

private:
    /// Beyond it they are read anew: nobody is told when a package is removed.
    static constexpr std::size_t kMost = 1'000;

    absl::Mutex m_mutex;
    std::map<std::string, std::shared_ptr<const domain::Manifest>> m_known ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
