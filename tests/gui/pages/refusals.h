// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

/// From now on the master refuses to be read.
inline void refuse(FakeMaster& fakes, const absl::Status& refusal) {
    fakes.packages.listCalls.automatic = [refusal](const auto&) { return refusal; };
    fakes.releases.listCalls.automatic = [refusal](const auto&) { return refusal; };
    fakes.campaigns.lists.automatic = [refusal](const auto&) { return refusal; };
    fakes.audit.listCalls.automatic = [refusal](const auto&) { return refusal; };
    fakes.access.userCalls.automatic = [refusal](const auto&) { return refusal; };
    fakes.fleet.loadCalls.automatic = [refusal](const auto&) { return refusal; };
    fakes.fleet.machineWatch.opened = [&fakes, refusal](const auto&) {
        fakes.fleet.machineWatch.end(refusal);
    };
    fakes.releases.releaseWatch.opened = [&fakes, refusal](const auto&) {
        fakes.releases.releaseWatch.end(refusal);
    };
}

}  // namespace ifrit::tests
