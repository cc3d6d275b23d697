// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_command_runner.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/event.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agent/platform/posix/system_calls.h"
#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long a killed program may take to vanish; more happens only in uninterruptible I/O.
constexpr std::chrono::seconds kKillWait(5);

/// Takes what is there; false when the sink wants no more.
bool drain(int descriptor, const ProgramStream::Sink& sink) {
    std::array<char, 16 * 1024> chunk{};
    for (;;) {
        const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return true;
        if (!sink({chunk.data(), static_cast<std::size_t>(got)})) return false;
    }
}

/// Told of the child's end and of its output.
UniqueFd watchBoth(pid_t child, int output) {
    UniqueFd queue(::kqueue());
    struct kevent change {};
    EV_SET(&change, static_cast<std::uintptr_t>(output), EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0,
           nullptr);
    ::kevent(queue.get(), &change, 1, nullptr, 0, nullptr);
    // Fails when it has ended already, which is looked for before each wait.
    EV_SET(&change, static_cast<std::uintptr_t>(child), EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT,
           0, nullptr);
    ::kevent(queue.get(), &change, 1, nullptr, 0, nullptr);
    return queue;
}

bool hasEnded(pid_t child) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
           info.si_pid == child;
}

/// True when the process ended before the deadline and its sink took everything.
bool waitForEnd(int queue, pid_t child, int output, SteadyClock::time_point deadline,
                const ProgramStream::Sink& sink) {
    for (;;) {
        const bool ended = hasEnded(child);
        if (!drain(output, sink)) return false;
        if (ended) return true;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
        if (left <= 0) return false;
        const timespec limit{static_cast<time_t>(left / 1000),
                             static_cast<long>(left % 1000) * 1'000'000};
        struct kevent event {};
        ::kevent(queue, nullptr, 0, &event, 1, &limit);
    }
}

ExitStatus reap(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return {};
    if (WIFEXITED(status)) return {ExitStatus::Kind::Exited, WEXITSTATUS(status)};
    return {ExitStatus::Kind::Killed, WTERMSIG(status)};
}

}  // namespace

absl::StatusOr<CommandResult> MacCommandRunner::streamUntil(
    LaunchSpec spec, std::chrono::steady_clock::time_point deadline, const Sink& sink,
    const std::stop_token& stop) {
    int ends[2] = {-1, -1};
    if (pipeForUs(ends) != 0) return base::errnoStatus(errno, "making a pipe");
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    spec.outputDescriptor = writer.get();
    IFRIT_ASSIGN_OR_RETURN(const ProcessId process, m_launcher.launch(spec));
    writer.reset();

    const UniqueFd queue = watchBoth(process.pid, reader.get());
    CommandResult result;
    {
        const std::stop_callback onStop(
            stop, [&] { m_signaller.signalSession(process, Signal::Kill).IgnoreError(); });
        result.timedOut = !waitForEnd(queue.get(), process.pid, reader.get(), deadline, sink);
    }
    if (result.timedOut) {
        m_signaller.signalSession(process, Signal::Kill).IgnoreError();
        const auto unwanted = [](std::string_view) { return true; };
        waitForEnd(queue.get(), process.pid, reader.get(), SteadyClock::now() + kKillWait,
                   unwanted);
    }
    // Our child is not reaped yet, so its group's number cannot belong to anybody else.
    ::kill(-process.pid, SIGKILL);
    result.status = reap(process.pid);
    return result;
}

}  // namespace ifrit::agent::platform
