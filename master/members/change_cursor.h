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
/// until the gap is filled, or is so old that its transaction was rolled back. Pure.
class ChangeCursor {
public:
    /// Longer than any transaction is let run between its number and its commit.
    static constexpr std::chrono::seconds kPatience{30};

    /// `known`: what was read in one view with everything else; it is not new.
    void start(std::uint64_t floor, const std::vector<storage::ChangeRecord>& known,
               base::SteadyTime now);
    /// Changes above this are to be read.
    std::uint64_t floor() const { return m_floor; }
    /// The new ones among those read.
    std::vector<storage::ChangeRecord> take(const std::vector<storage::ChangeRecord>& read,
                                            base::SteadyTime now);

private:
    void advance(base::SteadyTime now);

    std::uint64_t m_floor = 0;
    std::map<std::uint64_t, base::SteadyTime> m_seen;  ///< above the floor
};

}  // namespace ifrit::master::members
