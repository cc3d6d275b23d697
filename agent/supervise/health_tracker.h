// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/platform/process_table.h"
#include "agent/supervise/agent_snapshot.h"
#include "shared/base/clock.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::supervise {

/// What the evidence says of a running process, crash loops left aside.
struct HealthVerdict {
    Health health = Health::Unknown;
    std::string message;
    bool restart = false;  ///< it has been unhealthy for so long that only a restart can help
};

/// Evidence on one running process, and the verdict on it. Pure: the caller brings the time and
/// the observations. Not thread-safe.
class HealthTracker {
public:
    /// Without a probe a process is healthy once it has lived this long.
    static constexpr std::chrono::milliseconds kSettled{2'000};
    /// Until its first success a probe is asked at least this often, so that a start is noticed
    /// soon; its failures do not count before `failureThreshold` intervals are over, from when the
    /// first one began to run.
    static constexpr std::chrono::milliseconds kStartInterval{1'000};
    /// Observations in a row as stopped or zombie that make a restart.
    static constexpr std::uint32_t kFrozenForRestart = 2;

    /// `started` lies in the past for an adopted process. `phase`: of the machine's rhythm.
    HealthTracker(std::optional<domain::Probe> probe, base::SteadyTime started,
                  base::SteadyTime now, std::chrono::milliseconds phase = {});

    void observe(platform::ProcessState state);
    void probeSent() { m_inFlight = true; }
    /// The first probe was begun: the start period begins. A probe that waits for its turn is no
    /// evidence on the process.
    void probeBegun(base::SteadyTime now);
    bool firstProbeBegun() const { return m_firstProbe.has_value(); }
    /// Nobody came to ask; to be sent again soon. A success of before counts for as long as as many
    /// failures would take to be believed.
    void probeMissed(const std::string& message, base::SteadyTime now);
    void probed(bool ok, const std::string& message, base::SteadyTime now);

    /// So it was with the last probe.
    bool isMissed() const { return m_isMissed; }

    /// When the next probe is to be sent; nullopt while one runs or when there is none.
    std::optional<base::SteadyTime> nextProbe() const;
    HealthVerdict verdict(base::SteadyTime now) const;
    /// When the verdict changes without new evidence; nullopt when it does not.
    std::optional<base::SteadyTime> nextChange(base::SteadyTime now) const;

private:
    std::optional<base::SteadyTime> startPeriodEnd() const;
    /// After an answer of an agent that has succeeded once.
    base::SteadyTime afterAnswer(base::SteadyTime now) const;
    /// How long as many failures take as make it unhealthy.
    std::chrono::milliseconds patience() const;

    const std::optional<domain::Probe> m_probe;
    const base::SteadyTime m_started;
    const std::chrono::milliseconds m_phase;
    std::optional<base::SteadyTime> m_firstProbe;  ///< when it began to run
    base::SteadyTime m_nextProbe;
    bool m_inFlight = false;
    std::optional<base::SteadyTime> m_answered;  ///< when the agent was asked last
    bool m_isMissed = false;                     ///< but not with the last probe
    bool m_succeeded = false;
    std::uint32_t m_failures = 0;
    std::uint32_t m_frozen = 0;
    platform::ProcessState m_state = platform::ProcessState::Running;
    std::string m_probeMessage;
    std::string m_missMessage;
};

}  // namespace ifrit::agent::supervise
