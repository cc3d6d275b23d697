// SPDX-License-Identifier: GPL-3.0-or-later
#include <QStringList>

#include "gui/models/campaign_models.h"
#include "gui/models/own_words.h"
#include "shared/base/status.h"

namespace ifrit::gui::models {

using domain::StepState;
using services::CampaignPhase;

StatusLook CampaignWords::of(CampaignPhase phase) {
    switch (phase) {
        case CampaignPhase::Complete:
            return {StatusKind::Ok, tr("complete")};
        case CampaignPhase::Running:
            return {StatusKind::Run, tr("running")};
        case CampaignPhase::Stopped:
            return {StatusKind::Fail, tr("stopped")};
        case CampaignPhase::Waiting:
            return {StatusKind::Wait, tr("waiting")};
        case CampaignPhase::Aborted:
            return {StatusKind::None, tr("aborted")};
        case CampaignPhase::Expired:
            return {StatusKind::None, tr("expired")};
        case CampaignPhase::Unseen:
            break;
    }
    return {StatusKind::Silent, tr("out of sight")};
}

StatusLook CampaignWords::of(StepState state) {
    switch (state) {
        case StepState::Waiting:
            return {StatusKind::Wait, tr("waits")};
        case StepState::Ready:
            return {StatusKind::Wait, tr("may start")};
        case StepState::Drafted:
            return {StatusKind::Wait, tr("draft, may start")};
        case StepState::Running:
            return {StatusKind::Run, tr("running")};
        case StepState::Paused:
            return {StatusKind::Wait, tr("paused")};
        case StepState::Halted:
            return {StatusKind::Fail, tr("halted")};
        case StepState::RollingBack:
            return {StatusKind::Wait, tr("rolling back")};
        case StepState::Settling:
            return {StatusKind::Run, tr("done, must stand")};
        case StepState::Unproved:
            return {StatusKind::Fail, tr("done, unproved")};
        case StepState::Verified:
            return {StatusKind::Ok, tr("verified")};
        case StepState::Failed:
            return {StatusKind::Fail, tr("failed")};
        case StepState::Withdrawn:
            return {StatusKind::Fail, tr("withdrawn")};
        case StepState::Aborted:
            return {StatusKind::None, tr("aborted")};
        case StepState::Expired:
            return {StatusKind::None, tr("expired")};
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook CampaignWords::of(const services::CampaignSeat& seat) {
    if (seat.held && seat.held->state) return of(*seat.held->state);
    if (seat.held) return {StatusKind::None, tr("unknown")};
    if (absl::IsNotFound(seat.status)) return {StatusKind::Wait, tr("not imported")};
    if (services::isAwaited(seat.status)) return {StatusKind::Wait, tr("not answered yet")};
    return {StatusKind::Silent, tr("out of sight")};
}

QString CampaignWords::waitsFor(const services::CampaignBoard& board, std::size_t at) {
    const services::CampaignSeat& seat = board.seats()[at];
    const QString previous = at == 0 ? QString() : toText(board.seats()[at - 1].cluster);
    if (!seat.held) {
        if (absl::IsNotFound(seat.status)) return tr("the campaign has to be carried to it");
        if (base::errorInfo(seat.status).reason == "NOT_CONNECTED")
            return tr("a connection: add it under Connections");
        if (services::isAwaited(seat.status)) return tr("its answer");
        return OwnWords::of(toText(base::messageOf(seat.status)));
    }
    if (!seat.held->state) return toText(seat.held->waitsFor);
    switch (*seat.held->state) {
        case StepState::Waiting:
            return seat.held->previous
                       ? tr("%1 was rolled back and withdrew its receipt").arg(previous)
                       : tr("the receipt of %1").arg(previous);
        case StepState::Ready:
        case StepState::Drafted:
            return tr("a person who starts it");
        case StepState::Running:
        case StepState::Paused:
        case StepState::Halted:
        case StepState::RollingBack:
            break;
        case StepState::Settling:
            return tr("its receipt, once it stood for %1")
                .arg(TimeText::length(seat.held->campaign.settle));
        case StepState::Unproved:
            return tr("no machine runs the version: start it again");
        case StepState::Failed:
            return tr("its release did not come to its end: start it again, or abort");
        case StepState::Withdrawn:
            return tr("it was rolled back after its receipt was made");
        case StepState::Expired:
            return tr("the campaign has expired: make a new one");
        case StepState::Verified:
        case StepState::Aborted:
            return {};
    }
    if (!seat.held->release) return {};
    const services::ReleaseInfo& release = *seat.held->release;
    return release.release.haltReason.empty()
               ? OwnWords::ofProgress(toText(release.waitsFor))
               : OwnWords::ofHalt(toText(release.release.haltReason));
}

QString CampaignWords::receipt(const std::optional<services::ReceiptInfo>& receipt,
                               const TimeText& times) {
    if (!receipt) return QStringLiteral("–");
    const bool verified = receipt->receipt.verdict == domain::ReceiptVerdict::Verified;
    const QString at = times.at(receipt->receipt.issued);
    return verified ? tr("verified, %1", "a time").arg(at) : tr("withdrawn, %1", "a time").arg(at);
}

QString CampaignWords::versions(const domain::Campaign& campaign) {
    QStringList out;
    for (const auto& [type, version] : campaign.versions)
        out << toText(type) + QLatin1Char(' ') + (version.empty() ? tr("absent") : toText(version));
    return out.join(QStringLiteral(", "));
}

}  // namespace ifrit::gui::models
