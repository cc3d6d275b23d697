// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>

#include "shared/domain/release.h"

namespace ifrit::master::release {

/// PERMISSION_DENIED (APPROVER_SAME): the draft is `actor`'s own, so somebody else must approve it.
/// Pure.
absl::Status mayApprove(const domain::Release& release, const std::string& actor);

/// Whether `actor` may start that plan. `required`: by the release or by the cluster.
/// FAILED_PRECONDITION (APPROVAL_MISSING): nobody approved, the sentence says who may;
/// (APPROVAL_ENDED): what was approved is another plan, the sentence says whose and which;
/// PERMISSION_DENIED (APPROVER_SAME): who approved cannot be the one who starts. Pure.
absl::Status mayStart(const domain::Release& release, bool required, const std::string& actor,
                      const std::string& planId);

/// For people, as a plan's conflict: why that plan would not be started for want of an approval;
/// empty: it would.
std::string approvalGap(const domain::Release& release, bool required, const std::string& planId);

}  // namespace ifrit::master::release
