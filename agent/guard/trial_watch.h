// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "agent/guard/slots.h"
#include "agent/guard/trial_verdict.h"
#include "agent/platform/process_table.h"
#include "shared/base/clock.h"

namespace ifrit::agent::guard {

/// Watches the version on trial for guard and gathers what it is judged by. How often it ended and
/// since when it runs is kept on disk, so that a guard that is killed gives it no more time. One
/// thread.
class TrialWatch {
public:
    /// All must outlive it. `file` is the notes' place.
    TrialWatch(const base::Clock& clock, const platform::ProcessTable& processes, Slots& slots,
               std::string file);

    /// Reads which trial is on: before each start of ifrit-agent, and when guard begins. True when
    /// there is one that was not known before.
    bool look();
    const std::optional<Trial>& trial() const { return m_trial; }

    /// A process of the version on trial is about to run; nothing to do when none is on trial. On
    /// an error (full disk) a guard that is killed would give it more time, nothing else.
    absl::Status starting(const platform::ProcessId& process);
    /// ifrit-agent ended, or could not be started; `how` is a sentence.
    void ended(const std::string& how);
    void couldNotStart(const std::string& why);
    /// It was not started for want of descriptors, memory or processes, or was ended at once
    /// because its end could not be watched: no end of its own.
    void noRoom();

    TrialVerdict judge();
    /// The trial is over.
    void forget();

private:
    struct Notes {
        int ends = 0;
        std::string lastEnd;
        platform::ProcessId process;  ///< of the version on trial; not valid() when none runs
        base::SteadyTime since{};
    };

    std::optional<Notes> readNotes(const std::string& id) const;
    absl::Status writeNotes() const;
    void countEnd(const std::string& how);
    void sample(TrialEvidence& evidence);

    const base::Clock& m_clock;
    const platform::ProcessTable& m_processes;
    Slots& m_slots;
    const std::string m_file;

    std::optional<Trial> m_trial;
    Notes m_notes;
    std::optional<base::SteadyTime> m_windowBegan;
    std::chrono::nanoseconds m_windowCpu{0};
    std::optional<std::uint32_t> m_cpuPercent;
};

}  // namespace ifrit::agent::guard
