// SPDX-License-Identifier: Apache-2.0
#include "master/release/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/domain/machine_limits.h"

namespace ifrit::master::release {
namespace {

using domain::MachineState;
using domain::Outcome;

bool isMoving(MachineState state) {
    return state == MachineState::Scheduled || state == MachineState::WaitingPermit ||
           state == MachineState::Downloading || state == MachineState::Verifying ||
           state == MachineState::Installing || state == MachineState::Watching;
}

bool isHealthy(MachineState state) {
    return state == MachineState::Healthy || state == MachineState::Already;
}

bool isGone(MachineState state, const std::string& version, const std::string& digest) {
    return version.empty() && digest.empty() && !isMoving(state) && state != MachineState::Failed &&
           state != MachineState::Reverted;
}

MachineVerdict withError(Outcome outcome, const domain::AgentReport& report,
                         const char* defaultReason) {
    MachineVerdict out{outcome, defaultReason, report.step};
    if (report.lastError) {
        out.reason = report.lastError->reason.empty() ? out.reason : report.lastError->reason;
        out.message = report.lastError->message;
    }
    return out;
}

/// The machine's own sentence, under a reason of ours that the gates count by.
std::string messageOf(const domain::AgentReport& report) {
    return report.lastError ? report.lastError->message : report.step;
}

MachineVerdict judgeOnTarget(const domain::AgentReport& report) {
    if (report.crashLooping) return {Outcome::Failed, "CRASH_LOOPING", messageOf(report)};
    if (isHealthy(report.state)) return {Outcome::Ok, {}, {}};
    if (report.state == MachineState::Failed && !report.nextRetry)
        return withError(Outcome::Failed, report, "FAILED");
    return {};
}

}  // namespace

std::string sayAgentsFull(const std::string& agent) {
    return fmt::format(
        "it has {} agents, and {} would be one more, of which no master hears; "
        "uninstall another one there first",
        domain::kMaxAgentsPerMachine, agent);
}

MachineVerdict judge(const Target& target, const std::string& releaseId,
                     const std::optional<domain::AgentReport>& report) {
    const bool install = target.action == domain::DesiredAction::Install;
    if (!install && isOn(target, report)) return {Outcome::Ok, {}, {}};
    if (!report) return {};
    if (install && report->runningDigest == target.digest) return judgeOnTarget(*report);
    const auto& bad = report->knownBad;
    if (install && std::find(bad.begin(), bad.end(), target.digest) != bad.end())
        return withError(Outcome::Reverted, *report, "KNOWN_BAD");
    // A report about another release's entry says nothing about this one.
    if (report->releaseId != releaseId) return {};
    switch (report->state) {
        case MachineState::Reverted:
            return withError(Outcome::Reverted, *report, "REVERTED");
        case MachineState::NotApplicable:
            return withError(Outcome::Skipped, *report, "NOT_APPLICABLE");
        case MachineState::Failed:
            if (!report->nextRetry) return withError(Outcome::Failed, *report, "FAILED");
            return {};
        default:
            return {};
    }
}

bool isOn(const Target& target, const std::optional<domain::AgentReport>& report) {
    if (target.action != domain::DesiredAction::Install)
        return !report || isGone(report->state, report->runningVersion, report->runningDigest);
    return report && report->runningDigest == target.digest && isHealthy(report->state) &&
           !report->crashLooping;
}

bool isOn(const Target& target, const MachineProgress& machine) {
    if (target.action != domain::DesiredAction::Install)
        return isGone(machine.state, machine.runningVersion, machine.runningDigest);
    return machine.runningDigest == target.digest && isHealthy(machine.state);
}

}  // namespace ifrit::master::release
