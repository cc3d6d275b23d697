// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_carry.h"

#include <QElapsedTimer>
#include <chrono>
#include <string>

#include "gui/ctl/exit_code.h"
#include "gui/ctl/text.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignErrand;
using services::CampaignInfo;

// A receipt is made within a second of its release's end; nobody waits for more than that in vain.
constexpr std::chrono::milliseconds kLookAgain{1'000};

absl::Status run(Shell& shell, const CampaignLines& lines, const CampaignBoard& board,
                 const CampaignErrand& errand) {
    const services::CampaignSeat& seat = board.seats()[errand.to];
    services::Session* session = lines.session(seat.cluster);
    if (errand.kind == CampaignErrand::Kind::Import) {
        const absl::Status done =
            shell
                .await<CampaignInfo>([&](auto reply) {
                    return session->campaigns().import(board.any()->document,
                                                       services::CampaignService::Import::Store,
                                                       shell.mutation(), std::move(reply));
                })
                .status();
        if (done.ok()) shell.note(fmt::format("carried the campaign to {}", seat.cluster));
        return base::annotate(done, seat.cluster);
    }
    const services::CampaignSeat& from = board.seats()[errand.to - 1];
    const absl::Status done =
        shell
            .await<CampaignInfo>([&](auto reply) {
                return session->campaigns().present(board.id(), from.held->own->carried,
                                                    shell.mutation(), std::move(reply));
            })
            .status();
    if (done.ok())
        shell.note(fmt::format("carried the receipt of {} to {}", from.cluster, seat.cluster));
    return base::annotate(done, seat.cluster);
}

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

}  // namespace

absl::StatusOr<CampaignBoard> carryAll(Shell& shell, const CampaignLines& lines,
                                       const CampaignBoard& board) {
    CampaignBoard now = board;
    // What was imported may make a receipt due: at most once more for each cluster.
    for (std::size_t round = 0; round <= board.seats().size(); ++round) {
        const auto errands = now.errands();
        if (errands.empty()) break;
        for (const CampaignErrand& errand : errands)
            IFRIT_RETURN_IF_ERROR(run(shell, lines, now, errand));
        IFRIT_ASSIGN_OR_RETURN(now, lines.again(now));
    }
    return now;
}

absl::Status waitForSeat(Shell& shell, const CampaignLines& lines, const CampaignBoard& board,
                         std::size_t seat) {
    QElapsedTimer waited;
    waited.start();
    std::string last;
    for (;;) {
        IFRIT_ASSIGN_OR_RETURN(const CampaignBoard now, lines.again(board));
        if (seat < now.seats().size()) {
            const services::CampaignSeat& it = now.seats()[seat];
            const auto end = verdict(now, it);
            std::string line = it.held && it.held->state
                                   ? std::string(domain::nameOf(*it.held->state))
                                   : std::string("unseen");
            if (it.held && !it.held->waitsFor.empty()) line += "; " + printable(it.held->waitsFor);
            if (line != last) shell.note(fmt::format("{}: {}", it.cluster, line));
            last = line;
            if (end) return *end;
        }
        const auto limit = shell.timeout();
        if (limit && waited.elapsed() >= limit->count()) {
            return base::makeError(absl::StatusCode::kDeadlineExceeded, kWaitTimedOut, board.id(),
                                   fmt::format("not over after {}", humanDuration(*limit)));
        }
        const absl::Status pause = shell.runUntil([] { return false; }, kLookAgain);
        if (base::errorInfo(pause).reason != kWaitTimedOut) return pause;
    }
}

}  // namespace ifrit::gui::ctl
