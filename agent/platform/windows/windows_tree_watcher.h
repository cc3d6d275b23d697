// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <windows.h>

#include <map>
#include <memory>

#include "agent/platform/tree_watcher.h"
#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {

/// ReadDirectoryChangesW, which watches a whole tree with one handle; all of them report to one
/// completion port.
class WindowsTreeWatcher final : public TreeWatcher {
public:
    static absl::StatusOr<std::unique_ptr<WindowsTreeWatcher>> create();
    ~WindowsTreeWatcher() override;

    absl::Status watch(const std::string& root) override;
    void forget(const std::string& root) override;
    TreeChanges wait(std::chrono::milliseconds timeout) override;
    void wake() override;

private:
    struct Watch;
    explicit WindowsTreeWatcher(UniqueHandle port);
    absl::Status ask(Watch& watch) const;
    bool take(DWORD timeoutMs, TreeChanges& changes);

    const UniqueHandle m_port;
    std::map<std::string, std::unique_ptr<Watch>> m_watches;
    /// Of forgotten trees whose last answer, a refusal, has not come: the system writes there.
    std::map<const Watch*, std::unique_ptr<Watch>> m_ending;
};

}  // namespace ifrit::agent::platform
