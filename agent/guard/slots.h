// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
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
    std::string id;        ///< its manifest's digest
    std::string version;   ///< for people
    std::chrono::milliseconds probation{120'000};
    std::uint32_t cpuPercent = 0;   ///< of one core, mean over a while; 0: no limit
    std::uint64_t memoryBytes = 0;  ///< resident; 0: no limit
    bool operator==(const Trial&) const = default;
};

/// What the version on trial says of itself, again and again, while it is on trial.
struct Proof {
    std::string id;
    std::int32_t pid = 0;
    std::chrono::milliseconds beat{0};  ///< when its main loop last turned, of the steady clock
    bool synced = false;                ///< a master has answered, and the answer was kept
    bool operator==(const Proof&) const = default;
};

/// What became of a trial that failed; for ifrit-agent to report and to remember.
struct PutBack {
    std::string id;
    std::string version;
    std::string reason;   ///< AgentError::reason
    std::string message;  ///< a sentence
    base::WallTime at{};
    bool operator==(const PutBack&) const = default;
};

/// The two places of ifrit-agent's own versions and who is current:
///
///     <root>/ifrit/slots/{a,b} -> ../../agents/ifrit-agent/versions/<...>
///     <root>/ifrit/current -> slots/a            absent: the program beside ifrit-guard
///     <root>/ifrit/trial                         slot b is current and has yet to prove itself
///     <root>/ifrit/proof                         written by the version on trial
///     <root>/ifrit/trial-watch                   guard's notes on the trial (trial_watch.h)
///     <root>/ifrit/put-back                      why slot b was put back
///     <root>/ifrit/put-back.room                 its place on the disk while the trial is on
///
/// Every change is durable before the next begins, and their order makes a kill between any two
/// harmless: a trial whose slot is not current has not begun or is over, and is dropped. Unknown
/// keys of the files are ignored, so that guard and ifrit-agent may be of different versions.
/// Guard (one thread) judges and puts back; ifrit-agent fills, begins, proves and takes notice.
class Slots {
public:
    Slots(std::string root, platform::Directories& directories);

    /// The program to start: of the current slot, or `fallback` when no slot is current.
    std::string program(const std::string& fallback) const;
    /// The slot that `current` names; empty when there is none.
    std::string current() const;
    /// Where the next version goes.
    std::string idle() const { return current() == "a" ? "b" : "a"; }

    /// The trial that is on; nullopt when there is none, or it has not begun, is over, or cannot be
    /// read.
    std::optional<Trial> trial() const;
    /// What the version on trial last said; nullopt while it has said nothing.
    std::optional<Proof> proof(const Trial& trial) const;

    // Guard's part.
    /// As trial(), and removes one that is none.
    std::optional<Trial> judgedTrial();
    /// The version on trial stays: it is the one to come back to from now on.
    absl::Status confirm(const Trial& trial);
    /// The version before is current again.
    absl::Status putBack(const Trial& trial, const PutBack& why);

    // ifrit-agent's part.
    /// Makes the slot lead to a version's directory, which is written as relative to the root.
    absl::Status fill(const std::string& slot, const std::string& directory);
    /// Makes the trial's slot, which must be filled, the current one. The caller then ends, and
    /// guard starts it.
    absl::Status beginTrial(const Trial& trial);
    absl::Status prove(const Proof& proof);
    /// The last put-back; it stays until it is forgotten, which is once the journal has it. nullopt
    /// while the trial is still on that it is to end.
    std::optional<PutBack> lastPutBack() const;
    absl::Status forgetPutBack();

private:
    std::string path(const char* name) const { return m_home + '/' + name; }
    absl::Status switchTo(const std::string& slot);
    /// Removes what a trial needs while it is on.
    absl::Status finish();

    const std::string m_home;
    platform::Directories& m_directories;
};

}  // namespace ifrit::agent::guard
