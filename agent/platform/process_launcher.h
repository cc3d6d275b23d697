// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// The account that a program runs as, resolved by UserDirectory before the launch: the name
/// service must not be asked between fork and exec.
struct Account {
    std::string name;
    std::string home;
    std::uint32_t userId = 0;
    std::uint32_t groupId = 0;
    std::vector<std::uint32_t> groups;  ///< supplementary
    bool operator==(const Account&) const = default;
};

/// Set on the process before its program starts; nullopt keeps what the launcher itself has.
struct ResourceLimits {
    std::optional<std::uint64_t> openFiles;
    std::optional<std::uint64_t> coreBytes;
};

/// Reasons of a launch that was refused since the program is not the signed one: its check said so,
/// or what would have run was not the file that was checked.
inline constexpr std::string_view kProgramChanged = "PROGRAM_CHANGED";
inline constexpr std::string_view kProgramSwapped = "PROGRAM_SWAPPED";
/// Reason of a launch that did not get to its program in time, nor will while that one lasts. It is
/// an exhaustion (shared/base/exhaustion.h).
inline constexpr std::string_view kStartHangs = "START_HANGS";

struct LaunchSpec {
    enum class Session {
        Own,     ///< leads a session and group of its own: outlives us, and is killed as a whole
        Shared,  ///< stays in ours
    };
    /// What SIGHUP does until the program says.
    enum class Hangup {
        Ends,   ///< the default
        Waits,  ///< blocked: one that comes too early is heeded later, and ends nothing
    };
    /// Called with the program's open file before a process is made; an error cancels the launch.
    /// What runs then is that file as it was checked, or nothing (PROGRAM_SWAPPED). Of a script
    /// only the check before is certain: its interpreter opens it again.
    using ProgramCheck = std::function<absl::Status(int descriptor)>;

    std::vector<std::string> command;                ///< argv; [0] is an absolute path
    std::map<std::string, std::string> environment;  ///< the whole of it, nothing is inherited
    std::string workingDirectory;                    ///< empty: as the launcher
    std::optional<Account> account;                  ///< nullopt: as the launcher
    std::string outputFile;     ///< stdout and stderr are appended (mode 0640); empty: see below
    int outputDescriptor = -1;  ///< used when outputFile is empty; -1: inherit both
    Session session = Session::Own;
    Hangup hangup = Hangup::Ends;
    ResourceLimits limits;
    ProgramCheck checkProgram;  ///< empty: whatever is there is run
};

/// Whether a path is one, by the rules of a system.
using IsAbsolute = bool (*)(const std::string& path);
/// INVALID_ARGUMENT BAD_COMMAND for a command that no system could start; before all else of a
/// launch.
absl::Status checkCommand(const LaunchSpec& spec, IsAbsolute isAbsolute);

/// Starts programs. Thread-safe. stdin is /dev/null, no other descriptor is inherited, signal mask
/// and handlers are the defaults but for LaunchSpec::hangup.
class ProcessLauncher {
public:
    virtual ~ProcessLauncher() = default;

    /// Called with the identity while the new process is still held before its program. An error
    /// cancels the launch. If the caller dies here, the held process ends by itself: so whoever
    /// records the identity in this call never has a program running that no record names.
    using BeforeProgram = std::function<absl::Status(const ProcessId&)>;

    /// Returns once the program runs (exec succeeded). Errors name the step and path:
    /// INVALID_ARGUMENT BAD_COMMAND, NOT_FOUND / PERMISSION_DENIED when it cannot be executed,
    /// RESOURCE_EXHAUSTED when no process could be made, UNAVAILABLE START_HANGS, or what
    /// `beforeProgram` returned.
    virtual absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                             const BeforeProgram& beforeProgram) = 0;
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec) { return launch(spec, nullptr); }
};

}  // namespace ifrit::agent::platform
