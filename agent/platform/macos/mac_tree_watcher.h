// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/tree_watcher.h"

namespace ifrit::agent::platform {

/// kqueue(2) on each directory and file below a root; one descriptor each, so there is a limit.
class MacTreeWatcher final : public TreeWatcher {
public:
    /// Of all trees together: descriptors are what others of this process need, too.
    static constexpr std::size_t kMaxWatches = 1'024;

    static absl::StatusOr<std::unique_ptr<MacTreeWatcher>> create(
        std::size_t maxWatches = kMaxWatches);

    absl::Status watch(const std::string& root) override;
    void forget(const std::string& root) override;
    TreeChanges wait(std::chrono::milliseconds timeout) override;
    void wake() override;

private:
    struct Watched {
        UniqueFd file;
        std::string root;
    };
    MacTreeWatcher(UniqueFd queue, std::size_t maxWatches)
        : m_queue(std::move(queue)), m_maxWatches(maxWatches) {}
    absl::Status add(const std::string& path, const std::string& root);

    const UniqueFd m_queue;
    const std::size_t m_maxWatches;
    std::map<std::string, Watched> m_watched;  ///< by path
};

}  // namespace ifrit::agent::platform
