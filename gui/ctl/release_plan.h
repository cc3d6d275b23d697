// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

absl::StatusOr<services::ReleasePlan> fetchPlan(Shell& shell, const std::string& releaseId);
/// The plan with its stages, as what the command answers; refusals and conflicts as notes.
void printPlan(Shell& shell, const services::ReleasePlan& plan);
/// As that before a question. Where a program reads the answer, which is another document, it goes
/// to the person at the terminal alone.
void showPlan(Shell& shell, const services::ReleasePlan& plan);
/// FAILED_PRECONDITION where the plan says why it would not be started: APPROVAL_MISSING or
/// APPROVAL_ENDED where it lacks nothing but an approval, else PLAN_CONFLICT. `what` does not
/// start.
absl::Status checkConflicts(const services::ReleasePlan& plan, const std::string& subject,
                            const std::string& what);

}  // namespace ifrit::gui::ctl
