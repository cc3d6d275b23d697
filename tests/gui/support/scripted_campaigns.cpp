// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/scripted_campaigns.h"

namespace ifrit::tests {

namespace services = gui::services;
using domain::StepState;
using services::CampaignInfo;
using namespace std::chrono_literals;

const std::vector<std::string> kCampaignClusters = {"cn-test-1", "cn-north-1", "eu-west-1"};

namespace {

domain::Campaign documentOf(const std::string& id, const std::string& agent,
                            const std::string& version, base::WallTime created) {
    domain::Campaign out;
    out.id = id;
    out.name = agent + " " + version;
    out.createdBy = "wang";
    out.created = created;
    out.expires = created + 14 * 24h;
    out.settle = 1h;
    out.agent = agent;
    for (const std::string& cluster : kCampaignClusters) {
        domain::CampaignStep step;
        step.cluster = cluster;
        step.caPem = "ca of " + cluster;
        step.spec.agent = agent;
        step.spec.version = version;
        step.spec.machineTypes = {"LINUX", "CONTAINER"};
        out.steps.push_back(step);
    }
    out.versions = domain::versionsOf(out.steps);
    return out;
}

services::ReceiptInfo receiptOf(const CampaignInfo& info, std::size_t step) {
    services::ReceiptInfo out;
    out.receipt.campaignId = info.campaign.id;
    out.receipt.cluster = kCampaignClusters[step];
    out.receipt.step = step;
    out.receipt.counts[domain::Outcome::Ok] = 190;
    out.carried = {"receipt of " + kCampaignClusters[step], "signature"};
    return out;
}

services::ReleaseInfo releaseOf(const CampaignInfo& info, std::uint64_t number,
                                domain::ReleaseState state, std::uint32_t ok) {
    services::ReleaseInfo out;
    out.release.id = "release-" + std::to_string(number);
    out.release.number = number;
    out.release.spec = info.campaign.steps[info.step].spec;
    out.release.state = state;
    services::StageProgress stage;
    stage.counts.targeted = 192;
    stage.counts.outcomes[domain::Outcome::Ok] = ok;
    out.stages = {stage};
    out.clusterMachines = 240;
    if (state == domain::ReleaseState::Draft) out.allowedVerbs = {domain::ReleaseVerb::Start};
    return out;
}

/// The campaign at a cluster whose release stands so; those before it are verified.
CampaignInfo infoOf(domain::Campaign campaign, std::size_t step, StepState state,
                    base::WallTime now) {
    CampaignInfo out;
    out.campaign = std::move(campaign);
    out.document = "document of " + out.campaign.id;
    out.digest = "4be1" + std::string(60, 'c');
    out.step = step;
    out.state = state;
    out.imported = {"wang", now - 2 * 24h, "OPS-2230"};
    switch (state) {
        case StepState::Verified:
            out.release = releaseOf(out, 840 + step, domain::ReleaseState::Done, 192);
            out.own = receiptOf(out, step);
            break;
        case StepState::Running:
            out.release = releaseOf(out, 861, domain::ReleaseState::Running, 74);
            out.release->waitsFor = "";
            break;
        case StepState::Halted:
            out.release = releaseOf(out, 866, domain::ReleaseState::Halted, 3);
            out.release->release.haltReason =
                "0 failed, 2 reverted, 0 silent of 6 in the gray stage; the gate lets at most 1 "
                "through";
            break;
        default:
            break;
    }
    const bool holds = step > 0 && state != StepState::Waiting;
    if (holds) out.previous = receiptOf(out, step - 1);
    return out;
}

}  // namespace

std::vector<CampaignInfo> scriptedCampaigns(base::WallTime now, const std::string& cluster) {
    const domain::Campaign moving =
        documentOf("5b1d7c1e-0f52-4a51-8f0a-5a2f6f3f7a01", "node-exporter", "1.6.1", now - 2 * 24h);
    const std::optional<std::size_t> step = moving.stepOf(cluster);
    if (!step) return {};
    const domain::Campaign halted =
        documentOf("77a0c5de-93f1-4d0c-b1c5-0c8f0b1e9d02", "log-agent", "4.2.0", now - 26h);
    const domain::Campaign complete =
        documentOf("c2f9b6a4-41ce-4a5f-9a35-1d2f7c8e6b03", "metrics-agent", "2.11", now - 6 * 24h);
    const StepState movingStates[] = {StepState::Verified, StepState::Running, StepState::Waiting};
    const StepState haltedStates[] = {StepState::Halted, StepState::Waiting, StepState::Waiting};
    return {infoOf(halted, *step, haltedStates[*step], now),
            infoOf(moving, *step, movingStates[*step], now),
            infoOf(complete, *step, StepState::Verified, now)};
}

}  // namespace ifrit::tests
