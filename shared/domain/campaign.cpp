// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/campaign.h"

#include <algorithm>
#include <limits>
#include <set>

#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::domain {
namespace {

absl::Status checkLife(const Campaign& campaign) {
    const auto life = campaign.expires - campaign.created;
    if (life <= std::chrono::milliseconds(0) || life > kMaxCampaignLife) {
        return base::invalidArgument("CAMPAIGN_LIFE", campaign.id,
                                     "a campaign ends after it is made, and within 365 days");
    }
    if (campaign.settle < std::chrono::milliseconds(0) || campaign.settle > kMaxSettle) {
        return base::invalidArgument("CAMPAIGN_SETTLE", campaign.id,
                                     "a release may have to stand for at most 7 days");
    }
    return absl::OkStatus();
}

/// The same change everywhere, or it is no campaign.
absl::Status checkStep(const Campaign& campaign, const CampaignStep& step) {
    IFRIT_RETURN_IF_ERROR(checkClusterName(step.cluster));
    if (step.caPem.empty()) {
        return base::invalidArgument("CAMPAIGN_CA", step.cluster,
                                     "the CA certificate of cluster {} is missing: its receipt "
                                     "could not be checked",
                                     step.cluster);
    }
    if (step.spec.agent != campaign.agent) {
        return base::invalidArgument("CAMPAIGN_AGENT", step.cluster,
                                     "cluster {} moves {}, the campaign {}", step.cluster,
                                     step.spec.agent, campaign.agent);
    }
    if (step.spec.action != campaign.steps.front().spec.action) {
        return base::invalidArgument("CAMPAIGN_ACTION", step.cluster,
                                     "cluster {} does something else with {} than the first one",
                                     step.cluster, campaign.agent);
    }
    if (step.spec.machineTypes.empty()) {
        return base::invalidArgument("TYPES_MISSING", step.cluster,
                                     "name the machine types of cluster {}", step.cluster);
    }
    for (const std::string& type : step.spec.machineTypes) {
        const auto version = campaign.versions.find(type);
        if (version == campaign.versions.end() || version->second != step.spec.version) {
            return base::invalidArgument(
                "CAMPAIGN_VERSION", step.cluster,
                "cluster {} moves {} on {} to '{}', which is not the campaign's version",
                step.cluster, campaign.agent, type, step.spec.version);
        }
    }
    return absl::OkStatus();
}

absl::Status wrongReceipt(std::string_view reason, const CampaignReceipt& receipt,
                          const std::string& sentence) {
    return base::makeError(absl::StatusCode::kFailedPrecondition, reason, receipt.cluster,
                           sentence);
}

/// It names every machine type of the previous cluster, in the campaign's version.
bool namesTargets(const Campaign& campaign, const CampaignReceipt& receipt) {
    const CampaignStep& step = campaign.steps[receipt.step];
    return std::all_of(
        step.spec.machineTypes.begin(), step.spec.machineTypes.end(), [&](const std::string& type) {
            const auto target = receipt.targets.find(type);
            return target != receipt.targets.end() && target->second.version == step.spec.version;
        });
}

}  // namespace

std::optional<std::size_t> Campaign::stepOf(std::string_view cluster) const {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].cluster == cluster) return i;
    }
    return std::nullopt;
}

absl::Status checkCampaign(const Campaign& campaign) {
    IFRIT_RETURN_IF_ERROR(checkMachineUuid(campaign.id));
    IFRIT_RETURN_IF_ERROR(checkReason(campaign.name));
    if (campaign.name.empty() || campaign.name.size() > kMaxCampaignNameBytes) {
        return base::invalidArgument("CAMPAIGN_NAME", campaign.id,
                                     "a campaign has a name of 1 to 128 bytes");
    }
    IFRIT_RETURN_IF_ERROR(checkAgentName(campaign.agent));
    IFRIT_RETURN_IF_ERROR(checkLife(campaign));
    if (campaign.steps.size() < 2 || campaign.steps.size() > kMaxCampaignClusters) {
        return base::invalidArgument("CAMPAIGN_CLUSTERS", campaign.id,
                                     "a campaign has 2 to 64 clusters, this one {}; for one "
                                     "cluster make a release",
                                     campaign.steps.size());
    }
    std::set<std::string> seen;
    for (const CampaignStep& step : campaign.steps) {
        IFRIT_RETURN_IF_ERROR(checkStep(campaign, step));
        if (!seen.insert(step.cluster).second) {
            return base::invalidArgument("CAMPAIGN_TWICE", step.cluster,
                                         "cluster {} is in the campaign twice", step.cluster);
        }
    }
    if (campaign.versions != versionsOf(campaign.steps)) {
        return base::invalidArgument("CAMPAIGN_VERSION", campaign.id,
                                     "the campaign names machine types that no cluster of it has");
    }
    return absl::OkStatus();
}

