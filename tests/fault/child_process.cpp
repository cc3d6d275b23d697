// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {
namespace {

/// A thread that ends with the program alone: PR_SET_PDEATHSIG is of the thread that began a child,
/// not of its process (prctl(2)).
class LastingThread {
public:
    static pid_t run(std::function<pid_t()> what) {
        // Never destroyed: children may be begun while statics are.
        static LastingThread* const thread = new LastingThread;
        const std::lock_guard oneAtATime(thread->m_callers);
        std::packaged_task<pid_t()> task(std::move(what));
        std::future<pid_t> done = task.get_future();
        {
            const std::lock_guard lock(thread->m_mutex);
            thread->m_task = std::move(task);
        }
        thread->m_wake.notify_one();
        return done.get();
    }

private:
    LastingThread() {
        std::thread([this] {
            for (std::unique_lock lock(m_mutex);;) {
                m_wake.wait(lock, [this] { return m_task.has_value(); });
                (*m_task)();
                m_task.reset();
            }
        }).detach();
    }

    std::mutex m_callers;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::optional<std::packaged_task<pid_t()>> m_task;
};

/// What a child does until it is another program: the caller's memory is its own as well, so it
/// leaves nothing there but the error.
[[noreturn]] void become(char* const* words, const char* logFile, pid_t parent,
                         volatile int& error) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    const int in = ::open("/dev/null", O_RDONLY);
    const int log = ::open(logFile, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (in >= 0 && log >= 0 && ::dup2(in, STDIN_FILENO) >= 0 && ::dup2(log, STDOUT_FILENO) >= 0 &&
        ::dup2(log, STDERR_FILENO) >= 0) {
        if (in > STDERR_FILENO) ::close(in);
        if (log > STDERR_FILENO) ::close(log);
        ::execve(words[0], words, environ);
    }
    error = errno;
    ::_exit(127);
}

/// -1 and errno where it could not be begun. By vfork(2): to copy the page tables of a test with a
/// master in it, and to drop the copy, was a fifth of what a test of crash points does.
pid_t spawn(char* const* words, const char* logFile) {
    volatile int error = 0;  // the child writes it
    const pid_t parent = ::getpid();
    const pid_t child = ::vfork();  // returns when the child is another program, or is over
    if (child == 0) become(words, logFile, parent, error);
    if (child < 0) return -1;
    if (error == 0) return child;
    ::waitpid(child, nullptr, 0);
    errno = error;
    return -1;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& logFile) {
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    int error = 0;
    m_pid = LastingThread::run([&] {
        const pid_t child = spawn(words.data(), logFile.c_str());
        error = errno;
        return child;
    });
    if (m_pid < 0) throw std::runtime_error(command[0] + ": " + std::strerror(error));
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
