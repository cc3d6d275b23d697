// SPDX-License-Identifier: Apache-2.0
#include "gui/services/campaign_board.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::gui::services {
namespace {

using Answers = std::map<std::string, absl::StatusOr<CampaignInfo>>;

/// The document that most of them hold; of equally many, the one with the lowest digest.
std::string commonDigest(const Answers& answers) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [cluster, answer] : answers) {
        if (answer.ok() && answer->unreadable.empty()) ++counts[answer->digest];
    }
    std::string best;
    for (const auto& [digest, count] : counts) {
        if (best.empty() || count > counts[best]) best = digest;
    }
    return best;
}

const CampaignInfo* holderOf(const Answers& answers, const std::string& digest) {
    for (const auto& [cluster, answer] : answers) {
        if (answer.ok() && answer->digest == digest && answer->unreadable.empty()) return &*answer;
    }
    return nullptr;
}

CampaignSeat seatOf(const std::string& cluster, const Answers& answers, const std::string& digest) {
    CampaignSeat out;
    out.cluster = cluster;
    const auto answer = answers.find(cluster);
    if (answer == answers.end()) {
        out.status = base::makeError(absl::StatusCode::kUnavailable, "NOT_CONNECTED", cluster,
                                     "there is no connection to this cluster");
    } else if (!answer->second.ok()) {
        out.status = answer->second.status();
    } else if (answer->second->digest != digest) {
        out.status = base::failedPrecondition("CAMPAIGN_OTHER", cluster,
                                              "this cluster holds another document under the "
                                              "campaign's id");
    } else {
        out.held = *answer->second;
    }
    return out;
}

/// It may still come to a start there.
bool isBeforeStart(domain::StepState state) {
    return state == domain::StepState::Waiting || state == domain::StepState::Ready ||
           state == domain::StepState::Drafted || state == domain::StepState::Failed ||
           state == domain::StepState::Unproved;
}

}  // namespace

bool CampaignSeat::runs() const {
    return held && held->release && !held->release->ended() &&
           held->release->release.state != domain::ReleaseState::Draft;
}

bool CampaignSeat::canRollBack() const {
    return held && held->release && held->release->allows(domain::ReleaseVerb::Rollback);
}

CampaignBoard::CampaignBoard(std::string id, const Answers& answers) : m_id(std::move(id)) {
    const std::string digest = commonDigest(answers);
    const CampaignInfo* holder = holderOf(answers, digest);
    if (holder == nullptr) return;
    for (const domain::CampaignStep& step : holder->campaign.steps)
        m_seats.push_back(services::seatOf(step.cluster, answers, digest));
}

const CampaignInfo* CampaignBoard::any() const {
    for (const CampaignSeat& seat : m_seats) {
        if (seat.held) return &*seat.held;
    }
    return nullptr;
}

bool CampaignBoard::mustCarry(std::size_t to) const {
    if (to == 0 || !m_seats[to].held || !m_seats[to - 1].held) return false;
    const auto& made = m_seats[to - 1].held->own;
    if (!made || m_seats[to].held->aborted) return false;
    const auto& held = m_seats[to].held->previous;
    return !held || held->receipt.serial < made->receipt.serial;
}

std::vector<CampaignErrand> CampaignBoard::errands() const {
    std::vector<CampaignErrand> out;
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        if (!m_seats[i].held && absl::IsNotFound(m_seats[i].status))
            out.push_back({CampaignErrand::Kind::Import, i});
        if (mustCarry(i)) out.push_back({CampaignErrand::Kind::Present, i});
    }
    return out;
}

std::optional<std::size_t> CampaignBoard::next() const {
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        const auto& held = m_seats[i].held;
        if (!held || !held->state || !isBeforeStart(*held->state)) continue;
        const bool isLet = i == 0 || (m_seats[i - 1].held &&
                                      m_seats[i - 1].held->state == domain::StepState::Verified);
        const bool isKnownLet =
            held->previous && held->previous->receipt.verdict == domain::ReceiptVerdict::Verified &&
            !mustCarry(i);
        if (isLet || isKnownLet) return i;
    }
    return std::nullopt;
}

std::optional<std::size_t> CampaignBoard::seatOf(const std::string& cluster) const {
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        if (m_seats[i].cluster == cluster) return i;
    }
    return std::nullopt;
}

