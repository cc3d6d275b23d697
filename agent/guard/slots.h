// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/platform/directories.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// A new version of ifrit-agent that runs until it proves itself or is put back.
struct Trial {
    std::string slot;      ///< "a" or "b"
    std::string previous;  ///< the slot before; empty: none, the program beside ifrit-guard ran
    std::string id;        ///< of the new version, e.g. its manifest's digest
    std::chrono::seconds probation{120};
    bool operator==(const Trial&) const = default;
};

/// What became of a trial that failed; for ifrit-agent to report and to remember.
struct PutBack {
    std::string id;
    std::string reason;
    base::WallTime at{};
    bool operator==(const PutBack&) const = default;
};

/// The two places of ifrit-agent's own versions and who is current:
///
///     <root>/ifrit/slots/{a,b}/bin/ifrit-agent
///     <root>/ifrit/current -> slots/a            absent: the program beside ifrit-guard
///     <root>/ifrit/trial                         slot b is current and not confirmed
///     <root>/ifrit/confirmed                     written by the version on trial
///     <root>/ifrit/put-back                      why slot b was put back
///
/// Every change is durable before the next begins, and their order makes a kill between any two
/// harmless: a trial whose slot is not current has not begun or is over, and is dropped.
/// Used by guard (one thread) and, for beginTrial(), confirm() and takePutBack(), by ifrit-agent.
class Slots {
public:
    Slots(std::string root, platform::Directories& directories);

    /// The program to start: of the current slot, or `fallback` when no slot is current.
    std::string program(const std::string& fallback) const;
    /// The slot that `current` names; empty when there is none.
    std::string current() const;

    /// The trial that is on; nullopt when there is none. Drops one that has not begun, is over, or
    /// cannot be read.
    std::optional<Trial> trial();
    bool confirmed(const Trial& trial) const;
    /// The version on trial stays: it is the one to come back to from now on.
    absl::Status finish(const Trial& trial);
    /// The version before is current again.
    absl::Status putBack(const Trial& trial, const std::string& reason, base::WallTime now);

    /// Makes the trial's slot, which must be filled, the current one. The caller then ends, and
    /// guard starts it.
    absl::Status beginTrial(const Trial& trial);
    /// Called by the version on trial when it has synced with a master. OK when none is on.
    absl::Status confirm();
    /// The last put-back, once.
    std::optional<PutBack> takePutBack();

private:
    std::string path(const char* name) const { return m_home + '/' + name; }
    absl::Status switchTo(const std::string& slot);

    const std::string m_home;
    platform::Directories& m_directories;
};

}  // namespace ifrit::agent::guard
