// SPDX-License-Identifier: Apache-2.0
#include "agent/link/link_policy.h"

#include <algorithm>

namespace ifrit::agent::link {

LinkPolicy::LinkPolicy(LinkTimes times, base::UniformRandom random, RetryAfterOf retryAfter)
    : m_times(times),
      m_backoff(times.backoff, random),
      m_unkept(times.backoff, std::move(random)),
      m_retryAfter(std::move(retryAfter)) {}

std::chrono::milliseconds LinkPolicy::afterSuccess(const SyncReply& reply) {
    m_backoff.reset();
    m_unkept.reset();
    return nextPoll(reply);
}

std::chrono::milliseconds LinkPolicy::afterUnkept(const SyncReply& reply) {
    const std::chrono::milliseconds again = m_unkept.next();
    m_backoff.reset();
    return std::min(again, nextPoll(reply));
}

std::chrono::milliseconds LinkPolicy::nextPoll(const SyncReply& reply) const {
    return std::max(m_times.minPoll, std::min(reply.nextPoll, m_times.maxPoll));
}

std::chrono::milliseconds LinkPolicy::afterFailure(const absl::Status& status) {
    const std::chrono::milliseconds own = m_backoff.next();
    if (!m_retryAfter) return own;
    // On top of it, so that all whom a busy master sent away do not return at one instant; and from
    // the end of the longest wait, so that those do not whom it sent away for too long.
    const std::chrono::milliseconds longest = std::max(m_times.maxPoll, m_times.backoff.cap);
    return std::min(own + m_retryAfter(status), std::max(own, longest - own));
}

Blame blameOf(const absl::Status& status) {
    switch (status.code()) {
        case absl::StatusCode::kResourceExhausted:
        case absl::StatusCode::kInvalidArgument:
            return Blame::Moment;
        case absl::StatusCode::kUnauthenticated:
        case absl::StatusCode::kPermissionDenied:
        case absl::StatusCode::kNotFound:
        case absl::StatusCode::kAlreadyExists:
        case absl::StatusCode::kFailedPrecondition:
        case absl::StatusCode::kUnimplemented:
            return Blame::Master;
        default:
            return Blame::Line;
    }
}

bool isRenewalDue(base::WallTime notBefore, base::WallTime notAfter, base::WallTime now) {
    return now >= notBefore + (notAfter - notBefore) * 2 / 3;
}

}  // namespace ifrit::agent::link
