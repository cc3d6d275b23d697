// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

absl::StatusOr<services::ReleasePlan> fetchPlan(Shell& shell, const std::string& releaseId);
/// The plan with its stages; refusals and conflicts as notes.
void printPlan(Shell& shell, const services::ReleasePlan& plan);

}  // namespace ifrit::gui::ctl
