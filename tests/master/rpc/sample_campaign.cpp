// SPDX-License-Identifier: Apache-2.0
#include "tests/master/rpc/sample_campaign.h"

#include "shared/base/ids.h"
#include "shared/crypto/certificates.h"

namespace ifrit::master::rpc {

domain::Campaign sampleCampaign(const TrustedServer& server, const std::string& agent,
                                const std::vector<std::string>& machineTypes) {
    const base::WallTime now = server.clock.now();
    domain::CampaignStep here;
    here.cluster = "test";
    here.caPem = server.ca.certificatePem;
    here.spec.agent = agent;
    here.spec.version = "1";
    here.spec.machineTypes = machineTypes;
    domain::CampaignStep elsewhere = here;
    elsewhere.cluster = "elsewhere";
    elsewhere.caPem =
        crypto::createCa("elsewhere", now, std::chrono::hours(24)).value().certificatePem;
    domain::Campaign out;
    out.id = base::randomUuid();
    out.name = "sample " + out.id;
    out.createdBy = "root";
    out.created = now;
    out.expires = now + std::chrono::hours(24);
    out.agent = agent;
    out.steps = {here, elsewhere};
    out.versions = domain::versionsOf(out.steps);
    return out;
}

}  // namespace ifrit::master::rpc
