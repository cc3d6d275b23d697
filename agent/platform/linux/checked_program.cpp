// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/checked_program.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// Up to and with e_machine, which has the same place in both classes.
using ElfStart = std::array<char, offsetof(Elf64_Ehdr, e_version)>;

bool readStart(int descriptor, ElfStart& start) {
    return ::pread(descriptor, start.data(), start.size(), 0) == static_cast<ssize_t>(start.size());
}

/// An ELF file of the class and processor of this very program.
bool isNativeElf(int descriptor) {
    const UniqueFd self(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    ElfStart ours{};
    ElfStart theirs{};
    if (!self.valid() || !readStart(self.get(), ours) || !readStart(descriptor, theirs)) {
        return false;
    }
    constexpr std::size_t kMachine = offsetof(Elf64_Ehdr, e_machine);
    return std::memcmp(theirs.data(), ELFMAG, SELFMAG) == 0 && theirs[EI_CLASS] == ours[EI_CLASS] &&
           theirs[kMachine] == ours[kMachine] && theirs[kMachine + 1] == ours[kMachine + 1];
}

// The next that a child comes to, as waitpid() tells it, which itself knows no deadline.
absl::StatusOr<int> nextStatus(pid_t pid, std::chrono::steady_clock::time_point deadline) {
    constexpr std::chrono::microseconds kFirstPause(50);  // an exec takes some hundred
    constexpr std::chrono::microseconds kLongestPause(5000);
    for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
        int status = 0;
        const pid_t got = ::waitpid(pid, &status, WNOHANG);
        if (got == pid) return status;
        if (got < 0 && errno != EINTR) return base::errnoStatus(errno, "waiting for a program");
        if (std::chrono::steady_clock::now() >= deadline)
            return absl::DeadlineExceededError("it did not get to its program in time");
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace

absl::StatusOr<CheckedProgram::Identity> CheckedProgram::identityOf(int descriptor,
                                                                    const std::string& path) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return base::errnoStatus(errno, path);
    return Identity{info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size),
                    nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

absl::StatusOr<CheckedProgram> CheckedProgram::open(const std::string& path,
                                                    const LaunchSpec::ProgramCheck& check) {
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid()) return base::errnoStatus(errno, "starting " + path);
    // Taken before the content is read: a change during the check shows as well.
    IFRIT_ASSIGN_OR_RETURN(const Identity identity, identityOf(file.get(), path));
    IFRIT_RETURN_IF_ERROR(check(file.get()));
    const bool isNative = isNativeElf(file.get());
    return CheckedProgram(path, std::move(file), identity, isNative);
}

absl::StatusOr<bool> CheckedProgram::runs(pid_t pid) const {
    const UniqueFd running(::open(fmt::format("/proc/{}/exe", pid).c_str(), O_PATH | O_CLOEXEC));
    if (!running.valid()) return base::errnoStatus(errno, "looking at what " + m_path + " became");
    const auto now = identityOf(running.get(), m_path);
    return now.ok() && *now == m_identity;
}

absl::Status CheckedProgram::release(pid_t pid,
                                     std::chrono::steady_clock::time_point deadline) const {
    for (;;) {
        IFRIT_ASSIGN_OR_RETURN(const int status, nextStatus(pid, deadline));
        if (!WIFSTOPPED(status)) return absl::CancelledError("ended before its program");
        if (WSTOPSIG(status) == SIGTRAP) break;
        // Somebody sent it a signal before it got to its exec; it takes its course.
        ::ptrace(PTRACE_CONT, pid, nullptr, WSTOPSIG(status));
    }
    const absl::StatusOr<bool> isChecked = runs(pid);
    if (isChecked.value_or(false) && ::ptrace(PTRACE_DETACH, pid, nullptr, nullptr) == 0)
        return absl::OkStatus();
    ::kill(pid, SIGKILL);
    if (base::isExhaustion(isChecked.status())) return isChecked.status();
    return base::failedPrecondition(
        kProgramSwapped, m_path,
        "{} was replaced between its check and its start; what replaced it did not run", m_path);
}

}  // namespace ifrit::agent::platform
