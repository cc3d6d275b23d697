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

    void clear() { m_samples.clear(); }
    /// What the master told at `now`; older than the window is forgotten.
    void take(const services::ReleaseInfo& info, base::WallTime now);

    /// Machines that came to an outcome in a minute: of the last ten minutes that were seen, or of
    /// the open stage's time before that; of the whole release once it has ended. Unset: nothing to
    /// tell it by.
    std::optional<double> perMinute(const services::ReleaseInfo& info, base::WallTime now) const;
    /// Unset: it does not go on by itself now, or there is no rate.
    std::optional<End> end(const services::ReleaseInfo& info, base::WallTime now) const;

private:
    struct Sample {
        base::WallTime at{};
        std::uint64_t done = 0;
    };
    std::deque<Sample> m_samples;
};

}  // namespace ifrit::gui::presenters