std::map<std::string, std::string> versionsOf(const std::vector<CampaignStep>& steps) {
    std::map<std::string, std::string> out;
    for (const CampaignStep& step : steps) {
        for (const std::string& type : step.spec.machineTypes)
            out.emplace(type, step.spec.version);
    }
    return out;
}

std::uint64_t CampaignReceipt::converged() const {
    std::uint64_t out = 0;
    for (const Outcome outcome : {Outcome::Ok, Outcome::Already}) {
        const auto found = counts.find(outcome);
        if (found != counts.end()) out += found->second;
    }
    return out;
}

absl::Status checkReceipt(const CampaignPlace& place, const CampaignReceipt& receipt,
                          const std::optional<CampaignReceipt>& held, base::WallTime now) {
    if (place.step == 0) {
        return wrongReceipt("RECEIPT_UNASKED", receipt,
                            "this cluster is the campaign's first one and needs no receipt");
    }
    if (receipt.campaignId != place.campaign.id || receipt.campaignDigest != place.digest) {
        return wrongReceipt("RECEIPT_CAMPAIGN", receipt,
                            "this receipt is of another campaign, or of another document under "
                            "the same id");
    }
    const std::string& previous = place.campaign.steps[place.step - 1].cluster;
    if (receipt.cluster != previous || receipt.step != place.step - 1) {
        return wrongReceipt("RECEIPT_CLUSTER", receipt,
                            fmt::format("this receipt is of cluster {}; the one before this "
                                        "cluster is {}",
                                        receipt.cluster, previous));
    }
    if (!namesTargets(place.campaign, receipt)) {
        return wrongReceipt("RECEIPT_TARGET", receipt,
                            "this receipt is not about the campaign's version");
    }
    if (receipt.issued > now + kMaxClockSkew) {
        return wrongReceipt("RECEIPT_TIME", receipt,
                            "this receipt was made in the future; set the clocks of both clusters");
    }
    if (receipt.verdict == ReceiptVerdict::Verified && receipt.converged() == 0) {
        return wrongReceipt("RECEIPT_EMPTY", receipt,
                            fmt::format("no machine of cluster {} runs the version", previous));
    }
    if (held && receipt.serial < held->serial) {
        return wrongReceipt("RECEIPT_OLDER", receipt,
                            "a newer receipt of that cluster is here already");
    }
    return absl::OkStatus();
}

std::uint32_t nextSerial(const std::optional<CampaignReceipt>& held, base::WallTime now) {
    const std::uint32_t next = held ? held->serial + 1 : 1;
    const std::int64_t seconds = base::toUnixMillis(now) / 1'000;
    constexpr std::int64_t kLast = std::numeric_limits<std::uint32_t>::max();
    return std::max(next, static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, kLast)));
}

absl::Status checkSamePackages(const CampaignReceipt& previous, const ReceiptTargets& own) {
    for (const auto& [type, target] : own) {
        const auto before = previous.targets.find(type);
        if (before == previous.targets.end() || before->second == target) continue;
        return base::failedPrecondition(
            "PACKAGE_DIFFERS", type,
            "{} {} here is another package than the one that was verified in {}: publish the same "
            "file in both clusters",
            type, target.version, previous.cluster);
    }
    return absl::OkStatus();
}

}  // namespace ifrit::domain
