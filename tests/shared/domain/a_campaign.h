// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/domain/campaign.h"

namespace ifrit::tests {

inline domain::CampaignStep campaignStep(const std::string& cluster, const std::string& caPem) {
    domain::CampaignStep out;
    out.cluster = cluster;
    out.caPem = caPem;
    out.spec.agent = "logd";
    out.spec.version = "2";
    out.spec.machineTypes = {"LINUX"};
    return out;
}

/// logd 2 in "one" and then in "two".
inline domain::Campaign aCampaign(const std::string& caOne = "ca one",
                                  const std::string& caTwo = "ca two") {
    domain::Campaign out;
    out.id = "0b6ef71f-5f0e-4f0a-9d3c-3a1f0a3f6b11";
    out.name = "logd 2";
    out.createdBy = "ada";
    out.created = base::fromUnixMillis(1'700'000'000'000);
    out.expires = out.created + std::chrono::hours(24);
    out.agent = "logd";
    out.steps = {campaignStep("one", caOne), campaignStep("two", caTwo)};
    out.versions = domain::versionsOf(out.steps);
    return out;
}

}  // namespace ifrit::tests
