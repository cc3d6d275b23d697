// SPDX-License-Identifier: Apache-2.0
#include "agent/reconcile/retry_policy.h"

#include <algorithm>
#include <cmath>

#include "agent/reconcile/reasons.h"

namespace ifrit::agent::reconcile {
namespace {

constexpr std::chrono::milliseconds kLongPause{60'000};
constexpr std::chrono::hours kLongestUnjudgedPause{24};
constexpr std::chrono::milliseconds kLeastSpreadOfLong{30'000};  // a usual poll interval

bool isTransient(std::string_view reason) {
    return reason == kManifestUnavailable || reason == kDownloadFailed ||
           reason == kDownloadTooSlow;
}

}  // namespace

std::chrono::milliseconds retryDelay(const RetryPolicy& policy, std::uint32_t attempt,
                                     double random) {
    const double exponent = std::min(attempt == 0 ? 0u : attempt - 1, 30u);
    const double whole =
        std::min(static_cast<double>(policy.cap.count()),
                 static_cast<double>(policy.initial.count()) * std::pow(2.0, exponent));
    return std::chrono::milliseconds(static_cast<std::int64_t>(whole * (0.5 + random / 2)));
}

std::chrono::milliseconds permitPause(std::chrono::milliseconds told,
                                      std::chrono::milliseconds longest, double random) {
    const bool isFar = told > kLongestPermitPause;
    const std::chrono::milliseconds whole = isFar ? kLongestPermitPause : told;
    const std::chrono::milliseconds spread = isFar ? kLongestPermitPause : std::max(longest, told);
    auto share = std::min<std::chrono::milliseconds>(spread / 5, kLongestSpread);
    if (spread >= kLongPause) share = std::max(share, kLeastSpreadOfLong);
    const double more = static_cast<double>(share.count()) * random;
    return whole + std::chrono::milliseconds(static_cast<std::int64_t>(more));
}

std::chrono::milliseconds unjudgedPause(std::uint32_t attempt) {
    const std::uint32_t doublings = std::min<std::uint32_t>(attempt == 0 ? 0 : attempt - 1, 10);
    return std::min<std::chrono::milliseconds>(RetryPolicy{}.cap * (1U << doublings),
                                               kLongestUnjudgedPause);
}

std::chrono::milliseconds longestPause(const journal::AgentRecord& record) {
    if (record.lastError && record.lastError->reason == kNoVerdict) return kLongestUnjudgedPause;
    const bool refused = record.lastError && record.lastError->reason == kPermitRefused;
    return refused ? std::chrono::milliseconds(kLongestPermitPause + kLongestSpread)
                   : RetryPolicy{}.cap;
}

domain::MachineState stateAfterFailure(const domain::AgentError& error) {
    if (error.reason == kPermitRefused || error.reason == kPermitUnavailable) {
        return domain::MachineState::WaitingPermit;
    }
    if (error.reason == kNoVerdict) return domain::MachineState::Reverted;
    if (isTransient(error.reason) && error.attempt < kTransientAttempts) {
        return error.reason == kManifestUnavailable ? domain::MachineState::Scheduled
                                                    : domain::MachineState::Downloading;
    }
    if (error.reason == kMasterNotReached || error.reason == kMachineExhausted ||
        error.reason == kNoAddress)
        return domain::MachineState::Scheduled;
    return domain::MachineState::Failed;
}

}  // namespace ifrit::agent::reconcile
