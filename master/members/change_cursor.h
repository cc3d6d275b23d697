// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace ifrit::master::members {

/// Where this master is in the changes of all. A change is numbered before it is committed, so a
/// lower number may become visible after a higher one: what lies above the first gap is read again
/// until the gap is filled, or is so old that its transaction was rolled back.
///
/// On a Galera cluster most gaps are never filled: each of N nodes takes each Nth number, and
/// leaves out its own where the others were faster. So a gap is looked at with each pass only while
/// it is young, as all but stalled commits are, and then every kSweep until it is given up. Pure.
class ChangeCursor {
public:
    /// Commits come within this of the ones numbered after them, where nothing stalls.
    static constexpr std::chrono::seconds kYoung{2};
    /// How often older gaps are looked at.
    static constexpr std::chrono::seconds kSweep{5};
    static constexpr std::chrono::seconds kLeastPatience{30};
    /// Who has not read for so long may have missed what filled a gap and was removed since:
    /// changes are kept for longer, so nobody else has.
    static constexpr std::chrono::minutes kFrozen{5};
    /// Numbers that transactions which run may have taken below the newest that is seen: two
    /// writing connections of each of eight masters, which store a group of 2,000 machines with who
    /// they are each, on three nodes of a Galera cluster.
    static constexpr std::uint64_t kInFlight = 2 * 8 * 4'000 * 3;

    /// Longer than a transaction can stand between its number and its commit, which are its last
    /// two statements: each ends, or the connection is given up, within `answerTimeout`.
    static std::chrono::milliseconds patienceFor(std::chrono::milliseconds answerTimeout);

    explicit ChangeCursor(std::chrono::milliseconds patience = kLeastPatience)
        : m_patience(patience) {}

    /// Where to begin, of a table that holds `span`: what is below can not be news to anybody who
    /// reads everything else now.
    static std::uint64_t beginning(const storage::ChangeSpan& span);
    /// `known`: what was read in one view with everything else; it is not new.
    void start(std::uint64_t floor, const std::vector<storage::ChangeRecord>& known,
               base::SteadyTime now);
    /// Whether changes above the floor may have been removed unread.
    bool hasMissed(const storage::ChangeSpan& span, base::SteadyTime now) const;
    /// Everything up to here is known.
    std::uint64_t floor() const { return m_floor; }
    /// Changes above this are to be read now.
    std::uint64_t readAfter(base::SteadyTime now);
    /// The new ones among those read. `asked`: before the view was taken that they are from; by a
    /// later time a gap could be given up that the view was too old to show as filled.
    std::vector<storage::ChangeRecord> take(const std::vector<storage::ChangeRecord>& read,
                                            base::SteadyTime asked);

private:
    void advance(base::SteadyTime asked);

    std::chrono::milliseconds m_patience;
    std::uint64_t m_floor = 0;
    /// Above the floor, each with the time since which the gap below it is known: never later than
    /// that of a higher one.
    std::map<std::uint64_t, base::SteadyTime> m_seen;
    base::SteadyTime m_nextSweep{};
    std::uint64_t m_newestKnown = 0;  ///< at the start: gaps below are looked at by sweeps alone
    base::SteadyTime m_lastTake{};
    bool m_sweeps = true;  ///< the look that take() is about began at the floor
};

}  // namespace ifrit::master::members
