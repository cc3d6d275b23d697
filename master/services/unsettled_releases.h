// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "master/release/state_machine.h"
#include "shared/base/clock.h"

namespace ifrit::master::services {

/// Which releases memory and database may disagree on, and what happened to their time that no
/// commit holds yet: an outage in which no master served them, and steps of the clock. That stays
/// until a commit holds it, however often one fails or loses its answer. Not thread-safe.
class UnsettledReleases {
public:
    /// A commit failed, or nobody knows whether it did: memory may hold something else.
    void doubt(const std::string& id) { m_unsure.insert(id); }
    bool isUnsure(const std::string& id) const { return m_unsure.count(id) != 0; }
    const std::set<std::string>& unsure() const { return m_unsure; }
    /// Memory was read anew, or its commit succeeded. `isActive`: else its time is over, too. A
    /// rollback that begins days later has not waited since.
    void settle(const std::string& id, bool isActive);
    /// It is not there any more.
    void forget(const std::string& id);
    void clear();

    /// No master served it from `since` on. Until that is committed the earliest counts.
    void noteOutage(const std::string& id, base::WallTime since);
    /// The clock was set by so much, ahead or back, while these ran.
    void noteClockStep(const std::set<std::string>& ids, std::chrono::milliseconds by);
    /// All that is not committed, as the event that the release has to be given before any other;
    /// nullopt: nothing is.
    std::optional<release::Event> timeEvent(const std::string& id, base::WallTime now,
                                            std::chrono::milliseconds hearIn) const;
    /// A commit holds its timeEvent().
    void committed(const std::string& id) { m_times.erase(id); }
    /// A commit with the timeEvent() of `now` failed or lost its answer. It would have made the
    /// release's `revision`.
    void notCommitted(const std::string& id, std::uint64_t revision, base::WallTime now);
    /// The database holds this revision of it, which tells whether that commit failed.
    void found(const std::string& id, std::uint64_t revision);

private:
    struct Attempt {
        std::uint64_t revision = 0;
        base::WallTime at{};
        std::chrono::milliseconds step{0};
    };
    struct Time {
        std::optional<base::WallTime> outageSince;
        std::chrono::milliseconds step{0};  ///< all of them together
        std::optional<Attempt> attempt;     ///< its outcome is not known
    };

    std::set<std::string> m_unsure;
    std::map<std::string, Time> m_times;
};

}  // namespace ifrit::master::services
