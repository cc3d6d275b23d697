// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/campaign_codec.h"

#include "shared/base/status.h"

namespace ifrit::codec {

static_assert(static_cast<int>(domain::StepState::Waiting) + 1 == v1::CAMPAIGN_STEP_STATE_WAITING);
static_assert(static_cast<int>(domain::StepState::Settling) + 1 ==
              v1::CAMPAIGN_STEP_STATE_SETTLING);
static_assert(static_cast<int>(domain::StepState::Expired) + 1 == v1::CAMPAIGN_STEP_STATE_EXPIRED);

v1::CampaignStepState toWire(domain::StepState state) {
    return static_cast<v1::CampaignStepState>(static_cast<int>(state) + 1);
}

absl::StatusOr<domain::StepState> fromWire(v1::CampaignStepState state) {
    if (state < v1::CAMPAIGN_STEP_STATE_WAITING || state > v1::CAMPAIGN_STEP_STATE_EXPIRED) {
        return base::invalidArgument("ENUM_INVALID", "state",
                                     "campaign state {} is not known to this version",
                                     static_cast<int>(state));
    }
    return static_cast<domain::StepState>(static_cast<int>(state) - 1);
}

}  // namespace ifrit::codec
