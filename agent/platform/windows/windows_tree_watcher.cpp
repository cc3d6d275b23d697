// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_tree_watcher.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr DWORD kChanges = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME |
                           FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SIZE |
                           FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_SECURITY;

}  // namespace

struct WindowsTreeWatcher::Watch {
    OVERLAPPED overlapped{};
    std::string root;
    UniqueHandle directory;
    // What changed is not looked at, only that something did; so little room is enough. The
    // records in it are aligned to 4 bytes.
    alignas(DWORD) std::array<std::byte, 4096> records{};
};

WindowsTreeWatcher::WindowsTreeWatcher(UniqueHandle port) : m_port(std::move(port)) {}

absl::StatusOr<std::unique_ptr<WindowsTreeWatcher>> WindowsTreeWatcher::create() {
    UniqueHandle port(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
    if (!port.valid()) return base::lastError("making a completion port");
    return std::unique_ptr<WindowsTreeWatcher>(new WindowsTreeWatcher(std::move(port)));
}

WindowsTreeWatcher::~WindowsTreeWatcher() {
    while (!m_watches.empty())
        forget(std::string(m_watches.begin()->first));
    // Each cancelled request still answers once, into memory of ours.
    TreeChanges ignored;
    while (!m_ending.empty() && take(INFINITE, ignored)) {
    }
}

absl::Status WindowsTreeWatcher::ask(Watch& watch) const {
    watch.overlapped = {};
    if (::ReadDirectoryChangesW(watch.directory.get(), watch.records.data(),
                                static_cast<DWORD>(watch.records.size()), TRUE, kChanges, nullptr,
                                &watch.overlapped, nullptr))
        return absl::OkStatus();
    return base::lastError("watching " + watch.root);
}

absl::Status WindowsTreeWatcher::watch(const std::string& root) {
    if (m_watches.count(root) > 0)
        return absl::OkStatus();  // new directories are seen by themselves
    auto made = std::make_unique<Watch>();
    made->root = root;
    made->directory = UniqueHandle(
        ::CreateFileW(base::toWidePath(root).c_str(), FILE_LIST_DIRECTORY,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, nullptr));
    if (!made->directory.valid()) return base::lastError("watching " + root);
    const auto key = reinterpret_cast<ULONG_PTR>(made.get());
    if (::CreateIoCompletionPort(made->directory.get(), m_port.get(), key, 0) == nullptr)
        return base::lastError("watching " + root);
    IFRIT_RETURN_IF_ERROR(ask(*made));
    m_watches[root] = std::move(made);
    return absl::OkStatus();
}

void WindowsTreeWatcher::forget(const std::string& root) {
    auto found = m_watches.extract(root);
    if (found.empty()) return;
    std::unique_ptr<Watch> watch = std::move(found.mapped());
    ::CancelIoEx(watch->directory.get(), &watch->overlapped);
    const Watch* const key = watch.get();
    m_ending[key] = std::move(watch);
}

/// One answer of the port; false when there was none in time, or it was a wake().
bool WindowsTreeWatcher::take(DWORD timeoutMs, TreeChanges& changes) {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* overlapped = nullptr;
    const bool ok =
        ::GetQueuedCompletionStatus(m_port.get(), &bytes, &key, &overlapped, timeoutMs) != 0;
    if (overlapped == nullptr) return false;
    auto* const watch = reinterpret_cast<Watch*>(key);
    if (m_ending.erase(watch) > 0) return true;
    // No bytes: more changed than there was room for, which is the same to us; any of it did.
    changes.roots.insert(watch->root);
    if (!ok || !ask(*watch).ok()) {
        // The directory is gone, or cannot be watched any more: whoever looks will find that.
        changes.lost = true;
        m_watches.erase(std::string(watch->root));
    }
    return true;
}

TreeChanges WindowsTreeWatcher::wait(std::chrono::milliseconds timeout) {
    TreeChanges changes;
    const auto bounded = std::clamp<std::int64_t>(timeout.count(), 0, INFINITE - 1);
    if (!take(static_cast<DWORD>(bounded), changes)) return changes;
    while (take(0, changes)) {
    }
    return changes;
}

void WindowsTreeWatcher::wake() {
    ::PostQueuedCompletionStatus(m_port.get(), 0, 0, nullptr);
}

}  // namespace ifrit::agent::platform
