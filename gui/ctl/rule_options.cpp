// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/rule_options.h"

#include "gui/ctl/shell.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {

void addRuleOptions(CLI::App& verb, RuleOptions& options,
                    const std::function<CLI::Option*(CLI::Option*)>& own) {
    own(verb.add_flag(
        "--approval", options.approval,
        "A second person must approve the plan before it is started: another super admin, or"
        " whom a grant names for it"));
    own(verb.add_option("--window", options.windows,
                        "Hours in which machines may change, as 'Mon-Fri 09:00-17:00', repeatable"))
        ->type_name("WINDOW");
    own(verb.add_option("--blackout", options.blackouts,
                        "Days on which nothing changes, as 2026-12-24..2027-01-02, repeatable"))
        ->type_name("DATES");
    own(verb.add_option("--time-zone", options.timeZone,
                        "Of the windows and dates, as Asia/Shanghai (UTC)"))
        ->type_name("ZONE");
    own(verb.add_option("--late-joiners", options.lateJoiners,
                        "Machines a minute that join or come back after their stage opened (300)"))
        ->type_name("N")
        ->check(wholeNumber(1, domain::kMaxLateJoiners));
}

absl::Status applyRuleOptions(const RuleOptions& options, domain::ReleaseSpec& spec) {
    const auto asUsage = [](const absl::Status& status) { return usage(base::messageOf(status)); };
    spec.approvalRequired = options.approval;
    spec.lateJoinersPerMinute = options.lateJoiners;
    spec.windows.timeZone = options.timeZone;
    for (const std::string& text : options.windows) {
        const auto window = domain::parseWeeklyWindow(text);
        if (!window.ok()) return asUsage(window.status());
        spec.windows.weekly.push_back(*window);
    }
    for (const std::string& text : options.blackouts) {
        const auto range = domain::parseDateRange(text);
        if (!range.ok()) return asUsage(range.status());
        spec.windows.blackouts.push_back(*range);
    }
    if (spec.windows.empty() && !options.timeZone.empty())
        return usage("--time-zone is of windows and blackout dates, and there are none");
    const absl::Status valid = domain::checkWindows(spec.windows);
    return valid.ok() ? valid : asUsage(valid);
}

}  // namespace ifrit::gui::ctl
