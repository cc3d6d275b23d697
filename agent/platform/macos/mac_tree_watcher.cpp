// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_tree_watcher.h"

#include <fcntl.h>
#include <sys/event.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace ifrit::agent::platform {
namespace {

constexpr std::uintptr_t kWakeup = 1;
constexpr unsigned kChanges =
    NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB | NOTE_LINK | NOTE_RENAME | NOTE_DELETE | NOTE_REVOKE;

}  // namespace

absl::StatusOr<std::unique_ptr<MacTreeWatcher>> MacTreeWatcher::create(std::size_t maxWatches) {
    UniqueFd queue(::kqueue());
    if (!queue.valid()) return base::errnoStatus(errno, "kqueue");
    struct kevent change {};
    EV_SET(&change, kWakeup, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, nullptr);
    if (::kevent(queue.get(), &change, 1, nullptr, 0, nullptr) != 0)
        return base::errnoStatus(errno, "kevent");
    return std::unique_ptr<MacTreeWatcher>(new MacTreeWatcher(std::move(queue), maxWatches));
}

absl::Status MacTreeWatcher::add(const std::string& path, const std::string& root) {
    if (m_watched.count(path) > 0) return absl::OkStatus();
    if (m_watched.size() >= m_maxWatches) {
        return base::makeError(
            absl::StatusCode::kResourceExhausted, "WATCHES_EXHAUSTED", root,
            fmt::format("{} has more than the {} files and directories that are watched", root,
                        m_maxWatches));
    }
    UniqueFd file(::open(path.c_str(), O_EVTONLY | O_CLOEXEC | O_SYMLINK));
    if (!file.valid() && errno == ENOENT) return absl::OkStatus();  // gone in the meantime
    if (!file.valid()) return base::errnoStatus(errno, "watching " + path);
    const auto [at, inserted] = m_watched.emplace(path, Watched{std::move(file), root});
    struct kevent change {};
    // What the notice brings back is the root: a map's entries stay where they are.
    EV_SET(&change, static_cast<std::uintptr_t>(at->second.file.get()), EVFILT_VNODE,
           EV_ADD | EV_CLEAR, kChanges, 0, &at->second.root);
    if (::kevent(m_queue.get(), &change, 1, nullptr, 0, nullptr) == 0) return absl::OkStatus();
    const int error = errno;
    m_watched.erase(at);
    return base::errnoStatus(error, "watching " + path);
}

absl::Status MacTreeWatcher::watch(const std::string& root) {
    absl::Status status = add(root, root);
    std::error_code error;
    std::filesystem::recursive_directory_iterator at(root, error);
    while (status.ok() && !error && at != std::filesystem::recursive_directory_iterator()) {
        status = add(at->path().string(), root);
        at.increment(error);
    }
    if (status.ok() && error) status = base::errnoStatus(error.value(), "watching " + root);
    if (!status.ok()) forget(root);
    return status;
}

void MacTreeWatcher::forget(const std::string& root) {
    // A closed descriptor leaves the queue by itself.
    for (auto at = m_watched.begin(); at != m_watched.end();)
        at = at->second.root == root ? m_watched.erase(at) : std::next(at);
}

TreeChanges MacTreeWatcher::wait(std::chrono::milliseconds timeout) {
    const auto bounded = std::max<std::int64_t>(timeout.count(), 0);
    timespec limit{static_cast<time_t>(bounded / 1000),
                   static_cast<long>(bounded % 1000) * 1'000'000};
    std::array<struct kevent, 64> events{};
    TreeChanges changes;
    for (;;) {
        const int count = ::kevent(m_queue.get(), nullptr, 0, events.data(),
                                   static_cast<int>(events.size()), &limit);
        for (int i = 0; i < count; ++i) {
            if (events[static_cast<std::size_t>(i)].filter == EVFILT_VNODE)
                changes.roots.insert(
                    *static_cast<const std::string*>(events[static_cast<std::size_t>(i)].udata));
        }
        if (count < static_cast<int>(events.size())) return changes;
        limit = {};
    }
}

void MacTreeWatcher::wake() {
    struct kevent change {};
    EV_SET(&change, kWakeup, EVFILT_USER, 0, NOTE_TRIGGER, 0, nullptr);
    ::kevent(m_queue.get(), &change, 1, nullptr, 0, nullptr);
}

}  // namespace ifrit::agent::platform
