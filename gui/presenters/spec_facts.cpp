// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/spec_facts.h"

#include <algorithm>

#include "gui/models/status_words.h"
#include "gui/models/text_format.h"
#include "shared/domain/download_rate.h"

namespace ifrit::gui::presenters {

using models::grouped;
using models::pluralOf;
using models::TimeText;
using models::toText;

namespace {

/// Names that fit beside the other facts of a plan.
constexpr qint64 kGrayTold = 8;

}  // namespace

QString SpecFacts::versions(const services::ReleaseInfo& info) {
    const domain::ReleaseSpec& spec = info.release.spec;
    const QString target =
        spec.action == domain::DesiredAction::Install ? toText(spec.version) : tr("absent");
    QStringList parts;
    for (const std::string& type : spec.machineTypes) {
        const auto before = info.release.previousVersions.find(type);
        const bool had = before != info.release.previousVersions.end() && !before->second.empty();
        parts << (had ? tr("%1 from %2 to %3").arg(toText(type), toText(before->second), target)
                      : tr("%1 to %2").arg(toText(type), target));
    }
    return models::inARow(parts);
}

QString SpecFacts::gray(const domain::GraySelection& gray) {
    if (gray.empty()) return tr("none");
    QStringList parts;
    const auto named = static_cast<qint64>(gray.uuids.size());
    if (named > 0) parts << tr("%1 named machine(s)", "", pluralOf(named)).arg(grouped(named));
    return models::inARow(parts + grayByRule(gray));
}

QStringList SpecFacts::grayByRule(const domain::GraySelection& gray) {
    QStringList parts;
    if (!gray.pin.empty()) parts << tr("those of pin %1").arg(toText(gray.pin));
    QStringList labels;
    for (const auto& [key, value] : gray.labels)
        labels << toText(key) + QLatin1Char('=') + toText(value);
    if (!labels.isEmpty()) parts << tr("those labelled %1").arg(labels.join(QLatin1Char(' ')));
    return parts;
}

QString SpecFacts::grayNames(const domain::GraySelection& gray) {
    QStringList parts;
    const auto named = static_cast<qint64>(gray.uuids.size());
    for (qint64 i = 0; i < std::min(named, kGrayTold); ++i)
        parts << toText(gray.uuids[static_cast<std::size_t>(i)]);
    if (named > kGrayTold) parts << tr("%1 more").arg(grouped(named - kGrayTold));
    return models::inARow(parts + grayByRule(gray));
}

QString SpecFacts::pilot(const domain::PilotShare& pilot) {
    if (pilot.empty()) return tr("none");
    QStringList parts;
    if (pilot.percent > 0) parts << tr("%1 % of each machine type").arg(pilot.percent);
    if (pilot.count > 0)
        parts << tr("at least %1 machine(s) of each type", "", pluralOf(pilot.count))
                     .arg(grouped(pilot.count));
    return models::inARow(parts);
}

QString SpecFacts::batches(const services::ReleaseInfo& info) {
    const domain::BatchPlan& plan = info.release.spec.batches;
    if (!plan.enabled) return tr("none");
    QStringList order;
    for (const services::StageProgress& stage : info.stages) {
        if (stage.counts.kind == domain::StageKind::Batch)
            order << QString::number(stage.counts.batch);
    }
    QStringList parts;
    if (!order.isEmpty()) parts << tr("in the order %1").arg(order.join(QLatin1Char(' ')));
    parts << tr("at least %1 apart").arg(TimeText::length(plan.interval));
    parts << (plan.advance == domain::BatchAdvance::Promote ? tr("each waits for promote")
                                                            : tr("the next one opens by itself"));
    return models::inARow(parts);
}

QString SpecFacts::badGate(const services::ReleaseInfo& info) {
    const auto limits =
        domain::limitsOf(info.release.spec.gates, domain::GateKind::Bad, info.release.stage);
    return tr("halts over %1 % and %2 bad machine(s) of a stage", "", pluralOf(limits.count))
        .arg(limits.percent)
        .arg(grouped(limits.count));
}

QString SpecFacts::costGate(const domain::CostLimits& limits) {
    if (!limits.enabled) return tr("none");
    return tr("halts where the median rises by %1 %, and by %2 or %3 % of a core")
        .arg(limits.percent)
        .arg(models::bytes(limits.rssBytes))
        .arg(limits.cpuPoints, 0, 'f', 1);
}

QString SpecFacts::downloadRate(std::uint64_t bytesPerSecond) {
    if (bytesPerSecond == 0) return tr("as each machine is configured");
    return tr("at most %1 for each machine")
        .arg(toText(domain::formatDownloadRate(bytesPerSecond)));
}

QList<QPair<QString, QString>> SpecFacts::of(const services::ReleaseInfo& info) {
    const domain::Release& release = info.release;
    const domain::ReleaseSpec& spec = release.spec;
    QList<QPair<QString, QString>> out = {
        {tr("Versions"), versions(info)},
        {tr("Gray"), gray(spec.gray)},
        {tr("Pilot"), pilot(spec.pilot)},
        {tr("Batches"), batches(info)},
        {tr("Soak"), TimeText::length(spec.soak)},
        {tr("Goes on"), spec.autoVerify ? tr("by itself, soak over and gates passed")
                                        : tr("when an operator verifies")},
        {tr("In flight"),
         spec.maxInFlight == 0 ? tr("no limit") : tr("at most %1").arg(grouped(spec.maxInFlight))},
        {tr("Deadline"), tr("%1 for each machine").arg(TimeText::length(spec.machineDeadline))},
        {tr("Failure gate"), badGate(info)},
        {tr("Cost gate"), costGate(spec.gates.cost)}};
    for (const domain::StageCost& own : spec.gates.stageCosts) {
        const QString stage = own.stage == domain::StageKind::Batch
                                  ? tr("Batches")
                                  : models::StatusWords::nameOf(own.stage, 0);
        out << qMakePair(tr("Cost gate, %1").arg(stage), costGate(own.limits));
    }
    out << qMakePair(tr("Download rate"), downloadRate(spec.downloadRate));
    if (!spec.windows.empty()) {
        QStringList parts;
        for (const auto& window : spec.windows.weekly)
            parts << toText(domain::formatWeeklyWindow(window));
        for (const auto& range : spec.windows.blackouts)
            parts << tr("not %1").arg(toText(domain::formatDateRange(range)));
        parts << (spec.windows.timeZone.empty() ? QStringLiteral("UTC")
                                                : toText(spec.windows.timeZone));
        out << qMakePair(tr("Windows"), models::inARow(parts));
    }
    out << qMakePair(tr("Late joiners"), tr("%1 a minute").arg(grouped(spec.lateJoinersPerMinute)));
    if (!release.planId.empty()) out << qMakePair(tr("Plan"), toText(release.planId));
    return out;
}

}  // namespace ifrit::gui::presenters
