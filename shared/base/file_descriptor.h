// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

namespace ifrit::base {

/// Closes a file descriptor; below 0: there is none. POSIX.
class FileDescriptor {
public:
    explicit FileDescriptor(int number) : m_number(number) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (m_number >= 0) ::close(m_number);
    }
    int get() const { return m_number; }

private:
    const int m_number;
};

}  // namespace ifrit::base
