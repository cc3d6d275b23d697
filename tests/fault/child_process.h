// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace ifrit::tests {

/// A program that a test runs, without Qt's event loop, so that any thread may have one. What it
/// prints is appended to a file. Killed and reaped when this ends; killed by the kernel when the
/// test ends without that, as by an exception that nobody catches.
class ChildProcess {
public:
    /// Throws std::runtime_error when it cannot be started.
    ChildProcess(const std::vector<std::string>& command, const std::string& logFile);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return m_pid; }
    /// Its exit code, 128 + signal after a signal; nullopt: it runs. Does not wait.
    std::optional<int> poll();
    /// Waits for its end; 124 when it had to be killed for not ending within 20 s.
    int wait();
    void signal(int number) const;
    /// SIGTERM, and wait().
    int end();

private:
    pid_t m_pid = -1;
    std::optional<int> m_code;
};

}  // namespace ifrit::tests
