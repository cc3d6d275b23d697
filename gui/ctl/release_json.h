// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/ctl/json.h"
#include "gui/services/releases.h"

namespace ifrit::gui::ctl {

// Releases as `-o json` prints them; docs/cli.md lists the members.
Json stageJson(const services::StageProgress& stage);
Json windowsJson(const domain::ChangeWindows& windows);
/// Null: none.
Json approvalJson(const std::optional<domain::Approval>& approval);
Json releaseJson(const services::ReleaseInfo& info);
Json releaseMachineJson(const services::ReleaseMachine& machine);

}  // namespace ifrit::gui::ctl
