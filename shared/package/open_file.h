// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/package.

#include <unistd.h>

#include <utility>

namespace ifrit::package {

/// Owns a file descriptor.
class OpenFile {
public:
    OpenFile() = default;
    explicit OpenFile(int fd) : m_fd(fd) {}
    OpenFile(OpenFile&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    OpenFile& operator=(OpenFile&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~OpenFile() {
        if (m_fd >= 0) ::close(m_fd);
    }

    int get() const { return m_fd; }

private:
    int m_fd = -1;
};

}  // namespace ifrit::package
