// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>

#include "master/cache/state_cache.h"

namespace ifrit::master::cache {

/// Who wants to hear of changes. Calls are made under its lock, so that an ended subscription is
/// never called; a subscription may outlive the cache. Thread-safe.
class Listeners {
public:
    void tell(std::uint64_t generation) const;
    StateCache::Subscription add(StateCache::Listener listener);

private:
    struct Entries {
        absl::Mutex mutex;
        std::uint64_t nextId ABSL_GUARDED_BY(mutex) = 1;
        std::map<std::uint64_t, StateCache::Listener> byId ABSL_GUARDED_BY(mutex);
    };

    std::shared_ptr<Entries> m_entries = std::make_shared<Entries>();
};

}  // namespace ifrit::master::cache
