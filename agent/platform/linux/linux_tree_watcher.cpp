// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_tree_watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <system_error>

namespace ifrit::agent::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kChanges = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                   IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |
                                   IN_DONT_FOLLOW | IN_EXCL_UNLINK;

}  // namespace

absl::StatusOr<std::unique_ptr<LinuxTreeWatcher>> LinuxTreeWatcher::create(std::size_t maxWatches) {
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.valid()) return base::errnoStatus(errno, "eventfd");
    UniqueFd notify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    const int error = notify.valid() ? 0 : errno;
    return std::unique_ptr<LinuxTreeWatcher>(
        new LinuxTreeWatcher(std::move(notify), std::move(wake), error, maxWatches));
}

absl::Status LinuxTreeWatcher::exhausted(const std::string& root, const std::string& limit) const {
    return base::makeError(absl::StatusCode::kResourceExhausted, "WATCHES_EXHAUSTED", root,
                           fmt::format("{} cannot be watched: {}", root, limit));
}

absl::Status LinuxTreeWatcher::add(const std::string& directory, const std::string& root) {
    if (m_roots.size() >= m_maxWatches) {
        return exhausted(root, fmt::format("more than {} directories", m_maxWatches));
    }
    const int watch = ::inotify_add_watch(m_notify.get(), directory.c_str(), kChanges);
    if (watch >= 0) {
        m_roots[watch] = root;
        return absl::OkStatus();
    }
    if (errno == ENOSPC) return exhausted(root, "the limit fs.inotify.max_user_watches is reached");
    // Gone, or no directory any more, since it was listed: its parent's watch tells.
    if (errno == ENOENT || errno == ENOTDIR) return absl::OkStatus();
    return base::errnoStatus(errno, "watch " + directory);
}

absl::Status LinuxTreeWatcher::watch(const std::string& root) {
    if (!m_notify.valid()) {
        if (m_notifyError == EMFILE) {
            return exhausted(root, "the limit fs.inotify.max_user_instances is reached");
        }
        return base::errnoStatus(m_notifyError, "inotify_init1");
    }
    absl::Status status = add(root, root);
    std::error_code error;
    fs::recursive_directory_iterator walk(root, error);
    for (; status.ok() && !error && walk != fs::recursive_directory_iterator();
         walk.increment(error)) {
        std::error_code ignored;
        if (walk->symlink_status(ignored).type() == fs::file_type::directory) {
            status = add(walk->path().string(), root);
        }
    }
    // A directory that vanished under the walk was told by the watch above it.
    if (!status.ok()) forget(root);
    return status;
}

void LinuxTreeWatcher::forget(const std::string& root) {
    for (auto watch = m_roots.begin(); watch != m_roots.end();) {
        if (watch->second != root) {
            ++watch;
            continue;
        }
        ::inotify_rm_watch(m_notify.get(), watch->first);
        watch = m_roots.erase(watch);
    }
}

TreeChanges LinuxTreeWatcher::readNotices() {
    TreeChanges changes;
    alignas(inotify_event) std::array<char, 16 * 1024> buffer{};
    for (;;) {
        const ssize_t size = ::read(m_notify.get(), buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return changes;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) changes.lost = true;
            const auto root = m_roots.find(event.wd);
            if (root == m_roots.end()) continue;
            if ((event.mask & IN_IGNORED) != 0) {
                m_roots.erase(root);
            } else {
                changes.roots.insert(root->second);
            }
        }
    }
}

TreeChanges LinuxTreeWatcher::wait(std::chrono::milliseconds timeout) {
    std::array<pollfd, 2> descriptors{{{m_wake.get(), POLLIN, 0}, {m_notify.get(), POLLIN, 0}}};
    const auto limit =
        std::clamp<std::int64_t>(timeout.count(), 0, std::numeric_limits<std::int32_t>::max());
    // A descriptor below zero, where there is no inotify, is left out by poll().
    if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(limit)) <= 0) return {};
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(m_wake.get(), &count, sizeof count);
    return m_notify.valid() ? readNotices() : TreeChanges();
}

void LinuxTreeWatcher::wake() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the wait ends anyway.
    [[maybe_unused]] const ssize_t put = ::write(m_wake.get(), &one, sizeof one);
}

}  // namespace ifrit::agent::platform
