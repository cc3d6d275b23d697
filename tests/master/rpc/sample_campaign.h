// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/domain/campaign.h"
#include "tests/master/rpc/trusted_server.h"

namespace ifrit::master::rpc {

/// Version 1 of the agent on those machine types, first in the server's cluster and then in another
/// one. New with each call.
domain::Campaign sampleCampaign(const TrustedServer& server, const std::string& agent,
                                const std::vector<std::string>& machineTypes);

}  // namespace ifrit::master::rpc
