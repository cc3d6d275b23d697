// SPDX-License-Identifier: GPL-3.0-or-later
// A release's spec as the options of `ifritctl release create`.
#include "gui/models/ctl_command.h"
#include "gui/models/text_format.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/gate_text.h"

namespace ifrit::gui::models {
namespace {

QString durationText(std::chrono::milliseconds length) {
    using std::chrono::duration_cast;
    const auto minutes = duration_cast<std::chrono::minutes>(length);
    if (minutes == length) return QStringLiteral("%1m").arg(minutes.count());
    return QStringLiteral("%1s").arg(duration_cast<std::chrono::seconds>(length).count());
}

/// In one word: a value may begin with a dash, which would be read as an option.
QString option(const char* name, const std::string& value) {
    return QLatin1String(name) + QLatin1Char('=') + toText(value);
}

template <typename Number>
QString joined(const std::vector<Number>& numbers) {
    QStringList out;
    for (const Number number : numbers)
        out << QString::number(number);
    return out.join(QLatin1Char(','));
}

QStringList targetWords(const domain::ReleaseSpec& spec) {
    QStringList out = {option("--agent", spec.agent)};
    if (spec.action != domain::DesiredAction::Install)
        out << option("--action", std::string(domain::nameOf(spec.action)));
    if (!spec.version.empty()) out << option("--version", spec.version);
    QStringList types;
    for (const std::string& type : spec.machineTypes)
        types << toText(type);
    out << QStringLiteral("--types=") + types.join(QLatin1Char(','));
    for (const std::string& uuid : spec.gray.uuids)
        out << option("--gray-uuid", uuid);
    if (!spec.gray.pin.empty()) out << option("--gray-pin", spec.gray.pin);
    for (const auto& [key, value] : spec.gray.labels)
        out << option("--gray-label", key + '=' + value);
    return out;
}

QString pilotText(const domain::PilotShare& pilot) {
    QStringList out;
    if (pilot.percent > 0) out << QStringLiteral("%1%").arg(pilot.percent);
    if (pilot.count > 0) out << QString::number(pilot.count);
    return out.join(QLatin1Char(','));
}

QStringList stageWords(const domain::ReleaseSpec& spec) {
    QStringList out;
    if (!spec.pilot.empty()) out << QStringLiteral("--pilot=") + pilotText(spec.pilot);
    if (spec.batches.enabled) {
        out << QStringLiteral("--batches")
            << QStringLiteral("--batch-interval=") + durationText(spec.batches.interval);
        if (spec.batches.advance == domain::BatchAdvance::Promote)
            out << QStringLiteral("--batch-promote");
        if (!spec.batches.order.empty())
            out << QStringLiteral("--batch-order=") + joined(spec.batches.order);
    }
    if (spec.maxInFlight > 0) out << QStringLiteral("--max-in-flight=%1").arg(spec.maxInFlight);
    for (const domain::GateRule& rule : spec.gates.rules)
        out << option("--gate", domain::formatGateRule(rule));
    if (!spec.gates.cost.enabled)
        out << QStringLiteral("--no-cost-gate");
    else if (!(spec.gates.cost == domain::CostLimits{}))
        out << option("--cost-gate", domain::formatCostRule({std::nullopt, spec.gates.cost}));
    for (const domain::StageCost& own : spec.gates.stageCosts)
        out << option("--cost-gate", domain::formatCostRule({own.stage, own.limits}));
    if (spec.downloadRate != 0)
        out << option("--download-rate", domain::formatDownloadRate(spec.downloadRate));
    return out;
}

QStringList ruleWords(const domain::ReleaseSpec& spec) {
    QStringList out;
    if (spec.approvalRequired) out << QStringLiteral("--approval");
    for (const domain::WeeklyWindow& window : spec.windows.weekly)
        out << option("--window", domain::formatWeeklyWindow(window));
    for (const domain::DateRange& range : spec.windows.blackouts)
        out << option("--blackout", domain::formatDateRange(range));
    if (!spec.windows.timeZone.empty()) out << option("--time-zone", spec.windows.timeZone);
    if (spec.lateJoinersPerMinute != domain::kDefaultLateJoiners)
        out << QStringLiteral("--late-joiners=%1").arg(spec.lateJoinersPerMinute);
    if (spec.soak.count() > 0) out << QStringLiteral("--soak=") + durationText(spec.soak);
    out << QStringLiteral("--deadline=") + durationText(spec.machineDeadline);
    if (spec.autoVerify) out << QStringLiteral("--auto");
    return out;
}

}  // namespace

CtlCommand createReleaseCommand(const domain::ReleaseSpec& spec) {
    const QStringList words = {QStringLiteral("release"), QStringLiteral("create")};
    return {words + targetWords(spec) + stageWords(spec) + ruleWords(spec)};
}

}  // namespace ifrit::gui::models
