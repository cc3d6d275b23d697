// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

/// Empty: whoever changes is there.
std::string silentText(const services::ReleasePlan& plan) {
    if (plan.silent == 0) return {};
    const bool isOne = plan.silent == 1;
    return fmt::format(
        "{} of {} that change {} silent ({} of the download): {} back, and the duration counts "
        "without {}",
        plan.silent, countOf(plan.changing, "machines"), isOne ? "is" : "are",
        humanBytes(plan.silentBytes), isOne ? "it follows when it is" : "they follow when they are",
        isOne ? "it" : "them");
}

void writePlan(const Shell& shell, Printer print, const services::ReleasePlan& plan) {
    print.one(planView(), plan);
    if (!print.isForPeople()) return;
    print.line("");
    print.list(planStageView(), plan.stages);
    for (const std::string& note : plan.notes)
        shell.note(printable(note));
    if (const std::string silent = silentText(plan); !silent.empty()) shell.note(silent);
    if (plan.approval) shell.note(fmt::format("approved by {}", printable(plan.approval->by)));
    for (const services::ReleasePlan::Refusal& refusal : plan.refusals) {
        shell.note(fmt::format("{} will not change: {}", printable(refusal.uuid),
                               printable(refusal.message)));
    }
    if (plan.refusalCount > plan.refusals.size()) {
        shell.note(fmt::format("{} refusals in all", plan.refusalCount));
    }
}

}  // namespace

absl::StatusOr<services::ReleasePlan> fetchPlan(Shell& shell, const std::string& releaseId) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    return shell.await<services::ReleasePlan>(
        [&](auto reply) { return session->releases().plan(releaseId, std::move(reply)); });
}

absl::Status checkConflicts(const services::ReleasePlan& plan, const std::string& subject,
                            const std::string& what) {
    if (plan.conflicts.empty()) return absl::OkStatus();
    std::string reason = "PLAN_CONFLICT";
    if (plan.conflicts.size() == 1 && plan.approvalRequired && !plan.approval)
        reason = plan.endedApproval ? "APPROVAL_ENDED" : "APPROVAL_MISSING";
    return base::failedPrecondition(reason, subject, "{} cannot start now: {}", what,
                                    fmt::join(plan.conflicts, "; "));
}

void printPlan(Shell& shell, const services::ReleasePlan& plan) {
    writePlan(shell, shell.print(), plan);
}

void showPlan(Shell& shell, const services::ReleasePlan& plan) {
    const Terminal& terminal = shell.environment().terminal;
    if (shell.print().isForPeople())
        printPlan(shell, plan);
    else if (terminal.isInteractive)
        writePlan(shell, Printer(terminal.err, Format::Table), plan);
}

}  // namespace ifrit::gui::ctl
