// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_process_launcher.h"

#include <fcntl.h>
#include <libproc.h>
#include <signal.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

/// Which file: not its name, which can come to mean another.
struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const Identity&) const = default;
};

std::optional<Identity> identityOf(int result, const struct stat& info) {
    return result == 0 ? std::optional(Identity{info.st_dev, info.st_ino}) : std::nullopt;
}

absl::StatusOr<std::optional<Identity>> checkedProgram(const LaunchSpec& spec) {
    if (!spec.checkProgram) return std::optional<Identity>();
    const std::string& program = spec.command[0];
    const UniqueFd file(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return base::errnoStatus(errno, "starting " + program);
    IFRIT_RETURN_IF_ERROR(spec.checkProgram(file.get()));
    struct stat info {};
    const int result = ::fstat(file.get(), &info);
    return identityOf(result, info);
}

bool runs(pid_t pid, const Identity& wanted) {
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    struct stat info {};
    return ::proc_pidpath(pid, path.data(), static_cast<std::uint32_t>(path.size())) > 0 &&
           identityOf(::stat(path.data(), &info), info) == wanted;
}

}  // namespace

absl::StatusOr<ProcessId> MacProcessLauncher::launch(const LaunchSpec& spec,
                                                     const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolutePath));
    IFRIT_ASSIGN_OR_RETURN(const std::optional<Identity> checked, checkedProgram(spec));
    const auto process = m_held.launch(spec, beforeProgram);
    if (!process.ok() || !checked || runs(process->pid, *checked)) return process;
    ::kill(process->pid, SIGKILL);
    reapChild(process->pid);
    return base::failedPrecondition(
        kProgramSwapped, spec.command[0],
        "{} was replaced between its check and its start; what replaced it was killed",
        spec.command[0]);
}

}  // namespace ifrit::agent::platform
