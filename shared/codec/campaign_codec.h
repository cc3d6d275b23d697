// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "ifrit/v1/campaigns.pb.h"
#include "shared/domain/campaign.h"

namespace ifrit::codec {

v1::CampaignStepState toWire(domain::StepState state);
/// INVALID_ARGUMENT for unspecified and for numbers that this version does not know.
absl::StatusOr<domain::StepState> fromWire(v1::CampaignStepState state);

}  // namespace ifrit::codec
