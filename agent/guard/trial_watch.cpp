// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/trial_watch.h"

#include <algorithm>

#include "agent/guard/key_value_file.h"

namespace ifrit::agent::guard {
namespace {

/// Long enough that unpacking one package is not taken for a runaway.
constexpr std::chrono::milliseconds kCpuWindow{10'000};

std::chrono::milliseconds sinceEpoch(base::SteadyTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
}

}  // namespace

TrialWatch::TrialWatch(const base::Clock& clock, const platform::ProcessTable& processes,
                       Slots& slots, std::string file)
    : m_clock(clock), m_processes(processes), m_slots(slots), m_file(std::move(file)) {}

bool TrialWatch::look() {
    const std::optional<Trial> found = m_slots.judgedTrial();
    if (found == m_trial) return false;
    forget();
    m_trial = found;
    if (!m_trial) return false;
    if (const auto notes = readNotes(m_trial->id)) m_notes = *notes;
    // It ended while no guard was there: killed with it, or by a restart of the machine.
    if (m_notes.process.valid() && !m_processes.isAlive(m_notes.process))
        countEnd("it ended while ifrit-guard was away");
    return true;
}

void TrialWatch::forget() {
    m_trial.reset();
    m_notes = {};
    m_windowBegan.reset();
    m_cpuPercent.reset();
}

absl::Status TrialWatch::starting(const platform::ProcessId& process) {
    if (!m_trial) return absl::OkStatus();
    m_notes.process = process;
    m_notes.since = m_clock.steadyNow();
    m_windowBegan.reset();
    m_cpuPercent.reset();
    return writeNotes();
}

void TrialWatch::ended(const std::string& how) {
    // What ended may be the version before, which has just made room for the one on trial.
    if (m_trial && m_notes.process.valid()) countEnd(how);
}

void TrialWatch::couldNotStart(const std::string& why) {
    if (m_trial) countEnd(why);
}

void TrialWatch::noRoom() {
    if (!m_trial) return;
    m_notes.process = {};
    writeNotes().IgnoreError();
}

void TrialWatch::countEnd(const std::string& how) {
    ++m_notes.ends;
    m_notes.lastEnd = how;
    m_notes.process = {};
    // Not being able to write it down must not keep guard from its work.
    writeNotes().IgnoreError();
}

std::optional<TrialWatch::Notes> TrialWatch::readNotes(const std::string& id) const {
    const auto values = readKeyValues(m_file);
    if (!values.ok() || textOf(*values, "id") != id) return std::nullopt;
    Notes notes;
    notes.ends = numberOf<int>(*values, "ends");
    notes.lastEnd = textOf(*values, "last_end");
    notes.process = {numberOf<std::int32_t>(*values, "pid"),
                     numberOf<std::uint64_t>(*values, "start_time"), textOf(*values, "boot")};
    notes.since =
        base::SteadyTime(std::chrono::milliseconds(numberOf<std::int64_t>(*values, "since_ms")));
    return notes;
}

absl::Status TrialWatch::writeNotes() const {
    return writeKeyValues(m_file,
                          {{"id", m_trial->id},
                           {"ends", std::to_string(m_notes.ends)},
                           {"last_end", m_notes.lastEnd},
                           {"pid", std::to_string(m_notes.process.pid)},
                           {"start_time", std::to_string(m_notes.process.startTime)},
                           {"boot", m_notes.process.bootId},
                           {"since_ms", std::to_string(sinceEpoch(m_notes.since).count())}});
}

void TrialWatch::sample(TrialEvidence& evidence) {
    const auto status = m_processes.status(m_notes.process);
    if (!status.ok()) return;
    evidence.rssBytes = status->rssBytes;
    const base::SteadyTime now = m_clock.steadyNow();
    if (!m_windowBegan) {
        m_windowBegan = now;
        m_windowCpu = status->cpuTime;
    }
    const auto window = std::min(kCpuWindow, m_trial->probation / 2);
    if (const auto passed = now - *m_windowBegan; passed >= window && passed.count() > 0) {
        const auto used = status->cpuTime - m_windowCpu;
        m_cpuPercent = static_cast<std::uint32_t>(std::max<std::int64_t>(0, used.count()) * 100 /
                                                  passed.count());
        m_windowBegan = now;
        m_windowCpu = status->cpuTime;
    }
    evidence.cpuPercent = m_cpuPercent;
}

TrialVerdict TrialWatch::judge() {
    if (!m_trial) return {};
    TrialEvidence evidence;
    evidence.ends = m_notes.ends;
    evidence.lastEnd = m_notes.lastEnd;
    if (m_notes.process.valid()) {
        const base::SteadyTime now = m_clock.steadyNow();
        evidence.up = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_notes.since);
        sample(evidence);
        const auto proof = m_slots.proof(*m_trial);
        if (proof && proof->pid == m_notes.process.pid) {
            evidence.proof = proof;
            evidence.sinceBeat = sinceEpoch(now) - proof->beat;
        }
    }
    return judgeTrial(*m_trial, evidence);
}

}  // namespace ifrit::agent::guard
