// SPDX-License-Identifier: Apache-2.0
#include "master/services/expectation.h"

#include <fmt/chrono.h>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::services {
namespace {

absl::Status refuse(std::string_view reason, std::string_view subject, const std::string& sentence,
                    const base::CallDetails& actual) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kAborted, reason, subject, sentence), actual);
}

std::string nameOf(const release::StageKey& stage) {
    const std::string kind(domain::nameOf(stage.kind));
    return stage.kind == domain::StageKind::Batch ? fmt::format("{} {}", kind, stage.batch) : kind;
}

}  // namespace

absl::Status checkExpectation(const Expectation& expected, const Resolved& now,
                              std::string_view subject, Earlier earlier) {
    if (expected.machines && *expected.machines != now.machines) {
        return refuse("COUNT_CHANGED", subject,
                      fmt::format("{} {} expected, it reaches {}; look again",
                                  base::countOf(*expected.machines, "machines"),
                                  *expected.machines == 1 ? "was" : "were", now.machines),
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

absl::Status checkStage(const Expectation& expected, const domain::Release& release) {
    const release::StageKey now{release.stage, release.batch};
    if (!expected.stage || *expected.stage == now) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kAborted, "RELEASE_MOVED", release.id,
        fmt::format("the release moved on since you looked: stage {} is current, you saw {}; "
                    "look again",
                    nameOf(now), nameOf(*expected.stage)));
}

absl::Status checkStanding(const Expectation& expected, const domain::Release& release) {
    const domain::ReleaseChange last = release.lastChange.value_or(domain::ReleaseChange{});
    if (!expected.standing || (expected.standing->state == release.state &&
                               expected.standing->changeRevision == last.revision))
        return absl::OkStatus();
    const std::string sentence =
        last.what.empty()
            ? fmt::format("release {} is {} and not what you saw; nothing was changed, look again",
                          release.number, domain::spoken(domain::nameOf(release.state)))
            : fmt::format(
                  "release {} changed since you looked: {} by {} at {:%Y-%m-%d %H:%M:%S} UTC; "
                  "nothing was changed, look again",
                  release.number, last.what,
                  last.by.empty() ? std::string("the master itself") : last.by,
                  fmt::gmtime(std::chrono::system_clock::to_time_t(last.at)));
    return refuse("RELEASE_CHANGED", release.id, sentence,
                  {{}, {}, 0, 0, {last.what, last.by, base::toUnixMillis(last.at)}});
}

}  // namespace ifrit::master::services
