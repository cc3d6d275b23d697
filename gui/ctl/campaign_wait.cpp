// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_wait.h"

#include <QElapsedTimer>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gui/ctl/campaign_views.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/text.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignPhase;
using services::CampaignSeat;

// A receipt is made within a second of its release's end; nobody waits for more than that in vain.
constexpr std::chrono::milliseconds kLookAgain{1'000};

absl::Status failed(const CampaignBoard& board, const services::CampaignSeat& seat) {
    return base::makeError(
        absl::StatusCode::kAborted, kReleaseFailed, board.id(),
        fmt::format("cluster {} is {}{}{}", seat.cluster, domain::nameOf(*seat.held->state),
                    seat.held->waitsFor.empty() ? "" : ": ", printable(seat.held->waitsFor)));
}

/// What the waiting has come to, once it has.
std::optional<absl::Status> verdict(const CampaignBoard& board,
                                    const services::CampaignSeat& seat) {
    using domain::StepState;
    if (!seat.held || !seat.held->state) return std::nullopt;
    switch (*seat.held->state) {
        case StepState::Verified:
            return absl::OkStatus();
        case StepState::Halted:
        case StepState::Failed:
        case StepState::Unproved:
        case StepState::Withdrawn:
        case StepState::Aborted:
        case StepState::Expired:
            return failed(board, seat);
        case StepState::Waiting:
        case StepState::Ready:
        case StepState::Drafted:
        case StepState::Running:
        case StepState::Paused:
        case StepState::RollingBack:
        case StepState::Settling:
            break;
    }
    return std::nullopt;
}

/// The same of the campaign as a whole.
std::optional<absl::Status> verdict(const CampaignBoard& board) {
    switch (board.phase()) {
        case CampaignPhase::Complete:
            return absl::OkStatus();
        case CampaignPhase::Stopped:
        case CampaignPhase::Aborted:
        case CampaignPhase::Expired:
            break;
        case CampaignPhase::Running:
        case CampaignPhase::Waiting:
        case CampaignPhase::Unseen:
            return std::nullopt;
    }
    for (const CampaignSeat& seat : board.seats()) {
        const auto end = verdict(board, seat);
        if (end && !end->ok()) return end;
    }
    return std::nullopt;
}

/// A cluster's place in the campaign, for people.
std::string lineOf(const CampaignSeat& seat) {
    if (!seat.held) return "cannot be seen: " + printable(base::messageOf(seat.status));
    if (!seat.held->state) return "unseen";
    std::string line(domain::nameOf(*seat.held->state));
    if (!seat.held->waitsFor.empty()) line += "; " + printable(seat.held->waitsFor);
    return line;
}

using Look = std::function<std::optional<absl::Status>(const CampaignBoard&)>;

/// Asks the clusters again until `look` has come to an end.
absl::Status follow(Shell& shell, const CampaignLines& lines, const CampaignBoard& board,
                    const Look& look) {
    QElapsedTimer waited;
    waited.start();
    for (;;) {
        IFRIT_ASSIGN_OR_RETURN(const CampaignBoard now, lines.again(board));
        if (const auto end = look(now)) return *end;
        const auto limit = shell.timeout();
        if (limit && waited.elapsed() >= limit->count()) {
            return base::makeError(absl::StatusCode::kDeadlineExceeded, kWaitTimedOut, "campaign",
                                   fmt::format("not over after {}", humanDuration(*limit)));
        }
        const absl::Status pause = shell.runUntil([] { return false; }, kLookAgain);
        if (base::errorInfo(pause).reason != kWaitTimedOut) return stillRuns(pause, "campaign");
    }
}

}  // namespace

absl::Status waitForSeat(Shell& shell, const CampaignLines& lines, const CampaignBoard& board,
                         std::size_t seat) {
    std::string last;
    const auto look = [&](const CampaignBoard& now) -> std::optional<absl::Status> {
        if (seat >= now.seats().size()) return std::nullopt;
        const CampaignSeat& it = now.seats()[seat];
        const std::string line = lineOf(it);
        if (line != last) shell.note(fmt::format("{}: {}", it.cluster, line));
        last = line;
        return verdict(now, it);
    };
    return follow(shell, lines, board, look);
}

absl::Status watchCampaign(Shell& shell, const CampaignLines& lines, const CampaignBoard& board) {
    const bool asLines = shell.print().format() == Format::JsonLines;
    std::vector<std::string> last;
    bool isHinted = false;
    CampaignBoard newest = board;
    const auto look = [&](const CampaignBoard& now) -> std::optional<absl::Status> {
        const bool isSeen = now.any() != nullptr;
        if (!isSeen && !last.empty()) shell.note("no cluster of it can be seen");
        if (isSeen) newest = now;
        bool changed = false;
        last.resize(now.seats().size());
        for (std::size_t i = 0; i < last.size(); ++i) {
            const std::string line = lineOf(now.seats()[i]);
            if (line == last[i]) continue;
            last[i] = line;
            changed = true;
            if (!asLines) shell.note(fmt::format("{}: {}", now.seats()[i].cluster, line));
        }
        if (changed && asLines) shell.print().list(campaignView(), std::vector<CampaignBoard>{now});
        const bool waits = now.phase() == CampaignPhase::Waiting;
        if (waits && !isHinted)
            shell.note("nothing runs; go on with: ifritctl campaign advance " + board.id());
        isHinted = waits;
        return verdict(now);
    };
    const absl::Status end = follow(shell, lines, board, look);
    if (!asLines) printBoard(shell.print(), newest);
    return end;
}

}  // namespace ifrit::gui::ctl
