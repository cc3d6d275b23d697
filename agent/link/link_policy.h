// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "agent/link/master_client.h"
#include "shared/base/backoff.h"
#include "shared/domain/link_times.h"

namespace ifrit::agent::link {

struct LinkTimes {
    std::chrono::milliseconds maxPoll{300'000};      ///< whatever the master says
    std::chrono::milliseconds minPoll{200};          ///< the same, the other way
    std::chrono::milliseconds urgentSpacing{1'000};  ///< between polls made for news of ours
    base::Backoff::Policy backoff{std::chrono::milliseconds(500), domain::kLongestBackoff,
                                  std::chrono::milliseconds(50)};
};

/// When to come again. Pure but for the back-off's memory; one thread.
class LinkPolicy {
public:
    LinkPolicy(LinkTimes times, base::UniformRandom random, RetryAfterOf retryAfter);

    /// Resets the back-off, as the next one does.
    std::chrono::milliseconds afterSuccess(const SyncReply& reply);
    /// The answer came, and could not be kept (a full disk): to be asked for again soon, ever
    /// later, and no later than the next poll.
    std::chrono::milliseconds afterUnkept(const SyncReply& reply);
    /// Exponential with full jitter, and not before the time that the server asked for; but no
    /// later than the longest poll (or back-off, where that is longer), whatever it asked for.
    std::chrono::milliseconds afterFailure(const absl::Status& status);
    std::uint32_t failures() const { return m_backoff.failures(); }
    const LinkTimes& times() const { return m_times; }

private:
    std::chrono::milliseconds nextPoll(const SyncReply& reply) const;

    LinkTimes m_times;
    base::Backoff m_backoff;
    base::Backoff m_unkept;  ///< of answers, one after the other
    RetryAfterOf m_retryAfter;
};

/// What a failed call says of the line and of the master at its other end.
enum class Blame {
    Line,    ///< or a master that is gone: a new line, to the next one
    Master,  ///< answers, but not as it should: the next one may, the line itself is good
    Moment,  ///< answered that it is busy, or that the call was wrong: the same master again
};
Blame blameOf(const absl::Status& status);

/// So many times in a row the same busy master is asked; then another one may have room. A new line
/// costs a handshake, which is what a master that sheds has no time for.
inline constexpr std::uint32_t kPatience = 5;

/// A certificate is renewed when two thirds of its life are over.
bool isRenewalDue(base::WallTime notBefore, base::WallTime notAfter, base::WallTime now);

}  // namespace ifrit::agent::link
