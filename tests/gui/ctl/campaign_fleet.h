// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "tests/gui/ctl/ctl_harness.h"
#include "tests/shared/domain/a_campaign.h"

namespace ifrit::tests {

/// Of the campaign that the fleet is asked about.
inline const std::string kId = aCampaign().id;

inline services::ReceiptInfo receiptOf(const std::string& cluster, std::uint32_t serial = 1) {
    services::ReceiptInfo out;
    out.carried = {"receipt of " + cluster, "signature"};
    out.receipt.cluster = cluster;
    out.receipt.serial = serial;
    out.receipt.counts[domain::Outcome::Ok] = 2;
    return out;
}

inline services::ReleaseInfo releaseIn(domain::ReleaseState state) {
    services::ReleaseInfo out = release(state, {});
    out.clusterMachines = 100;
    if (state == domain::ReleaseState::Running) out.allowedVerbs = {domain::ReleaseVerb::Rollback};
    return out;
}

/// ifritctl with a context for each of the clusters "one" and "two".
struct CampaignFleet {
    CampaignFleet() {
        for (const char* cluster : {"one", "two"}) {
            const std::string path = ctl.path(cluster);
            write(path,
                  bundle::formatBundle({cluster, "test", {"127.0.0.1:7443"}, kPem, kPem, kPem}));
            if (ctl.run({"context", "import", path}).code != 0) qFatal("no context");
        }
        ctl.variables.clear();
        one().plan = two().plan = plan();
    }
    static services::ReleasePlan plan() {
        services::ReleasePlan out;
        out.planId = "p-1";
        out.machinesTotal = 2;
        out.clusterMachines = 100;
        return out;
    }
    AnsweringMaster& one() { return ctl.sessions.others["one"]; }
    AnsweringMaster& two() { return ctl.sessions.others["two"]; }

    /// Both hold it; what they are asked changes them as a master would be changed.
    void hold(domain::StepState first, domain::StepState second) {
        const domain::StepState states[] = {first, second};
        for (std::size_t step = 0; step < 2; ++step) {
            services::CampaignInfo info;
            info.campaign = aCampaign();
            info.document = "document";
            info.digest = std::string(64, 'd');
            info.step = step;
            info.state = states[step];
            (step == 0 ? one() : two()).campaign = info;
        }
        if (first == domain::StepState::Verified) one().campaign->own = receiptOf("one");
        for (AnsweringMaster* session : {&one(), &two()}) {
            session->turn = [](const std::string& what, services::CampaignInfo& info) {
                if (what == "prepare") info.release = releaseIn(domain::ReleaseState::Draft);
                if (what.rfind("present ", 0) == 0) {
                    info.previous = receiptOf("one");
                    info.state = domain::StepState::Ready;
                }
                if (what.rfind("start ", 0) == 0) {
                    info.release = releaseIn(domain::ReleaseState::Done);
                    info.state = domain::StepState::Verified;
                    info.own = receiptOf("two");
                }
                if (what == "abort") info.aborted = services::CampaignDeed{"anna", {}, "why"};
            };
        }
    }
    bool asked(AnsweringMaster& session, const std::string& call) {
        return std::find(session.calls.begin(), session.calls.end(), call) != session.calls.end();
    }

    Ctl ctl;
};

}  // namespace ifrit::tests
