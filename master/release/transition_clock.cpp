// SPDX-License-Identifier: Apache-2.0
// Time that does not count: the clock was set, or nobody turned the release.
#include <fmt/format.h>

#include <algorithm>

#include "master/release/transition.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::master::release {

using domain::ReleaseState;
using domain::StageKind;

namespace {

/// What is shorter nobody has to be told.
constexpr std::chrono::seconds kToldStand{10};

}  // namespace

/// All that a deadline counts from. What was noted by the clock as it is now, before anybody saw
/// that time went by for nothing, is not moved past it.
void Transition::shiftAll(base::WallTime::duration by) {
    const auto shift = [&](base::WallTime& time) { time = std::min(time + by, m_now); };
    const auto shiftIfSet = [&](std::optional<base::WallTime>& time) {
        if (time) shift(*time);
    };
    shift(m_model.stateSince);
    shiftIfSet(m_model.stageSince);
    shiftIfSet(m_model.closedSince);
    shiftIfSet(m_model.openSince);
    for (domain::StageCounts& stage : m_model.release.stages) {
        // It ends in the time to come. When a stage was opened and closed stays as it was.
        if (stage.soakUntil && !stage.closed) *stage.soakUntil += by;
    }
    for (auto& [uuid, machine] : m_model.machines) {
        // Time with an outcome counts for nobody anyway.
        if (!machine.opened || machine.outcome != domain::Outcome::Pending) continue;
        shiftIfSet(machine.offlineSince);
        shiftMachine(machine, by);
    }
    m_effects.releaseChanged = true;
}

absl::Status Transition::handle(const ClockSet& event) {
    const auto by = event.by;
    if (!isRunning(m_model.release.state)) return absl::OkStatus();
    shiftAll(by);
    // What began by the other clock begins anew.
    if (auto& hearing = m_model.hearing)
        hearing = Model::Hearing{m_now, m_now + (hearing->until - hearing->since)};
    const std::string span = base::sayDuration(std::chrono::abs(by));
    const bool isAhead = by > std::chrono::milliseconds(0);
    note("clock set", {},
         isAhead ? fmt::format("the clock of the master that leads went ahead by {}, and no "
                               "deadline counts that",
                               span)
                 : fmt::format("the clock of the master that leads went back by {}, and no "
                               "deadline counts that",
                               span));
    return absl::OkStatus();
}

/// What was heard before says nothing about how the open stages fared in between.
absl::Status Transition::handle(const StoodStill& event) {
    if (!isRunning(m_model.release.state)) return absl::OkStatus();
    // First: the rest goes by the clock as it is now.
    if (event.clockSet != std::chrono::milliseconds(0))
        IFRIT_RETURN_IF_ERROR(handle(ClockSet{event.clockSet}));
    m_model.hearing = Model::Hearing{m_now, m_now + event.hearIn};
    if (event.by <= std::chrono::milliseconds(0)) return absl::OkStatus();
    shiftAll(event.by);
    auto& stage = m_model.release.stages[m_model.stageIndex];
    if (stage.soakUntil) {
        // How long it stood is known by what was last kept: not longer than a new one.
        const auto& spec = m_model.release.spec;
        const bool isBatch = stage.kind == StageKind::Batch;
        *stage.soakUntil =
            std::min(*stage.soakUntil, m_now + (isBatch ? spec.batches.interval : spec.soak));
    }
    if (event.by >= kToldStand) {
        note("stood still", {},
             fmt::format("no master turned this release for {}, and no deadline or soak counts "
                         "that",
                         base::sayDuration(event.by)));
    }
    return absl::OkStatus();
}

absl::Status Transition::handle(const AllHeard&) {
    m_model.hearing.reset();
    return absl::OkStatus();
}

}  // namespace ifrit::master::release
