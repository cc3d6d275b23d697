// SPDX-License-Identifier: Apache-2.0
#include "master/release/permit.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "master/release/verdict.h"
#include "shared/base/wording.h"

namespace ifrit::master::release {
namespace {

using domain::ReleaseState;

PermitAnswer refuse(std::string_view reason, std::string message) {
    PermitAnswer out;
    out.reason = reason;
    out.message = std::move(message);
    out.retryAfter = kPermitRetryAfter;
    return out;
}

PermitAnswer grant() {
    PermitAnswer out;
    out.granted = true;
    out.validFor = kPermitValidFor;
    return out;
}

bool names(const domain::DesiredEntry& entry, const PermitQuestion& question) {
    const bool install = entry.action == domain::DesiredAction::Install;
    return entry.releaseId == question.releaseId &&
           (install ? entry.manifestDigest == question.digest && !question.digest.empty()
                    : question.digest.empty());
}

/// Entries from before an abort or rollback, which the machine or the snapshot still holds.
PermitAnswer refuseOld(ReleaseState state) {
    if (state == ReleaseState::Aborted)
        return refuse("RELEASE_ABORTED", "the release was aborted; sync and run what it says");
    return refuse("RELEASE_ROLLED_BACK", "the release was rolled back; sync and run what it says");
}

PermitAnswer refuseFull(const Standing& standing) {
    PermitAnswer out =
        refuse("MAX_IN_FLIGHT", fmt::format("{} switching, the release lets {} at a time",
                                            standing.inFlight == 1
                                                ? std::string("1 machine is")
                                                : fmt::format("{} machines are", standing.inFlight),
                                            standing.maxInFlight));
    out.held = true;
    return out;
}

PermitAnswer refuseClosed(const PermitLimits& limits) {
    PermitAnswer out = refuse(limits.bar.reason, limits.bar.message);
    out.retryAfter = kFrozenRetryAfter;
    if (limits.bar.opens)
        out.retryAfter = std::max<std::chrono::milliseconds>(*limits.bar.opens - limits.now,
                                                             std::chrono::seconds(1));
    return out;
}

PermitAnswer refuseOver(const char* reason, const Quota& quota, base::WallTime now,
                        std::string message) {
    PermitAnswer out = refuse(reason, std::move(message));
    out.retryAfter = std::max<std::chrono::milliseconds>(quota.next - now, std::chrono::seconds(1));
    out.held = true;
    return out;
}

/// The limits that others fill; nullopt: there is room in all of them.
std::optional<PermitAnswer> refuseFullLimits(const Standing& standing,
                                             const MachineProgress* machine,
                                             const PermitLimits& limits) {
    // One that has a permit may ask again.
    const bool inFlight = machine != nullptr && machine->inFlight;
    if (standing.state == ReleaseState::Running && standing.maxInFlight != 0 && !inFlight &&
        standing.inFlight >= standing.maxInFlight)
        return refuseFull(standing);
    if (limits.late && !inFlight && limits.late->isFull()) {
        return refuseOver("LATE_JOINER_RATE", *limits.late, limits.now,
                          fmt::format("machines that come late take turns, {} of them a minute",
                                      limits.late->limit));
    }
    if (limits.cap && limits.cap->isFull()) {
        return refuseOver("MAX_CHANGE_PER_WINDOW", *limits.cap, limits.now,
                          fmt::format("{} changed in the last {}, and this cluster lets {} do so",
                                      base::countOf(limits.cap->used, "machines"),
                                      base::sayDuration(limits.cap->window), limits.cap->limit));
    }
    return std::nullopt;
}

PermitAnswer grantWithin(const PermitQuestion& question, const Standing& standing,
                         const MachineProgress* machine, const PermitLimits& limits) {
    if (limits.bar.closed()) return refuseClosed(limits);
    if (limits.isFull) return refuse(kAgentsFull, sayAgentsFull(question.agent));
    const auto full = refuseFullLimits(standing, machine, limits);
    return full ? *full : grant();
}

}  // namespace

void recountInFlight(Model& model) {
    for (domain::StageCounts& stage : model.release.stages)
        stage.inFlight = 0;
    for (const auto& [uuid, machine] : model.machines) {
        if (!machine.inFlight) continue;
        for (domain::StageCounts& stage : model.release.stages) {
            if (stage.kind == machine.stage && stage.batch == machine.batch) ++stage.inFlight;
        }
    }
}

std::uint32_t inFlightOf(const domain::Release& release) {
    std::uint32_t out = 0;
    for (const domain::StageCounts& stage : release.stages)
        out += stage.inFlight;
    return out;
}

PermitAnswer decidePermit(const PermitQuestion& question,
                          const std::optional<domain::DesiredEntry>& chosen,
                          const std::optional<Standing>& standing, const MachineProgress* machine,
                          const PermitLimits& limits) {
    // Before all else: whoever froze the cluster reads the same answer everywhere.
    if (limits.bar.reason == kFrozen) return refuseClosed(limits);
    if (!standing) {
        return refuse("RELEASE_UNKNOWN",
                      fmt::format("there is no release {}; sync first", question.releaseId));
    }
    if (standing->state == ReleaseState::Paused)
        return refuse("RELEASE_PAUSED", "the release is paused; nothing switches until it resumes");
    if (standing->state == ReleaseState::Halted)
        return refuse("RELEASE_HALTED", "a gate halted the release; nothing switches");
    if (!chosen || !names(*chosen, question)) {
        return refuse("NOT_DESIRED",
                      fmt::format("{} {} is not what this machine should run now; sync first",
                                  question.agent, question.version));
    }
    if (chosen->timestamp < standing->standingStamp) return refuseOld(standing->state);
    switch (standing->state) {
        case ReleaseState::Done:
        case ReleaseState::RolledBack:
        case ReleaseState::Aborted:
        case ReleaseState::RollingBack:
            return grantWithin(question, *standing, machine, limits);
        case ReleaseState::Running:
            if (machine == nullptr || !machine->opened)
                return refuse("STAGE_NOT_OPEN", "the machine's stage of the release is not open");
            return grantWithin(question, *standing, machine, limits);
        default:
            return refuse("RELEASE_NOT_STARTED", "the release is a draft");
    }
}

}  // namespace ifrit::master::release
