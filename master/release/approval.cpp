// SPDX-License-Identifier: Apache-2.0
#include "master/release/approval.h"

#include "shared/base/status.h"

namespace ifrit::master::release {
namespace {

/// Of a plan's id, to tell it from others.
constexpr std::size_t kPlanDigits = 12;

}  // namespace

absl::Status mayApprove(const domain::Release& release, const std::string& actor) {
    if (actor != release.createdBy) return absl::OkStatus();
    return base::permissionDenied("APPROVER_SAME", release.id,
                                  "{} made release {}; any other super admin may approve it, and "
                                  "whom release.approve was granted",
                                  release.createdBy, release.number);
}

std::string approvalGap(const domain::Release& release, bool required, const std::string& planId) {
    if (!required) return {};
    const auto& ended = release.approval ? release.approval : release.endedApproval;
    if (release.approval && release.approval->planId == planId) return {};
    if (!ended) {
        return fmt::format(
            "release {} needs the approval of a second person: any super admin but {}, who made "
            "it, "
            "or whom release.approve was granted",
            release.number, release.createdBy);
    }
    return fmt::format(
        "{} approved plan {} of release {}, which no longer holds; look at the plan that holds now "
        "and have it approved again, by any super admin but {}, or whom release.approve was "
        "granted",
        ended->by, ended->planId.substr(0, kPlanDigits), release.number, release.createdBy);
}

absl::Status mayStart(const domain::Release& release, bool required, const std::string& actor,
                      const std::string& planId) {
    if (!required) return absl::OkStatus();
    const std::string gap = approvalGap(release, required, planId);
    if (!gap.empty()) {
        const bool isMissing = !release.approval && !release.endedApproval;
        return base::failedPrecondition(isMissing ? "APPROVAL_MISSING" : "APPROVAL_ENDED",
                                        release.id, "{}", gap);
    }
    if (actor != release.approval->by) return absl::OkStatus();
    return base::permissionDenied("APPROVER_SAME", release.id,
                                  "{} approved release {}; somebody else has to start it",
                                  release.approval->by, release.number);
}

}  // namespace ifrit::master::release
