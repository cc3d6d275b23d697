// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace ifrit::master::members {

/// When a master may lead: a pure rule over what the lease's row says and this master's own steady
/// clock. No two clocks are compared: a holder shows that it lives by counting `renewals` up, and
/// whoever has watched the row unchanged for `duration` of its own time may take it, with the next
/// token; who did not look for half of that has not watched, since it may have slept, or the
/// database. That a late former holder does no harm is not this rule's doing but the token's, which
/// is checked in each transaction that needs the lease (fence.h).
class LeaseRule {
public:
    enum class Step {
        Wait,      ///< somebody else's, and alive as far as is known
        Take,      ///< write taken(), and call look() again with it once it is committed
        Renew,     ///< ours: write renewed()
        StepDown,  ///< it was ours and is another's now; said once
    };

    /// `self` is new with each start, so that a token is never continued by another process.
    LeaseRule(std::string self, std::chrono::milliseconds duration)
        : m_self(std::move(self)), m_duration(duration) {}

    Step look(const storage::LeaseRecord& lease, base::SteadyTime now);
    /// Of the lease that is held; nullopt: none.
    std::optional<std::uint64_t> token() const { return m_token; }
    /// The holder that was last looked at lives, as far as is known. False while there is none.
    bool isHolderAlive(base::SteadyTime now) const;

    storage::LeaseRecord taken(const storage::LeaseRecord& lease, const std::string& address) const;
    static storage::LeaseRecord renewed(storage::LeaseRecord lease);
    /// Given back: the next master need not wait.
    static storage::LeaseRecord released(storage::LeaseRecord lease);

private:
    const std::string m_self;
    const std::chrono::milliseconds m_duration;
    std::optional<std::uint64_t> m_token;
    storage::LeaseRecord m_seen;
    std::optional<base::SteadyTime> m_unchangedSince;
    base::SteadyTime m_lastLook{};
};

}  // namespace ifrit::master::members
