// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "master/compose/compose.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::master::release {

/// What a machine type is moved to, or was on.
struct Target {
    domain::DesiredAction action = domain::DesiredAction::Install;
    std::string version;  ///< empty for the uninstall actions
    std::string digest;   ///< of the manifest, hex; empty as above
    bool operator==(const Target&) const = default;
};

/// One machine's way through a release.
struct MachineProgress {
    std::string uuid;
    std::string machineType;
    domain::StageKind stage = domain::StageKind::Full;
    std::uint32_t batch = 0;
    domain::Outcome outcome = domain::Outcome::Pending;
    /// Normalized name, e.g. "PROBE_FAILED"; before its stage is open, why it will be skipped.
    std::string reason;
    std::string message;  ///< the machine's own sentence
    std::string fromVersion;
    std::string runningVersion;
    std::string runningDigest;
    domain::MachineState state = domain::MachineState::Unknown;
    std::string step;
    base::WallTime since{};  ///< of the outcome
    std::optional<base::WallTime> deadline;
    /// Its stage's opening, later by all the time that does not count against it: without contact,
    /// with an outcome, or while nothing was permitted.
    std::optional<base::WallTime> openedAt;
    std::optional<base::WallTime> offlineSince;
    bool opened = false;   ///< its stage was opened: it may be touched
    bool offline = false;  ///< misses its polls
    /// Between permit and outcome; in a rollback: it had a permit and has not reported anew since.
    bool inFlight = false;
    /// It had a permit when it fell silent, its time was over or the release was aborted, and has
    /// not reported since: it may have switched, whatever its newest report says.
    bool unheard = false;
    bool knownBad = false;  ///< it remembers the target as bad
    /// It is to try again and has not shown that it heard of that: until then its reports are about
    /// the try before.
    bool retried = false;
    std::uint64_t reportMark = 0;  ///< of its newest report that was taken; 0: none, or not known
    /// What an aborted release left on it: it stands again when this one's entries go.
    std::optional<Target> pinned;
    bool late = false;     ///< it joined or came back after its stage had opened
    bool damaged = false;  ///< the agent's files differ from the signed ones, by the newest report
    /// What the agent costs there: when the stage opened, and by the newest report.
    std::optional<domain::ResourceSample> before;
    domain::ResourceSample sample;
    bool operator==(const MachineProgress&) const = default;
};

/// A release with everything that decides what happens next. All of it is kept in the database.
struct Model {
    domain::Release release;
    std::map<std::string, Target> targets;                  ///< by machine type
    std::map<std::string, std::optional<Target>> previous;  ///< nullopt: nothing was settled
    std::map<std::string, MachineProgress> machines;        ///< by uuid
    std::size_t stageIndex = 0;                             ///< into release.stages, once started
    base::WallTime stamp{};                                 ///< of all its entries
    /// Of the entries that stand now: `stamp`, or that of the abort or rollback. What is older and
    /// carries the release's id gets no permit.
    base::WallTime standingStamp{};
    base::WallTime stateSince{};
    /// From when the time of the open stage counts: its opening, later by what counts for nobody.
    std::optional<base::WallTime> stageSince;
    bool fullOpened = false;
    /// When a tick first found that nothing may change (windows, blackout dates, freeze), and when
    /// one last found that it may again.
    std::optional<base::WallTime> closedSince;
    std::optional<base::WallTime> openSince;
    /// By machine type: the largest pilotHash() of the pilot's machines.
    std::map<std::string, std::uint64_t> pilotLimits;
    /// Of all that is pinned on its machines, "" for nothing.
    std::set<std::string> pinnedDigests;
    /// By stage: bad machines that a person accepted with resume. Cost: 1 where it was accepted.
    std::vector<std::map<domain::GateKind, std::uint32_t>> acceptedBad;
    /// When costs were last compared. Not kept: after a restart they are compared anew.
    base::WallTime costChecked{};
    /// It stood still until `since`: up to `until` nothing is judged by what was not heard, and no
    /// stage opens by itself. Not kept: who takes it up has not turned it either.
    struct Hearing {
        base::WallTime since{};
        base::WallTime until{};
        bool operator==(const Hearing&) const = default;
    };
    std::optional<Hearing> hearing;
    bool operator==(const Model&) const = default;
};

/// A change of rows of desired state. Taken in order, in one transaction, with one new generation.
struct DesiredEdit {
    enum class Kind {
        Put,             ///< `row`; replaces the row of the same key, agent and release (gray) or
                         ///< of the same key and agent (full)
        EraseOfRelease,  ///< gray and hash rows of `releaseId`
        EraseFull,       ///< the full row of row.machineType and row.entry.agent
        EraseOlderGray,  ///< gray and hash rows of row.entry.agent and row.machineType before its
                         ///< timestamp
        EraseOfMachine   ///< rows of row.machineUuid
    };
    Kind kind = Kind::Put;
    compose::DesiredRow row;
    std::string releaseId;
};

struct TimelineNote {
    base::WallTime at{};
    std::string what;   ///< "started", "gray opened"...
    std::string actor;  ///< empty: the master itself
    std::string message;
};

/// What has to be stored after an event.
struct Effects {
    std::vector<DesiredEdit> desired;
    std::vector<TimelineNote> timeline;
    std::set<std::string> machines;  ///< uuids whose progress changed
    /// Machines that shall try a version again: uuid to manifest digest.
    std::map<std::string, std::string> clearKnownBad;
    bool releaseChanged = false;

    /// Those of a later event.
    void append(const Effects& later);
    bool empty() const {
        return desired.empty() && timeline.empty() && machines.empty() && clearKnownBad.empty() &&
               !releaseChanged;
    }
};

/// Draft, Running, Paused, Halted and RollingBack go on; the others are final.
bool isActive(domain::ReleaseState state);
/// Started and not final.
bool isRunning(domain::ReleaseState state);

}  // namespace ifrit::master::release
