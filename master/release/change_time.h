// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "master/release/cluster_rules.h"
#include "shared/base/clock.h"
#include "shared/domain/change_window.h"

namespace ifrit::master::release {

// When change is allowed, by the clocks on the wall of the time zones that windows and blackout
// dates name. An hour that daylight saving leaves out does not come, so a window that lies in it
// does not open that day; one that it repeats comes twice, and so does the window.

/// INVALID_ARGUMENT (TIME_ZONE): the system's time zone data does not have it.
absl::Status checkTimeZone(const std::string& name);

struct ChangeTime {
    bool open = true;
    std::optional<base::WallTime> opens;   ///< closed: when it opens; nullopt: not within 400 days
    std::optional<base::WallTime> closes;  ///< open: when it closes; nullopt: not within 400 days
    /// What it cost to find that: no more than a few for each blackout and shift of the clocks that
    /// lie before, however many days they are, and for each window of a week between two of them.
    std::size_t looks = 0;
};

/// Both must allow it. A zone that is not known never opens. Pure but for the zone data.
bool isChangeOpen(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster,
                  base::WallTime now);
ChangeTime changeTimeAt(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster,
                        base::WallTime now);
/// When `work` of open time will have passed from `now` on; nullopt: not within 400 days.
std::optional<base::WallTime> endOfWork(const domain::ChangeWindows& own,
                                        const domain::ChangeWindows& cluster, base::WallTime now,
                                        std::chrono::milliseconds work);

/// "2026-11-27 09:00 Asia/Shanghai"
std::string formatLocal(base::WallTime at, const std::string& timeZone);

inline constexpr char kFrozen[] = "CLUSTER_FROZEN";
inline constexpr char kOutsideWindow[] = "OUTSIDE_WINDOW";

/// Why nothing may change now.
struct ChangeBar {
    std::string reason;   ///< kFrozen or kOutsideWindow; empty: it may
    std::string message;  ///< for people
    std::optional<base::WallTime> opens;
    bool closed() const { return !reason.empty(); }
};

enum class Bound { WindowsToo, FreezeOnly };

/// Whether changeBarOf() would be closed, without what it costs to say until when.
bool isClosed(const domain::ChangeWindows& own, const Conditions& conditions, base::WallTime now,
              Bound bound = Bound::WindowsToo);
/// The freeze first, then windows and blackout dates.
ChangeBar changeBarOf(const domain::ChangeWindows& own, const Conditions& conditions,
                      base::WallTime now, Bound bound = Bound::WindowsToo);

}  // namespace ifrit::master::release
