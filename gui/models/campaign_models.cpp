// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/campaign_models.h"

#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using services::CampaignBoard;
using Campaign = Columns<CampaignBoard>;
using Seat = Columns<SeatRecord>;

const domain::Campaign& campaignOf(const CampaignBoard& board) {
    static const domain::Campaign kNone;
    return board.any() == nullptr ? kNone : board.any()->campaign;
}

const services::ReleaseInfo* releaseOf(const SeatRecord& record) {
    const auto& held = record.seat().held;
    return held && held->release ? &*held->release : nullptr;
}

qint64 doneOf(const SeatRecord& record) {
    const services::ReleaseInfo* release = releaseOf(record);
    if (release == nullptr) return 0;
    return static_cast<qint64>(release->count(domain::Outcome::Ok) +
                               release->count(domain::Outcome::Already));
}

QString machinesOf(const SeatRecord& record) {
    const services::ReleaseInfo* release = releaseOf(record);
    if (release == nullptr) return QStringLiteral("–");
    return SeatModel::tr("%1 of %2")
        .arg(grouped(doneOf(record)), grouped(static_cast<qint64>(release->targeted())));
}

QString receiptText(std::optional<services::ReceiptInfo> services::CampaignInfo::*which,
                    const SeatRecord& record, const TimeText& times) {
    const auto& held = record.seat().held;
    return held ? CampaignWords::receipt((*held).*which, times) : QStringLiteral("–");
}

/// In no language; a seat that cannot be seen has none.
QString stateName(const SeatRecord& record) {
    const auto& held = record.seat().held;
    return held && held->state ? toText(domain::nameOf(*held->state)) : QString();
}

std::vector<Campaign::Column> columnsOfCampaignModel(const TimeText& times) {
    Campaign::Column verified =
        Campaign::count({"verified", [] { return CampaignModel::tr("Verified"); }},
                        [](const auto& it) { return static_cast<qint64>(it.verified()); });
    verified.text = [](const auto& it) {
        return CampaignModel::tr("%1 of %2").arg(it.verified()).arg(it.seats().size());
    };
    return {Campaign::state(
                {"state", [] { return CampaignModel::tr("State"); }},
                [](const auto& it) { return CampaignWords::of(it.phase()); },
                [](const auto& it) { return toText(services::nameOf(it.phase())); }),
            Campaign::text({"campaign", [] { return CampaignModel::tr("Campaign"); }},
                           [](const auto& it) { return toText(campaignOf(it).name); }),
            Campaign::text({"agent", [] { return CampaignModel::tr("Agent"); }},
                           [](const auto& it) { return toText(campaignOf(it).agent); }),
            Campaign::text({"versions", [] { return CampaignModel::tr("Versions"); }},
                           [](const auto& it) { return CampaignWords::versions(campaignOf(it)); }),
            std::move(verified),
            Campaign::text({"made_by", [] { return CampaignModel::tr("Made by"); }},
                           [](const auto& it) { return toText(campaignOf(it).createdBy); }),
            Campaign::time({"expires", [] { return CampaignModel::tr("Expires"); }}, times,
                           [](const auto& it) { return campaignOf(it).expires; })};
}

std::vector<Seat::Column> columnsOfSeatModel(const TimeText& times) {
    Seat::Column machines =
        Seat::count({"machines", [] { return SeatModel::tr("Machines"); }}, doneOf);
    machines.text = machinesOf;
    return {Seat::ordinal({"no", [] { return SeatModel::tr("No."); }},
                          [](const auto& it) { return it.step + 1; }),
            Seat::text({"cluster", [] { return SeatModel::tr("Cluster"); }},
                       [](const auto& it) { return toText(it.seat().cluster); }),
            Seat::state(
                {"state", [] { return SeatModel::tr("State"); }},
                [](const auto& it) { return CampaignWords::of(it.seat()); }, stateName),
            Seat::text(
                {"release", [] { return SeatModel::tr("Release"); }},
                [](const auto& it) {
                    const auto* release = releaseOf(it);
                    return release == nullptr ? QStringLiteral("–")
                                              : QStringLiteral("#%1").arg(release->release.number);
                },
                CellStyle::Monospace),
            std::move(machines),
            Seat::text({"receipt_before_it", [] { return SeatModel::tr("Receipt before it"); }},
                       [&times](const auto& it) {
                           return it.step == 0
                                      ? SeatModel::tr("needs none")
                                      : receiptText(&services::CampaignInfo::previous, it, times);
                       }),
            Seat::text({"its_own_receipt", [] { return SeatModel::tr("Its own receipt"); }},
                       [&times](const auto& it) {
                           return receiptText(&services::CampaignInfo::own, it, times);
                       }),
            Seat::text(
                {"waits_for", [] { return SeatModel::tr("Waits for"); }},
                [](const auto& it) { return it.waitsFor(); }, CellStyle::Muted)};
}

}  // namespace

CampaignModel::CampaignModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfCampaignModel(times), [](const auto& it) { return toText(it.id()); }, parent) {
    repaintWithZone(times, this);
}

SeatModel::SeatModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfSeatModel(times), [](const auto& it) { return toText(it.seat().cluster); },
          parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
