// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& logFile) {
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, logFile.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int error = ::posix_spawn(&m_pid, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error(command[0] + ": " + std::strerror(error));
}

ChildProcess::~ChildProcess() {
    signal(SIGKILL);
    wait();
}

std::optional<int> ChildProcess::poll() {
    int status = 0;
    if (!m_code && ::waitpid(m_pid, &status, WNOHANG) == m_pid)
        m_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return m_code;
}

int ChildProcess::wait() {
    if (waitUntil([this] { return poll().has_value(); })) return *m_code;
    signal(SIGKILL);
    waitUntil([this] { return poll().has_value(); });
    m_code = 124;
    return *m_code;
}

void ChildProcess::signal(int number) const {
    if (!m_code) ::kill(m_pid, number);
}

int ChildProcess::end() {
    signal(SIGTERM);
    return wait();
}

}  // namespace ifrit::tests
