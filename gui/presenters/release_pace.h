// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "gui/services/releases.h"

namespace ifrit::gui::presenters {

/// How fast a release goes, and when it would be over if it went on like this. Fed with what the
/// master tells; a pure function of that and the time.
class ReleasePace {
public:
    /// When nothing more is awaited.
    struct End {
        base::WallTime at{};
        /// Somebody has to verify or promote on the way: not before `at`.
        bool atTheEarliest = false;
    };

    void clear();
    /// What the master told at `now`; older than the window is forgotten.
    void take(const services::ReleaseInfo& info, base::WallTime now);

    /// Machines that changed, or failed to, in a minute: of the last ten minutes that were seen, or
    /// of the open stage's time before that; of the whole release once it has ended. Unset: nothing
    /// to tell it by, or every machine of what is open has come out.
    std::optional<double> perMinute(const services::ReleaseInfo& info, base::WallTime now) const;
    /// Unset: it does not go on by itself now, there is no rate, or what is open had come out
    /// before it was first told of.
    std::optional<End> end(const services::ReleaseInfo& info, base::WallTime now) const;
    /// What `machines` take that change from now on, as long as those of the last stage took.
    /// Unset: none of those has come out yet, or nobody saw when they did.
    std::optional<std::chrono::milliseconds> takes(const services::ReleaseInfo& info,
                                                   std::uint64_t machines,
                                                   base::WallTime now) const;

private:
    /// When the machines of what is open came out, or will have come out as it goes now. Where none
    /// is left that is when the last one did, however long somebody thinks about it since; unset:
    /// that was not seen, or there is no rate.
    std::optional<base::WallTime> outBy(const services::ReleaseInfo& info,
                                        base::WallTime now) const;

    struct Sample {
        base::WallTime at{};
        std::uint64_t done = 0;
        std::uint64_t out = 0;
    };
    std::deque<Sample> m_samples;
    std::optional<base::WallTime> m_lastOutcome;  ///< as far as it was seen
};

}  // namespace ifrit::gui::presenters