bool CampaignBoard::has(domain::StepState state) const {
    return std::any_of(m_seats.begin(), m_seats.end(), [state](const CampaignSeat& seat) {
        return seat.held && seat.held->state == state;
    });
}

std::size_t CampaignBoard::verified() const {
    return static_cast<std::size_t>(
        std::count_if(m_seats.begin(), m_seats.end(), [](const CampaignSeat& seat) {
            return seat.held && seat.held->state == domain::StepState::Verified;
        }));
}

std::vector<std::string> CampaignBoard::unseen() const {
    std::vector<std::string> out;
    for (const CampaignSeat& seat : m_seats) {
        if (!seat.held && !absl::IsNotFound(seat.status)) out.push_back(seat.cluster);
    }
    return out;
}

CampaignPhase CampaignBoard::phase() const {
    using domain::StepState;
    const auto hasAny = [this](std::initializer_list<StepState> states) {
        return std::any_of(states.begin(), states.end(),
                           [this](StepState state) { return has(state); });
    };
    if (any() == nullptr) return CampaignPhase::Unseen;
    if (verified() == m_seats.size()) return CampaignPhase::Complete;
    if (hasAny({StepState::Halted, StepState::Failed, StepState::Unproved, StepState::Withdrawn}))
        return CampaignPhase::Stopped;
    if (hasAny(
            {StepState::Running, StepState::Paused, StepState::RollingBack, StepState::Settling}))
        return CampaignPhase::Running;
    if (has(StepState::Aborted)) return CampaignPhase::Aborted;
    if (has(StepState::Expired)) return CampaignPhase::Expired;
    if (next() || !errands().empty()) return CampaignPhase::Waiting;
    return unseen().empty() ? CampaignPhase::Waiting : CampaignPhase::Unseen;
}

std::uint64_t CampaignBoard::reachedByAbort(CampaignReleases releases) const {
    std::uint64_t out = 0;
    for (const CampaignSeat& seat : m_seats) {
        if (releases == CampaignReleases::RolledBack && seat.canRollBack())
            out += seat.held->release->reachedBy(domain::ReleaseVerb::Rollback);
        if (releases == CampaignReleases::Left && seat.runs())
            out += seat.held->release->targeted();
    }
    return out;
}

absl::Status awaited(const std::string& cluster) {
    return base::makeError(absl::StatusCode::kUnavailable, "NOT_ANSWERED", cluster,
                           "this cluster has not answered yet");
}

bool isAwaited(const absl::Status& status) {
    return absl::IsUnavailable(status) && base::errorInfo(status).reason == "NOT_ANSWERED";
}

std::vector<CampaignBoard> boardsOf(
    const std::map<std::string, absl::StatusOr<std::vector<CampaignInfo>>>& answers) {
    std::map<std::string, Answers> campaigns;
    std::map<std::string, base::WallTime> made;
    for (const auto& [cluster, answer] : answers) {
        if (!answer.ok()) continue;
        for (const CampaignInfo& info : *answer) {
            campaigns[info.campaign.id].emplace(cluster, info);
            made[info.campaign.id] = info.campaign.created;
        }
    }
    std::vector<CampaignBoard> out;
    for (auto& [id, seats] : campaigns) {
        for (const auto& [cluster, answer] : answers) {
            if (!answer.ok()) seats.emplace(cluster, answer.status());
            // Of those that answered: what they hold is there already.
            seats.emplace(cluster, base::notFound("CAMPAIGN_UNKNOWN", id,
                                                  "this cluster does not hold the campaign"));
        }
        CampaignBoard board(id, seats);
        // Documents that this program cannot read have no clusters to show.
        if (board.any() != nullptr) out.push_back(std::move(board));
    }
    std::sort(out.begin(), out.end(), [&made](const CampaignBoard& a, const CampaignBoard& b) {
        return made[a.id()] != made[b.id()] ? made[a.id()] > made[b.id()] : a.id() < b.id();
    });
    return out;
}

std::string_view nameOf(CampaignPhase phase) {
    switch (phase) {
        case CampaignPhase::Complete:
            return "complete";
        case CampaignPhase::Running:
            return "running";
        case CampaignPhase::Stopped:
            return "stopped";
        case CampaignPhase::Waiting:
            return "waiting";
        case CampaignPhase::Aborted:
            return "aborted";
        case CampaignPhase::Expired:
            return "expired";
        case CampaignPhase::Unseen:
            break;
    }
    return "unseen";
}

}  // namespace ifrit::gui::services
