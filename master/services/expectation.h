// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string_view>

#include "master/services/records.h"

namespace ifrit::master::services {

/// What holds now, where an expectation is judged.
struct Resolved {
    std::uint64_t machines = 0;
    std::uint64_t generation = 0;
};

/// Whether an earlier generation is a difference too, or only one that was not reached yet.
enum class Earlier { Refused, Allowed };

/// ABORTED with what holds now in the call's details: COUNT_CHANGED where other machines are
/// reached than were expected, GENERATION_CHANGED where desired state went on since, or is not yet
/// where the caller saw it.
absl::Status checkExpectation(const Expectation& expected, const Resolved& now,
                              std::string_view subject, Earlier earlier = Earlier::Refused);

/// ABORTED (RELEASE_MOVED) where another stage is current than the caller saw.
absl::Status checkStage(const Expectation& expected, const domain::Release& release);

/// ABORTED (RELEASE_CHANGED), with who changed it and when in the call's details, where the release
/// stands otherwise than the caller saw.
absl::Status checkStanding(const Expectation& expected, const domain::Release& release);

}  // namespace ifrit::master::services
