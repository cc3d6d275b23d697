// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// What was noticed while waiting.
struct TreeChanges {
    std::set<std::string> roots;  ///< as given to watch()
    bool lost = false;            ///< notices were dropped: any tree may have changed
};

/// Tells soon that something below a directory changed: names, contents, modes, owners. A courtesy
/// of the system, never a proof: it has limits, and writes through a mapping do not show. One
/// thread, but for wake().
class TreeWatcher {
public:
    virtual ~TreeWatcher() = default;

    /// Watches the directories that are below `root` now; called again, also those that were made
    /// since. RESOURCE_EXHAUSTED WATCHES_EXHAUSTED (the system's limit or ours; the message names
    /// it) and the system's errors: then nothing of `root` is watched.
    virtual absl::Status watch(const std::string& root) = 0;
    virtual void forget(const std::string& root) = 0;
    /// Returns with the first changes, after wake(), or when the time is over.
    virtual TreeChanges wait(std::chrono::milliseconds timeout) = 0;
    /// From any thread: the wait that is on, or the next one, ends.
    virtual void wake() = 0;
};

}  // namespace ifrit::agent::platform
