// SPDX-License-Identifier: Apache-2.0
#include "master/release/approval.h"

#include "shared/base/status.h"

namespace ifrit::master::release {

absl::Status mayApprove(const domain::Release& release, const std::string& actor) {
    if (actor != release.createdBy) return absl::OkStatus();
    return base::permissionDenied("APPROVER_SAME", release.id,
                                  "{} made release {}; any other super admin may approve it, and "
                                  "whom release.approve was granted",
                                  release.createdBy, release.number);
}

std::string approvalGap(const domain::Release& release, bool required, const std::string& planId) {
    if (!required) return {};
    if (!release.approval) {
        return fmt::format(
            "release {} needs the approval of a second person: any super admin but {}, who made "
            "it, "
            "or whom release.approve was granted",
            release.number, release.createdBy);
    }
    if (release.approval->planId == planId) return {};
    return fmt::format(
        "{} approved another plan of release {}, and that no longer holds; it has to be approved "
        "again",
        release.approval->by, release.number);
}

absl::Status mayStart(const domain::Release& release, bool required, const std::string& actor,
                      const std::string& planId) {
    if (!required) return absl::OkStatus();
    const std::string gap = approvalGap(release, required, planId);
    if (!gap.empty()) {
        return base::failedPrecondition(release.approval ? "APPROVAL_ENDED" : "APPROVAL_MISSING",
                                        release.id, "{}", gap);
    }
    if (actor != release.approval->by) return absl::OkStatus();
    return base::permissionDenied("APPROVER_SAME", release.id,
                                  "{} approved release {}; somebody else has to start it",
                                  release.approval->by, release.number);
}

}  // namespace ifrit::master::release
