// SPDX-License-Identifier: Apache-2.0
#include "master/services/held_back.h"

#include <fmt/format.h>

#include "master/release/permit.h"
#include "master/release/verdict.h"

namespace ifrit::master::services {
namespace {

/// As machines say it (agent/reconcile): the message begins with the refusal's own reason.
constexpr char kPermitRefused[] = "PERMIT_REFUSED";

bool isThere(const domain::DesiredEntry& entry, const std::optional<domain::AgentReport>& report) {
    if (entry.action == domain::DesiredAction::Install)
        return report && report->runningDigest == entry.manifestDigest;
    return release::isOn(release::Target{entry.action, {}, {}}, report);
}

/// What whoever asked for a permit now would be told for the sake of freeze, release and windows.
release::PermitAnswer answerTo(const std::string& uuid, const domain::DesiredEntry& entry,
                               const release::Model& of, const release::Conditions& conditions,
                               base::WallTime now, std::optional<base::WallTime>& opens) {
    // An ended release's windows do not hold for those that go back, which the leader knows.
    const bool running = of.release.state == domain::ReleaseState::Running;
    release::PermitLimits limits;
    limits.now = now;
    limits.bar =
        release::changeBarOf(of.release.spec.windows, conditions, now,
                             running ? release::Bound::WindowsToo : release::Bound::FreezeOnly);
    opens = limits.bar.opens;
    release::MachineProgress opened;
    opened.uuid = uuid;
    opened.opened = true;
    const bool install = entry.action == domain::DesiredAction::Install;
    return release::decidePermit({uuid, entry.agent, entry.releaseId, entry.version,
                                  install ? entry.manifestDigest : std::string()},
                                 entry, release::Standing{of.release.state, of.standingStamp, 0, 0},
                                 &opened, limits);
}

}  // namespace

std::vector<HeldBack> heldBackOf(const MachineView& machine, const domain::DesiredState& served,
                                 const release::Conditions& conditions, base::WallTime now,
                                 const std::function<release::Head(const std::string&)>& headOf) {
    if (machine.held.generation > served.generation && machine.held.etag != served.etag) {
        return {HeldBack{{},
                         "GENERATION_BACKWARDS",
                         fmt::format("it holds generation {}, and this cluster is at {}: it "
                                     "follows nothing until the cluster is past that",
                                     machine.held.generation, served.generation),
                         std::nullopt}};
    }
    std::vector<HeldBack> out;
    for (const domain::DesiredEntry& entry : domain::chosenEntries(served)) {
        const auto report = reportOf(*machine.record, entry.agent);
        if (isThere(entry, report)) continue;
        const release::Head head = headOf(entry.releaseId);
        if (head != nullptr) {
            std::optional<base::WallTime> opens;
            release::PermitAnswer answer =
                answerTo(machine.record->stored.facts.uuid, entry, *head, conditions, now, opens);
            if (!answer.granted) {
                out.push_back(
                    {entry.agent, std::move(answer.reason), std::move(answer.message), opens});
                continue;
            }
        }
        if (report && report->lastError && report->lastError->reason == kPermitRefused &&
            report->desiredDigest == entry.manifestDigest)
            out.push_back({entry.agent, kPermitRefused, report->lastError->message, std::nullopt});
    }
    return out;
}

}  // namespace ifrit::master::services
