// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/services/campaigns.h"

namespace ifrit::gui::services {

/// One cluster of a campaign, as far as this program can see it.
struct CampaignSeat {
    std::string cluster;
    std::optional<CampaignInfo> held;  ///< unset: `status` says why
    absl::Status status;               ///< NOT_FOUND: it does not hold the campaign

    /// Its release was started and has not ended.
    bool runs() const;
    /// Its master rolls its release back now, also one that is over.
    bool canRollBack() const;
};

/// What becomes of a campaign's releases when it is aborted.
enum class CampaignReleases { Left, RolledBack };

/// What a carrier has to do.
struct CampaignErrand {
    enum class Kind {
        Import,  ///< the document, to a cluster that does not hold it
        Present  ///< the receipt of the cluster before
    };
    Kind kind = Kind::Present;
    std::size_t to = 0;  ///< the seat
    bool operator==(const CampaignErrand&) const = default;
};

/// A campaign as a whole, as far as it can be seen.
enum class CampaignPhase {
    Complete,  ///< every cluster has its receipt
    Running,   ///< a release of it runs, or stands until its receipt
    Stopped,   ///< a cluster needs a person: halted, failed, unproved or withdrawn
    Waiting,   ///< nothing runs; the next cluster can be started, or a receipt carried
    Aborted,   ///< in at least one cluster
    Expired,
    Unseen  ///< too few clusters can be seen to say
};
std::string_view nameOf(CampaignPhase phase);

/// One campaign over all its clusters: the seats in its order. Pure.
class CampaignBoard {
public:
    /// `answers` of those that were asked, by cluster. Two documents under one id: the one that
    /// more clusters hold is the campaign, the others' seats say so.
    CampaignBoard(std::string id,
                  const std::map<std::string, absl::StatusOr<CampaignInfo>>& answers);

    const std::string& id() const { return m_id; }
    /// Null: nobody that could be asked holds it.
    const CampaignInfo* any() const;
    const std::vector<CampaignSeat>& seats() const { return m_seats; }
    std::vector<CampaignErrand> errands() const;
    /// The seat whose release can be prepared or started now, once the errands are done; nullopt:
    /// none. The first in order.
    std::optional<std::size_t> next() const;
    /// The position of a cluster.
    std::optional<std::size_t> seatOf(const std::string& cluster) const;
    /// Every cluster has its receipt.
    bool isComplete() const { return phase() == CampaignPhase::Complete; }
    CampaignPhase phase() const;
    bool has(domain::StepState state) const;
    std::size_t verified() const;
    /// Machines that an abort concerns: of releases that run, or those that go back.
    std::uint64_t reachedByAbort(CampaignReleases releases) const;
    /// Clusters of it that cannot be seen now.
    std::vector<std::string> unseen() const;

private:
    bool mustCarry(std::size_t to) const;
    std::string m_id;
    std::vector<CampaignSeat> m_seats;
};

/// In place of the answer of a cluster that is being asked for the first time.
absl::Status awaited(const std::string& cluster);
bool isAwaited(const absl::Status& status);

/// All campaigns that any of the clusters holds, newest first; by cluster, what each answered. One
/// that did not answer has its status on each board.
std::vector<CampaignBoard> boardsOf(
    const std::map<std::string, absl::StatusOr<std::vector<CampaignInfo>>>& answers);

}  // namespace ifrit::gui::services
