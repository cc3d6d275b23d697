// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "shared/base/status.h"
#include "shared/domain/campaign.h"

namespace ifrit::domain {
namespace {

constexpr std::array<std::pair<StepState, std::string_view>, 14> kStates{
    {{StepState::Waiting, "waiting"},
     {StepState::Ready, "ready"},
     {StepState::Drafted, "drafted"},
     {StepState::Running, "running"},
     {StepState::Paused, "paused"},
     {StepState::Halted, "halted"},
     {StepState::RollingBack, "rolling_back"},
     {StepState::Settling, "settling"},
     {StepState::Unproved, "unproved"},
     {StepState::Verified, "verified"},
     {StepState::Failed, "failed"},
     {StepState::Withdrawn, "withdrawn"},
     {StepState::Aborted, "aborted"},
     {StepState::Expired, "expired"}}};

bool hasEnded(ReleaseState state) {
    return state == ReleaseState::RolledBack || state == ReleaseState::Aborted;
}

bool mustWait(const StepFacts& facts) {
    return facts.step > 0 && facts.previous != ReceiptVerdict::Verified;
}

/// Before its release runs.
StepState beforeStart(const StepFacts& facts, base::WallTime now) {
    if (facts.aborted) return StepState::Aborted;
    if (now >= facts.expires) return StepState::Expired;
    if (mustWait(facts)) return StepState::Waiting;
    return facts.release ? StepState::Drafted : StepState::Ready;
}

StepState afterDone(const StepFacts& facts) {
    if (facts.own == ReceiptVerdict::Verified) return StepState::Verified;
    if (facts.aborted) return StepState::Aborted;
    if (facts.converged == 0) return StepState::Unproved;
    return StepState::Settling;
}

StepState afterEnd(const StepFacts& facts) {
    if (facts.own) return StepState::Withdrawn;
    return facts.aborted ? StepState::Aborted : StepState::Failed;
}

}  // namespace

std::string_view nameOf(StepState state) {
    for (const auto& [known, name] : kStates) {
        if (known == state) return name;
    }
    return "unknown";
}

std::optional<StepState> stepStateFromName(std::string_view name) {
    for (const auto& [state, known] : kStates) {
        if (known == name) return state;
    }
    return std::nullopt;
}

StepState stepState(const StepFacts& facts, base::WallTime now) {
    if (!facts.release) return beforeStart(facts, now);
    switch (*facts.release) {
        case ReleaseState::Draft:
            return beforeStart(facts, now);
        case ReleaseState::Running:
            return StepState::Running;
        case ReleaseState::Paused:
            return StepState::Paused;
        case ReleaseState::Halted:
            return StepState::Halted;
        case ReleaseState::RollingBack:
            return StepState::RollingBack;
        case ReleaseState::Done:
            return afterDone(facts);
        case ReleaseState::RolledBack:
        case ReleaseState::Aborted:
            break;
    }
    return afterEnd(facts);
}

absl::Status mayStartStep(const StepFacts& facts, std::string_view previous, base::WallTime now) {
    if (facts.aborted) {
        return base::failedPrecondition("CAMPAIGN_ABORTED", previous,
                                        "the campaign was aborted in this cluster");
    }
    if (now >= facts.expires) {
        return base::failedPrecondition("CAMPAIGN_EXPIRED", previous,
                                        "the campaign has expired; make a new one");
    }
    if (facts.step == 0) return absl::OkStatus();
    if (!facts.previous) {
        return base::failedPrecondition("RECEIPT_MISSING", previous,
                                        "the receipt of cluster {} is missing: this cluster "
                                        "starts once it is presented",
                                        previous);
    }
    if (*facts.previous == ReceiptVerdict::Withdrawn) {
        return base::failedPrecondition("RECEIPT_WITHDRAWN", previous,
                                        "cluster {} was rolled back and withdrew its receipt",
                                        previous);
    }
    return absl::OkStatus();
}

absl::Status mayPrepareStep(const StepFacts& facts, base::WallTime now) {
    if (facts.aborted)
        return base::failedPrecondition("CAMPAIGN_ABORTED", "",
                                        "the campaign was aborted in this cluster");
    if (now >= facts.expires)
        return base::failedPrecondition("CAMPAIGN_EXPIRED", "",
                                        "the campaign has expired; make a new one");
    const bool isSpent =
        facts.release && (hasEnded(*facts.release) ||
                          (*facts.release == ReleaseState::Done && facts.converged == 0));
    if (facts.release && !isSpent)
        return base::failedPrecondition("CAMPAIGN_PREPARED", "",
                                        "the campaign has its release in this cluster already");
    return absl::OkStatus();
}

std::optional<ReceiptVerdict> receiptDue(const StepFacts& facts, base::WallTime now) {
    if (!facts.release) return std::nullopt;
    if (*facts.release != ReleaseState::Done) {
        const bool isBack = *facts.release == ReleaseState::RollingBack || hasEnded(*facts.release);
        if (isBack && facts.own == ReceiptVerdict::Verified) return ReceiptVerdict::Withdrawn;
        return std::nullopt;
    }
    const bool stands = facts.ended && now - *facts.ended >= facts.settle;
    if (facts.own == ReceiptVerdict::Verified || facts.aborted || facts.converged == 0 || !stands)
        return std::nullopt;
    return ReceiptVerdict::Verified;
}

}  // namespace ifrit::domain
