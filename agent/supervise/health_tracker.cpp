// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/health_tracker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/supervise/rhythm.h"

namespace ifrit::agent::supervise {

HealthTracker::HealthTracker(std::optional<domain::Probe> probe, base::SteadyTime started,
                             base::SteadyTime now, std::chrono::milliseconds phase)
    : m_probe(std::move(probe)), m_started(started), m_phase(phase), m_nextProbe(now) {}

void HealthTracker::observe(platform::ProcessState state) {
    m_state = state;
    m_frozen = state == platform::ProcessState::Running ? 0 : m_frozen + 1;
}

void HealthTracker::probeBegun(base::SteadyTime now) {
    if (!m_firstProbe) m_firstProbe = now;
}

void HealthTracker::probeMissed(const std::string& message, base::SteadyTime now) {
    m_inFlight = false;
    m_isMissed = true;
    // Begun, and then not asked: the start period waits for one that is.
    if (!m_answered) m_firstProbe.reset();
    if (m_probeMessage.empty()) m_probeMessage = message;
    m_missMessage = message;
    m_nextProbe = now + std::min(m_probe->interval, kStartInterval);
}

void HealthTracker::probed(bool ok, const std::string& message, base::SteadyTime now) {
    probeBegun(now);
    m_answered = now;
    m_isMissed = false;
    m_inFlight = false;
    m_probeMessage = message;
    m_failures = ok ? 0 : m_failures + 1;
    m_succeeded = m_succeeded || ok;
    m_nextProbe =
        m_succeeded ? afterAnswer(now) : now + std::min(m_probe->interval, kStartInterval);
}

// Programs are not begun together: they would take the processor from each other, and time out by
// that.
base::SteadyTime HealthTracker::afterAnswer(base::SteadyTime now) const {
    const bool isProgram = m_probe->kind == domain::Probe::Kind::Exec;
    return isProgram ? now + m_probe->interval : nextInRhythm(now, m_probe->interval, m_phase);
}

std::optional<base::SteadyTime> HealthTracker::nextProbe() const {
    if (!m_probe || m_inFlight) return std::nullopt;
    return m_nextProbe;
}

std::optional<base::SteadyTime> HealthTracker::startPeriodEnd() const {
    if (!m_probe) return m_started + kSettled;
    if (!m_firstProbe) return std::nullopt;
    return *m_firstProbe + patience();
}

std::chrono::milliseconds HealthTracker::patience() const {
    return m_probe->interval * std::max<std::uint32_t>(1, m_probe->failureThreshold);
}

HealthVerdict HealthTracker::verdict(base::SteadyTime now) const {
    const bool zombie = m_state == platform::ProcessState::Zombie;
    // Each that ends is one until its end is taken note of, at once: only one that stays is a
    // finding.
    const bool isEnding = zombie && m_frozen < kFrozenForRestart;
    if (m_state != platform::ProcessState::Running && !isEnding) {
        return {Health::Unhealthy,
                zombie ? "its process is a zombie" : "its process is stopped (SIGSTOP)",
                m_frozen >= kFrozenForRestart};
    }
    const auto startEnds = startPeriodEnd();
    const bool starts = !startEnds || now < *startEnds;
    if (!m_probe) {
        if (starts) return {Health::Unknown, "just started", false};
        return {Health::Healthy, "running; it has no probe", false};
    }
    if (!m_succeeded) {
        if (starts || m_isMissed)
            return {Health::Unknown, "started, its probe has not succeeded yet: " + m_probeMessage,
                    false};
        return {Health::Unhealthy, "its probe has not succeeded since the start: " + m_probeMessage,
                true};
    }
    if (m_failures < std::max<std::uint32_t>(1, m_probe->failureThreshold)) {
        // The old success is no word on what it is now.
        if (m_isMissed && now >= *m_answered + patience())
            return {Health::Unknown, "its probe cannot be asked: " + m_missMessage, false};
        return {Health::Healthy, "probe: " + m_probeMessage, false};
    }
    return {Health::Unhealthy,
            fmt::format("its probe failed {} times in a row: {}", m_failures, m_probeMessage),
            true};
}

std::optional<base::SteadyTime> HealthTracker::nextChange(base::SteadyTime now) const {
    const auto startEnds = startPeriodEnd();
    if (m_succeeded || !startEnds || now >= *startEnds) return std::nullopt;
    return startEnds;
}

}  // namespace ifrit::agent::supervise
