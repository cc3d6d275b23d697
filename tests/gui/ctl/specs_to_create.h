// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::tests {

/// What a form may ask for, from little to all of it, by a name.
inline std::vector<std::pair<const char*, domain::ReleaseSpec>> specsToCreate() {
    std::vector<std::pair<const char*, domain::ReleaseSpec>> out;
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.version = "1.10";
    spec.machineTypes = {"LINUX", "ARM64"};
    out.emplace_back("plain", spec);
    spec.gray = {{"i-00000", "i-00001"}, "-acme pin", {{"zone", "b"}, {"rack", "it's 7"}}};
    spec.pilot = {5, 20};
    spec.batches = {true, std::chrono::minutes(5), domain::BatchAdvance::Promote, {3, 1, 2}};
    spec.maxInFlight = 50;
    spec.soak = std::chrono::minutes(10);
    spec.machineDeadline = std::chrono::seconds(90);
    spec.autoVerify = true;
    spec.gates.rules = {{domain::GateKind::Bad, {}, {2, 3, 4}},
                        {domain::GateKind::Silent, domain::StageKind::Batch, {10, 0, 5}}};
    spec.gates.cost.enabled = false;
    spec.approvalRequired = true;
    spec.windows.weekly = {*domain::parseWeeklyWindow("Mon-Fri 09:00-17:00"),
                           *domain::parseWeeklyWindow("Sat 22:00-02:00")};
    spec.windows.blackouts = {*domain::parseDateRange("2026-12-24..2027-01-02")};
    spec.windows.timeZone = "Asia/Shanghai";
    spec.lateJoinersPerMinute = 12;
    spec.downloadRate = 1'500'000;
    spec.gates.stageCosts = {{domain::StageKind::Gray, {true, 25, 1.5, 8U << 20U, 9}},
                             {domain::StageKind::Full, {false}}};
    out.emplace_back("everything", spec);
    spec.gates.stageCosts = {{domain::StageKind::Full, {true, 20, 2.5, 1'000, 7}},
                             {domain::StageKind::Gray, {false, 50, 2, 16U << 20U, 5}}};
    out.emplace_back("costs of two stages alone", spec);
    spec.gates.cost = {true, 30, 5, 8'000'000, 10};
    spec.gates.stageCosts.pop_back();
    out.emplace_back("costs of all stages and one", spec);
    spec.gates.cost = {true, 30, 0.25, 1'000'000, 6};
    out.emplace_back("costs of every stage", spec);
    domain::ReleaseSpec gone;
    gone.agent = "logd";
    gone.action = domain::DesiredAction::UninstallPurge;
    gone.machineTypes = {"LINUX"};
    gone.pilot.count = 3;
    gone.batches.enabled = true;
    out.emplace_back("uninstall", gone);
    gone.pilot = {1, 0};
    out.emplace_back("pilot of a share", gone);
    return out;
}

}  // namespace ifrit::tests
