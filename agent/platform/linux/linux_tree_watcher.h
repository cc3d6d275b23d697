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

/// inotify(7). Where the kernel gives no instance (a container's limit), every watch() says so and
/// waiting still works.
class LinuxTreeWatcher final : public TreeWatcher {
public:
    /// Of all trees together: the kernel's limit is one for everything that root runs.
    static constexpr std::size_t kMaxWatches = 2'048;

    static absl::StatusOr<std::unique_ptr<LinuxTreeWatcher>> create(
        std::size_t maxWatches = kMaxWatches);

    absl::Status watch(const std::string& root) override;
    void forget(const std::string& root) override;
    TreeChanges wait(std::chrono::milliseconds timeout) override;
    void wake() override;

private:
    LinuxTreeWatcher(UniqueFd notify, UniqueFd wake, int notifyError, std::size_t maxWatches)
        : m_notify(std::move(notify)),
          m_wake(std::move(wake)),
          m_notifyError(notifyError),
          m_maxWatches(maxWatches) {}

    absl::Status add(const std::string& directory, const std::string& root);
    absl::Status exhausted(const std::string& root, const std::string& limit) const;
    TreeChanges readNotices();

    const UniqueFd m_notify;
    const UniqueFd m_wake;
    const int m_notifyError;  ///< errno of inotify_init1(), 0 where m_notify is valid
    const std::size_t m_maxWatches;
    std::map<int, std::string> m_roots;  ///< by watch descriptor
};

}  // namespace ifrit::agent::platform
