// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_command_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <utility>

#include "agent/platform/linux/pidfd.h"

namespace ifrit::agent::platform {
namespace {

using SteadyClock = std::chrono::steady_clock;

// How long a killed program may take to vanish; more happens only in uninterruptible I/O.
constexpr std::chrono::seconds kKillWait(5);
constexpr int kReapPauseMs = 10;
// Taken of a program that ended: 1 MiB, more than a pipe holds, but not all that a child of it in
// another session may go on printing.
constexpr int kLastChunks = 64;

enum class Drained { Open, Ended, Refused };

// Takes what is there, of a program that prints faster than we take no more than `chunks`.
Drained drain(int descriptor, const ProgramStream::Sink& sink, int chunks) {
    std::array<char, 16 * 1024> chunk{};
    for (int taken = 0; taken < chunks; ++taken) {
        const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
        if (got > 0) {
            if (!sink({chunk.data(), static_cast<std::size_t>(got)})) return Drained::Refused;
        } else if (got == 0) {
            return Drained::Ended;
        } else if (errno != EINTR) {
            break;
        }
    }
    return Drained::Open;
}

int millisUntil(SteadyClock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

// True when the process ended before the deadline; hands on its output meanwhile. Output held open
// by a grandchild does not prolong it.
bool waitForEnd(int handle, int output, SteadyClock::time_point deadline,
                const ProgramStream::Sink& sink) {
    std::array<pollfd, 2> polled{{{handle, POLLIN, 0}, {output, POLLIN, 0}}};
    for (;;) {
        const int ready = ::poll(polled.data(), polled.size(), millisUntil(deadline));
        if (ready == 0) return false;
        if (ready < 0 && errno != EINTR) return false;
        if (polled[1].revents != 0) {
            const Drained drained = drain(output, sink, 1);
            if (drained == Drained::Refused) return false;
            if (drained == Drained::Ended) polled[1].fd = -1;
        }
        if (polled[0].revents != 0) return true;
        // A program that never stops printing keeps poll() from ever timing out.
        if (SteadyClock::now() >= deadline) return false;
    }
}

// nullopt: it has not ended.
std::optional<ExitStatus> reap(int handle) {
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(handle), &info, WEXITED | WNOHANG) != 0)
        return ExitStatus();
    if (info.si_pid == 0) return std::nullopt;
    const auto kind =
        info.si_code == CLD_EXITED ? ExitStatus::Kind::Exited : ExitStatus::Kind::Killed;
    return ExitStatus{kind, info.si_status};
}

}  // namespace

// Ends a child of ours that leads its own session, and that we have no handle of.
absl::Status LinuxCommandRunner::notWatched(const LaunchSpec& spec, pid_t pid, int error) {
    ::kill(-pid, SIGKILL);
    const auto deadline = SteadyClock::now() + kKillWait;
    bool reaped = isReaped(pid);
    while (!reaped && SteadyClock::now() < deadline) {
        ::poll(nullptr, 0, kReapPauseMs);
        reaped = isReaped(pid);
    }
    if (!reaped) m_hanging.add(spec, pid);
    return base::errnoStatus(error, fmt::format("pidfd_open({})", pid));
}

absl::StatusOr<CommandResult> LinuxCommandRunner::streamUntil(
    LaunchSpec spec, std::chrono::steady_clock::time_point deadline, const Sink& sink,
    const std::stop_token& stop) {
    if (m_hanging.of(spec)) {
        // As it ended itself, and as any more of them would.
        sink("an earlier run of it was killed and has not ended: it hangs in the kernel\n");
        CommandResult hangs;
        hangs.timedOut = true;
        return hangs;
    }
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return base::errnoStatus(errno, "pipe2");
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    spec.outputDescriptor = writer.get();
    IFRIT_ASSIGN_OR_RETURN(const ProcessId process, m_launcher.launch(spec));
    writer.reset();

    UniqueFd handle = openPidfd(process.pid);
    if (!handle.valid()) return notWatched(spec, process.pid, errno);
    CommandResult result;
    {
        // Its end is what the wait below sees. Gone before it is reaped: the number is its own.
        const std::stop_callback onStop(stop, [&] {
            ::kill(-process.pid, SIGKILL);
            m_signaller.signalSession(process, Signal::Kill).IgnoreError();
        });
        result.timedOut = !waitForEnd(handle.get(), reader.get(), deadline, sink);
    }
    if (result.timedOut) {
        m_signaller.signalSession(process, Signal::Kill).IgnoreError();
        const auto unwanted = [](std::string_view) { return true; };
        waitForEnd(handle.get(), reader.get(), SteadyClock::now() + kKillWait, unwanted);
    }
    // Our child is not reaped yet, so its group's number cannot belong to anybody else. Cheaper
    // than a walk through /proc, which matters for a probe that runs every few seconds.
    ::kill(-process.pid, SIGKILL);
    if (!result.timedOut)
        result.timedOut = drain(reader.get(), sink, kLastChunks) == Drained::Refused;
    const auto ended = reap(handle.get());
    result.status = ended.value_or(ExitStatus());
    if (!ended) m_hanging.add(spec, process.pid, std::move(handle));
    return result;
}

}  // namespace ifrit::agent::platform
