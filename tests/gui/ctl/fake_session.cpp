// SPDX-License-Identifier: Apache-2.0
#include "tests/gui/ctl/fake_session.h"

namespace ifrit::tests {

FakeSession::FakeSession() = default;
FakeSession::~FakeSession() = default;

services::CallHandle FakeSession::held(const std::string& call,
                                       services::Reply<services::CampaignInfo> reply) {
    if (campaign || !failure.ok())
        return answer(call, std::move(reply), campaign.value_or(services::CampaignInfo()));
    calls.push_back(call);
    return later([reply = std::move(reply)] {
        reply(base::notFound("CAMPAIGN_UNKNOWN", "", "there is no such campaign"));
    });
}

}  // namespace ifrit::tests
