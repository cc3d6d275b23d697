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

#include "agent/platform/linux/pidfd.h"
#include "agent/platform/linux/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

using SteadyClock = std::chrono::steady_clock;

// How long a killed program may take to vanish; more happens only in uninterruptible I/O.
constexpr std::chrono::seconds kKillWait(5);

void appendBounded(std::string& output, const char* bytes, std::size_t count) {
    output.append(bytes, count);
    if (output.size() > CommandRunner::kMaxOutputBytes)
        output.erase(0, output.size() - CommandRunner::kMaxOutputBytes);
}

// Takes what is there; false at the end of the output.
bool drain(int descriptor, std::string& output) {
    std::array<char, 4096> chunk{};
    for (;;) {
        const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
        if (got > 0) {
            appendBounded(output, chunk.data(), static_cast<std::size_t>(got));
        } else if (got < 0 && errno == EINTR) {
            continue;
        } else {
            return got != 0;
        }
    }
}

int millisUntil(SteadyClock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

// True when the process ended before the deadline; collects output meanwhile. Output held open by
// a grandchild does not prolong it.
bool waitForEnd(int handle, int output, SteadyClock::time_point deadline, std::string& collected) {
    std::array<pollfd, 2> polled{{{handle, POLLIN, 0}, {output, POLLIN, 0}}};
    for (;;) {
        const int ready = ::poll(polled.data(), polled.size(), millisUntil(deadline));
        if (ready == 0) return false;
        if (ready < 0 && errno != EINTR) return false;
        if (polled[1].revents != 0 && !drain(output, collected)) polled[1].fd = -1;
        if (polled[0].revents != 0) return true;
    }
}

ExitStatus reap(int handle) {
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(handle), &info, WEXITED | WNOHANG) != 0 ||
        info.si_pid == 0)
        return {};
    const auto kind =
        info.si_code == CLD_EXITED ? ExitStatus::Kind::Exited : ExitStatus::Kind::Killed;
    return {kind, info.si_status};
}

}  // namespace

absl::StatusOr<CommandResult> LinuxCommandRunner::run(const LaunchSpec& spec,
                                                      std::chrono::milliseconds timeout) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return base::errnoStatus(errno, "pipe2");
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    LaunchSpec own = spec;
    own.session = LaunchSpec::Session::Own;
    own.outputFile.clear();
    own.outputDescriptor = writer.get();
    const auto deadline = SteadyClock::now() + timeout;
    IFRIT_ASSIGN_OR_RETURN(const ProcessId process, m_launcher.launch(own));
    writer.reset();

    const UniqueFd handle = openPidfd(process.pid);
    CommandResult result;
    result.timedOut =
        !handle.valid() || !waitForEnd(handle.get(), reader.get(), deadline, result.output);
    if (result.timedOut) {
        m_signaller.signalSession(process, Signal::Kill).IgnoreError();
        waitForEnd(handle.get(), reader.get(), SteadyClock::now() + kKillWait, result.output);
    }
    // Our child is not reaped yet, so its group's number cannot belong to anybody else. Cheaper
    // than a walk through /proc, which matters for a probe that runs every few seconds.
    ::kill(-process.pid, SIGKILL);
    drain(reader.get(), result.output);
    result.status = reap(handle.get());
    return result;
}

}  // namespace ifrit::agent::platform
