// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_carry.h"

#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignErrand;
using services::CampaignInfo;

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
        return base::annotate(done, lines.named(seat.cluster));
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
    return base::annotate(done, lines.named(seat.cluster));
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

}  // namespace ifrit::gui::ctl
