// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "agent/link/master_client.h"
#include "shared/base/backoff.h"

namespace ifrit::agent::link {

struct LinkTimes {
    std::chrono::milliseconds maxPoll{300'000};      ///< whatever the master says
    std::chrono::milliseconds minPoll{200};          ///< the same, the other way
    std::chrono::milliseconds urgentSpacing{1'000};  ///< between polls made for news of ours
    base::Backoff::Policy backoff{std::chrono::milliseconds(500), std::chrono::milliseconds(60'000),
                                  std::chrono::milliseconds(50)};
};

/// When to come again. Pure but for the back-off's memory; one thread.
class LinkPolicy {
public:
    LinkPolicy(LinkTimes times, base::UniformRandom random, RetryAfterOf retryAfter);

    /// Resets the back-off.
    std::chrono::milliseconds afterSuccess(const SyncReply& reply);
    /// Exponential with full jitter, and never before the time that the server asked for.
    std::chrono::milliseconds afterFailure(const absl::Status& status);
    std::uint32_t failures() const { return m_backoff.failures(); }
    const LinkTimes& times() const { return m_times; }

private:
    LinkTimes m_times;
    base::Backoff m_backoff;
    RetryAfterOf m_retryAfter;
};

/// A certificate is renewed when two thirds of its life are over.
bool isRenewalDue(base::WallTime notBefore, base::WallTime notAfter, base::WallTime now);

}  // namespace ifrit::agent::link
