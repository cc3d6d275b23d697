// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>

#include "agent/platform/process_id.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::supervise {

enum class Phase {
    Clearing,    ///< not started: an earlier run is being ended, there is no room for a process, or
                 ///< the account of its user is looked for
    Running,     ///< the process is there
    BackingOff,  ///< it ended; the next start is at nextStart
    Stopping,    ///< asked to end (stop(), a limit, or unhealthy for too long), grace is running
    Stopped,     ///< after stop(); nothing of it runs
};

enum class Health {
    Unknown,    ///< no verdict yet since the start
    Healthy,    ///< alive and, if it has a probe, answering; never while crashLooping
    Unhealthy,  ///< not running, stopped, zombie, or the probe failed often enough
};

/// How a run came to its end, or comes to it.
enum class RunEnd {
    None,        ///< none has ended yet
    NotStarted,  ///< the program could not be started
    ByItself,    ///< nobody asked it to
    OverLimit,   ///< killed, because it took more than it may
    Unhealthy,   ///< ended, to be started again: it did not answer its probe, or stood still
};

/// What the system, which holds its limits, has kept from a process since it began or was adopted.
struct HeldBack {
    std::uint32_t looks = 0;      ///< at its CPU time
    std::uint32_t throttled = 0;  ///< of them: held at its limit for more than a burst
    bool tasksRefused = false;
    bool operator==(const HeldBack&) const = default;
};

/// What is known of one managed agent at one moment.
struct AgentSnapshot {
    std::string agent;
    std::string version;
    std::string digest;
    Phase phase = Phase::Stopped;
    platform::ProcessId process;  ///< not valid() when none runs
    Health health = Health::Unknown;
    std::string healthMessage;   ///< why, a sentence: "probe: HTTP 503 from http://127.0.0.1:9100/"
    std::uint32_t restarts = 0;  ///< since start() or adopt(): ends that nobody asked for
    bool crashLooping = false;   ///< crashed 3 times within the window and not stable since
    domain::ResourceSample sample;
    HeldBack heldBack;
    base::WallTime since{};                        ///< start of the current phase
    std::optional<base::WallTime> started;         ///< of the process, known also after adoption
    std::optional<base::SteadyTime> healthySince;  ///< unbroken
    std::optional<base::WallTime> nextStart;       ///< in BackingOff
    /// A sentence: "exited with code 3", "killed: memory 512 MiB over 256 MiB".
    std::string lastExit;
    RunEnd lastEnd = RunEnd::None;  ///< of lastExit; in Stopping: of what is on its way
    /// PROGRAM_CHANGED or PROGRAM_SWAPPED when lastExit is a start that was refused since the
    /// program is not the signed one; else empty.
    std::string refusedProgram;
    /// Its last probe could not be asked, for a want of ours: health says nothing new.
    bool unasked = false;
    std::string address;  ///< RunSpec::address of its next start
    /// What came of the last SIGKILL: an exhaustion where this machine had no means to send it.
    absl::Status killed;
    bool running() const { return process.valid(); }
};

}  // namespace ifrit::agent::supervise
