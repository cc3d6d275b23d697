// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/hang_watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ifrit::agent::guard {
namespace {

constexpr int kLooksInLimit = 10;

}  // namespace

bool Beat::touch() const {
    if (::utimensat(AT_FDCWD, m_file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return true;
    const int file = ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) return false;
    ::close(file);
    return true;
}

std::optional<std::int64_t> Beat::stamp() const {
    struct stat status {};
    if (::lstat(m_file.c_str(), &status) != 0) return std::nullopt;
    const timespec& time = status.st_mtim;
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void HangWatch::started() {
    m_stamp = m_beat.stamp();
    m_since = m_clock.steadyNow();
    m_hasTurned = false;
}

bool HangWatch::isHung() {
    if (m_limit.count() == 0) return false;
    const base::SteadyTime now = m_clock.steadyNow();
    const auto stamp = m_beat.stamp();
    if (stamp != m_stamp) {
        m_stamp = stamp;
        m_since = now;
        m_hasTurned = true;
        return false;
    }
    if (!m_hasTurned || now - m_since < m_limit) return false;
    if (m_beat.touch()) return true;
    // A disk that takes nothing keeps ifrit-agent from saying that it is well.
    m_since = now;
    return false;
}

std::optional<std::chrono::milliseconds> HangWatch::interval() const {
    if (m_limit.count() == 0) return std::nullopt;
    return std::chrono::milliseconds(m_limit) / kLooksInLimit;
}

}  // namespace ifrit::agent::guard
