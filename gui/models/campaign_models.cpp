// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/campaign_models.h"

namespace ifrit::gui::models {
namespace {

using services::CampaignBoard;

const domain::Campaign& campaignOf(const CampaignBoard& board) {
    static const domain::Campaign kNone;
    return board.any() == nullptr ? kNone : board.any()->campaign;
}

QString machinesOf(const SeatRecord& record) {
    const auto& held = record.seat().held;
    if (!held || !held->release) return QStringLiteral("–");
    const services::ReleaseInfo& release = *held->release;
    return SeatModel::tr("%1 of %2")
        .arg(grouped(static_cast<qint64>(release.count(domain::Outcome::Ok) +
                                         release.count(domain::Outcome::Already))),
             grouped(static_cast<qint64>(release.targeted())));
}

template <typename Model>
void repaintWithZone(const TimeText& times, Model* model) {
    QObject::connect(&times, &TimeText::changed, model, [model] { model->touchAll(); });
}

}  // namespace

CampaignModel::CampaignModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"state", [] { return tr("State"); }},
            {},
            CellStyle::Plain,
            [](const CampaignBoard& it) { return CampaignWords::of(it.phase()); },
            {}},
           {{"campaign", [] { return tr("Campaign"); }},
            [](const CampaignBoard& it) { return toText(campaignOf(it).name); },
            CellStyle::Plain,
            {},
            {}},
           {{"agent", [] { return tr("Agent"); }},
            [](const CampaignBoard& it) { return toText(campaignOf(it).agent); },
            CellStyle::Plain,
            {},
            {}},
           {{"versions", [] { return tr("Versions"); }},
            [](const CampaignBoard& it) { return CampaignWords::versions(campaignOf(it)); },
            CellStyle::Plain,
            {},
            {}},
           {{"verified", [] { return tr("Verified"); }},
            [](const CampaignBoard& it) {
                return tr("%1 of %2").arg(it.verified()).arg(it.seats().size());
            },
            CellStyle::Number,
            {},
            [](const CampaignBoard& a, const CampaignBoard& b) {
                return a.verified() < b.verified();
            }},
           {{"made_by", [] { return tr("Made by"); }},
            [](const CampaignBoard& it) { return toText(campaignOf(it).createdBy); },
            CellStyle::Plain,
            {},
            {}},
           {{"expires", [] { return tr("Expires"); }},
            [&times](const CampaignBoard& it) { return times.at(campaignOf(it).expires); },
            CellStyle::Muted,
            {},
            [](const CampaignBoard& a, const CampaignBoard& b) {
                return campaignOf(a).expires < campaignOf(b).expires;
            }}},
          [](const CampaignBoard& it) { return toText(it.id()); }, parent) {
    repaintWithZone(times, this);
}

SeatModel::SeatModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"no", [] { return tr("No."); }},
            [](const SeatRecord& it) { return QString::number(it.step + 1); },
            CellStyle::Number,
            {},
            [](const SeatRecord& a, const SeatRecord& b) { return a.step < b.step; }},
           {{"cluster", [] { return tr("Cluster"); }},
            [](const SeatRecord& it) { return toText(it.seat().cluster); },
            CellStyle::Plain,
            {},
            {}},
           {{"state", [] { return tr("State"); }},
            {},
            CellStyle::Plain,
            [](const SeatRecord& it) { return CampaignWords::of(it.seat()); },
            {}},
           {{"release", [] { return tr("Release"); }},
            [](const SeatRecord& it) {
                return it.seat().held && it.seat().held->release
                           ? QStringLiteral("#%1").arg(it.seat().held->release->release.number)
                           : QStringLiteral("–");
            },
            CellStyle::Monospace,
            {},
            {}},
           {{"machines", [] { return tr("Machines"); }}, machinesOf, CellStyle::Number, {}, {}},
           {{"receipt_before_it", [] { return tr("Receipt before it"); }},
            [](const SeatRecord& it) {
                if (it.step == 0) return tr("needs none");
                return it.seat().held ? CampaignWords::receipt(it.seat().held->previous)
                                      : QStringLiteral("–");
            },
            CellStyle::Plain,
            {},
            {}},
           {{"its_own_receipt", [] { return tr("Its own receipt"); }},
            [](const SeatRecord& it) {
                return it.seat().held ? CampaignWords::receipt(it.seat().held->own)
                                      : QStringLiteral("–");
            },
            CellStyle::Plain,
            {},
            {}},
           {{"waits_for", [] { return tr("Waits for"); }},
            [](const SeatRecord& it) { return it.waitsFor(); },
            CellStyle::Muted,
            {},
            {}}},
          [](const SeatRecord& it) { return toText(it.seat().cluster); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
