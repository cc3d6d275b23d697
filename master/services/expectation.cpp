// SPDX-License-Identifier: Apache-2.0
#include "master/services/expectation.h"

#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

absl::Status refuse(std::string_view reason, std::string_view subject, const std::string& sentence,
                    const base::CallDetails& actual) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kAborted, reason, subject, sentence), actual);
}

}  // namespace

absl::Status checkExpectation(const Expectation& expected, const Resolved& now,
                              std::string_view subject, Earlier earlier) {
    if (expected.machines && *expected.machines != now.machines) {
        return refuse("COUNT_CHANGED", subject,
                      fmt::format("{} machines were expected, it reaches {}; look again",
                                  *expected.machines, now.machines),
                      {{}, {}, now.machines, 0});
    }
    if (expected.generation == 0 || expected.generation == now.generation ||
        (earlier == Earlier::Allowed && expected.generation < now.generation))
        return absl::OkStatus();
    return refuse(
        "GENERATION_CHANGED", subject,
        fmt::format("it was looked at in generation {} of desired state, which is now {}; "
                    "look again",
                    expected.generation, now.generation),
        {{}, {}, 0, now.generation});
}

}  // namespace ifrit::master::services
