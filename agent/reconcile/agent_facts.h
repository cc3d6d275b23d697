// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/journal/journal_state.h"
#include "agent/supervise/agent_snapshot.h"
#include "shared/base/clock.h"
#include "shared/domain/desired_state.h"

namespace ifrit::agent::reconcile {

/// How far the desired package has come on this machine; each value includes those before it.
enum class PackageProgress { Nothing, Manifest, Archive, Unpacked };

/// The master's word that one switch may happen now. Over as soon as one of the clocks says so: the
/// wall clock may be set back, the steady one stands while the machine sleeps.
struct Permit {
    std::string releaseId;
    std::string digest;  ///< empty for an uninstall
    base::WallTime validUntil{};
    base::SteadyTime steadyUntil{};
    bool isValid(base::WallTime now, base::SteadyTime steadyNow) const {
        return now < validUntil && steadyNow < steadyUntil;
    }
    bool operator==(const Permit&) const = default;
};

/// What there is to know of ifrit-agent itself beside what is known of every agent. Its version is
/// that of the program which runs this.
struct SelfFacts {
    enum class Trial {
        None,     ///< nothing is on trial
        Running,  ///< this very version is, and has yet to prove itself
        Passed,   ///< it was, and guard has confirmed it
        Leaving,  ///< another version is on trial or was put back: this process is to end
    };
    Trial trial = Trial::None;
    std::optional<base::WallTime> trialEnds;
    bool operator==(const SelfFacts&) const = default;
};

/// All that the planner may know of one agent on this machine.
struct AgentFacts {
    std::string agent;
    std::optional<domain::DesiredEntry> desired;  ///< the chosen one; nullopt: nobody names it
    journal::AgentRecord record;
    std::optional<supervise::AgentSnapshot> process;
    std::optional<SelfFacts> self;                       ///< only of ifrit-agent
    PackageProgress package = PackageProgress::Nothing;  ///< of desired->manifestDigest
    bool preflightPassed = false;                        ///< for desired, in this life of ours
    std::optional<Permit> permit;
    base::SteadyTime steadyNow{};  ///< when all this was so
    bool versionsOnDisk = false;   ///< anything but the data directory
    bool dataOnDisk = false;
    std::chrono::milliseconds probation{0};  ///< of the version in probation
    /// When it has failed that has not become healthy; nullopt: it does not run yet.
    std::optional<base::SteadyTime> probationEnds;
    /// When nobody waits any longer for what keeps the begun step from its start or its verdict.
    std::optional<base::SteadyTime> unjudgedEnds;
    /// Of the version in probation: it is gone or is not the signed one, and waiting does not help.
    bool manifestLost = false;
    /// Where what is supervised uses an address that this machine does not have, or of which nobody
    /// knows yet whether it has it: that, and the one it has, empty while none is known.
    std::string addressUsed;
    std::string addressNow;
    bool repairDue = false;  ///< an installed version is damaged, and may be repaired now
    domain::Integrity integrity = domain::Integrity::Unknown;
    std::string integrityNote;
    std::chrono::milliseconds probeSpan{0};  ///< reconcile::probeSpan() of its probe
    /// Of the last thing done here that counts as no attempt (a start, a commit...) and has not
    /// worked since.
    std::optional<domain::AgentError> localError;
};

}  // namespace ifrit::agent::reconcile
