// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/release.h"

namespace ifrit::domain {

inline constexpr std::size_t kMaxCampaignClusters = 64;
inline constexpr std::size_t kMaxCampaignNameBytes = 128;
inline constexpr std::chrono::hours kMaxCampaignLife{365 * 24};
inline constexpr std::chrono::hours kMaxSettle{7 * 24};
/// Clocks of two clusters may differ by so much.
inline constexpr std::chrono::minutes kMaxClockSkew{10};

/// One cluster's part of a campaign.
struct CampaignStep {
    std::string cluster;
    std::string caPem;  ///< its CA's certificate: whose key signs its receipt
    ReleaseSpec spec;
    bool operator==(const CampaignStep&) const = default;
};

/// The same change in several clusters, in an order. Never changes once it is made
/// (docs/decisions/0017).
struct Campaign {
    std::string id;
    std::string name;  ///< for people
    std::string createdBy;
    base::WallTime created{};
    base::WallTime expires{};             ///< after it no release of it starts
    std::chrono::milliseconds settle{0};  ///< a release must stand done for so long
    std::string agent;
    std::map<std::string, std::string> versions;  ///< by machine type; "" where it is removed
    std::vector<CampaignStep> steps;              ///< in their order
    bool operator==(const Campaign&) const = default;

    std::optional<std::size_t> stepOf(std::string_view cluster) const;
};

/// INVALID_ARGUMENT with what is wrong: fewer than two clusters or more than 64, one of them twice,
/// another agent or version than the campaign's, a life that is none.
absl::Status checkCampaign(const Campaign& campaign);
/// Versions by machine type of all steps together; of a machine type that has two, the first.
std::map<std::string, std::string> versionsOf(const std::vector<CampaignStep>& steps);

enum class ReceiptVerdict {
    Verified,  ///< done, and it stood
    Withdrawn  ///< it was, and was rolled back since
};

/// The package that a machine type was moved to; both empty where the agent was removed.
struct ReceiptTarget {
    std::string version;
    std::string manifestDigest;  ///< hex
    bool operator==(const ReceiptTarget&) const = default;
};
using ReceiptTargets = std::map<std::string, ReceiptTarget>;  ///< by machine type

/// What a cluster says of its own release in a campaign.
struct CampaignReceipt {
    std::string campaignId;
    std::string campaignDigest;  ///< hex
    std::string cluster;
    std::size_t step = 0;
    std::uint32_t serial = 1;  ///< grows with each receipt of the campaign in this cluster
    ReceiptVerdict verdict = ReceiptVerdict::Verified;
    std::string releaseId;
    std::uint64_t releaseNumber = 0;
    ReceiptTargets targets;
    std::map<Outcome, std::uint64_t> counts;
    base::WallTime started{};
    base::WallTime ended{};
    base::WallTime issued{};
    bool operator==(const CampaignReceipt&) const = default;

    /// Machines that run what it is about.
    std::uint64_t converged() const;
};

/// A campaign as one cluster holds it, and where that cluster is in it.
struct CampaignPlace {
    const Campaign& campaign;
    const std::string& digest;  ///< hex
    std::size_t step = 0;       ///< this cluster's
};

/// Whether the receipt lets the cluster at `place` go on, apart from its signature.
/// FAILED_PRECONDITION: RECEIPT_UNASKED (the first cluster needs none), RECEIPT_CAMPAIGN,
/// RECEIPT_CLUSTER (of another than the previous one), RECEIPT_TARGET, RECEIPT_TIME, RECEIPT_EMPTY,
/// RECEIPT_OLDER (than `held`). A withdrawn one is OK: it is taken in, and holds the cluster.
absl::Status checkReceipt(const CampaignPlace& place, const CampaignReceipt& receipt,
                          const std::optional<CampaignReceipt>& held, base::WallTime now);

/// Of a cluster's next receipt after `held`: the seconds of its clock, so that what a restored
/// cluster makes is newer than what it made before and knows of no more.
std::uint32_t nextSerial(const std::optional<CampaignReceipt>& held, base::WallTime now);

/// FAILED_PRECONDITION (PACKAGE_DIFFERS): a machine type of both has another package here than the
/// one that was verified in the previous cluster.
absl::Status checkSamePackages(const CampaignReceipt& previous, const ReceiptTargets& own);

/// Where one cluster is in a campaign.
enum class StepState {
    Waiting,  ///< for the previous cluster's receipt
    Ready,    ///< may be prepared and started
    Drafted,  ///< its release is a draft that may be started
    Running,  ///< so is Paused, Halted, RollingBack: states of its release
    Paused,
    Halted,
    RollingBack,
    Settling,   ///< done, and its receipt is not made yet
    Unproved,   ///< done, and no machine runs it: there is nothing to say; prepare another one
    Verified,   ///< its receipt is made
    Failed,     ///< its release was aborted or rolled back; prepare another one
    Withdrawn,  ///< its receipt was made, and withdrawn
    Aborted,    ///< by an operator
    Expired     ///< before it started
};
std::string_view nameOf(StepState state);
std::optional<StepState> stepStateFromName(std::string_view name);

/// What decides it, all of this cluster.
struct StepFacts {
    std::size_t step = 0;
    base::WallTime expires{};
    std::chrono::milliseconds settle{0};
    bool aborted = false;
    std::optional<ReceiptVerdict> previous;  ///< of the receipt that it holds of the previous one
    std::optional<ReceiptVerdict> own;
    std::optional<ReleaseState> release;
    std::optional<base::WallTime> ended;  ///< of that release
    std::uint64_t converged = 0;          ///< machines of that release that run the version
};

StepState stepState(const StepFacts& facts, base::WallTime now);
/// OK, or FAILED_PRECONDITION why the release may not be started now: RECEIPT_MISSING,
/// RECEIPT_WITHDRAWN, CAMPAIGN_ABORTED, CAMPAIGN_EXPIRED. `previous` names the cluster before.
absl::Status mayStartStep(const StepFacts& facts, std::string_view previous, base::WallTime now);
/// A draft may be made: there is none, or the last one failed or proved nothing.
absl::Status mayPrepareStep(const StepFacts& facts, base::WallTime now);
/// The receipt that the cluster has to make now; nullopt: none.
std::optional<ReceiptVerdict> receiptDue(const StepFacts& facts, base::WallTime now);

}  // namespace ifrit::domain
