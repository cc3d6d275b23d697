// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/guard/slots.h"
#include "agent/platform/directories.h"
#include "shared/base/clock.h"

namespace ifrit::agent::guard {

/// Which ifrit-guard runs. The one that init starts (the anchor) is never touched by a release; it
/// becomes the one of ifrit-agent's confirmed version by exec, so that its process stays init's.
/// What a guard could not do is remembered before it is tried:
///
///     <root>/ifrit/guard-successor      whom we become, how often it was tried; gone once it
///     stands <root>/ifrit/guard-refused        one that did not come up: not tried again
///
/// A successor that dies is started by nobody: init (or ifrit-agent) starts the anchor, which tries
/// once more and then stays itself.
class Succession {
public:
    /// A successor that runs this long stands.
    static constexpr std::chrono::seconds kStands{10};
    /// One that does not by then is ended by ifrit-agent.
    static constexpr std::chrono::seconds kStuck{45};
    static constexpr int kTries = 2;

    /// `self`: the program that runs, without links.
    Succession(std::string root, std::string self, const Slots& slots,
               platform::Directories& directories);

    /// The guard to become, a path without links; nullopt: stay. None while a trial is on.
    std::optional<std::string> successor() const;
    /// Before the exec. The second failure refuses it: FAILED_PRECONDITION GUARD_REFUSED.
    absl::Status prepare(const std::string& program, base::SteadyTime now);
    /// It does not even run: not tried again.
    absl::Status refuse(const std::string& program, const std::string& why);
    /// Whether we are a successor that has yet to stand.
    bool isPending() const;
    absl::Status stands();

private:
    std::string path(const char* name) const { return m_root + "/ifrit/" + name; }

    const std::string m_root;
    const std::string m_self;
    const Slots& m_slots;
    platform::Directories& m_directories;
};

/// Since when a successor has been coming up; nullopt: none is.
std::optional<base::SteadyTime> pendingSuccession(const std::string& root);

}  // namespace ifrit::agent::guard
