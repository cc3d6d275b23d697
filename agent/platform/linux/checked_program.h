// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

/// A program between its check and its first instruction. The file is opened once and the open file
/// is checked; the process then stops at the end of its exec, and goes on only if what it became is
/// that very file, unchanged. Running it by the descriptor instead would show it as "5" in ps and
/// top, and give a script no name.
class CheckedProgram {
public:
    /// Opens `path` and calls `check` with it. Its error, or the system's.
    static absl::StatusOr<CheckedProgram> open(const std::string& path,
                                               const LaunchSpec::ProgramCheck& check);

    /// What an exec of this file becomes can be told: it is no script, and for this processor.
    /// Otherwise an interpreter runs, and what it reads is up to it.
    bool isTraceable() const { return m_isNative; }

    /// For the traced child `pid` that is on its way to its exec: OK when it runs the checked file;
    /// it is then traced no more. FAILED_PRECONDITION PROGRAM_SWAPPED when it would have run
    /// another one: it is killed without having run an instruction of it. CANCELLED when it ended
    /// before its exec, DEADLINE_EXCEEDED when it did not get there in time. Called by the thread
    /// that forked it; does not reap.
    absl::Status release(pid_t pid, std::chrono::steady_clock::time_point deadline) const;

private:
    struct Identity {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::uint64_t sizeBytes = 0;
        std::int64_t modified = 0;
        std::int64_t changed = 0;
        bool operator==(const Identity&) const = default;
    };

    CheckedProgram(std::string path, UniqueFd file, Identity identity, bool isNative)
        : m_path(std::move(path)),
          m_file(std::move(file)),
          m_identity(identity),
          m_isNative(isNative) {}

    static absl::StatusOr<Identity> identityOf(int descriptor, const std::string& path);
    absl::StatusOr<bool> runs(pid_t pid) const;

    std::string m_path;
    UniqueFd m_file;
    Identity m_identity;
    bool m_isNative;
};

}  // namespace ifrit::agent::platform
