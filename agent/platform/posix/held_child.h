// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

/// Everything that a child needs between fork and exec, prepared before the fork: in a process
/// with threads nothing that allocates or locks may run there.
struct ChildPlan {
    char** command = nullptr;                ///< null-terminated, as execve wants it
    char** environment = nullptr;            ///< the same
    const char* workingDirectory = nullptr;  ///< null: stay
    const Account* account = nullptr;        ///< null: stay
    const gid_t* groups = nullptr;
    std::size_t groupCount = 0;
    LaunchSpec::Session session = LaunchSpec::Session::Own;
    LaunchSpec::Hangup hangup = LaunchSpec::Hangup::Ends;
    ResourceLimits limits;
    bool traced = false;  ///< stops at the end of its exec, for CheckedProgram::release()
    // All of them are 10 or above, so that no dup2() onto 0..4 hits one.
    int input = -1;
    int output = -1;  ///< -1: inherit stdout and stderr
    int gate = -1;    ///< one byte: go; end of file: the parent died or gave up
    int errors = -1;  ///< a ChildFailure is written here when the program cannot be started
};

enum class ChildStep : std::int32_t { Session, Limits, Directory, Account, Trace, Program };

struct ChildFailure {
    ChildStep step = ChildStep::Program;
    std::int32_t error = 0;  ///< errno
};

/// Runs in the forked child, with all signals blocked; async-signal-safe. Waits at the gate, then
/// becomes the program or ends.
[[noreturn]] void becomeProgram(const ChildPlan& plan);

}  // namespace ifrit::agent::platform
