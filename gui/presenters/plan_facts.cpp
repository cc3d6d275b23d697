// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/plan_facts.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "gui/models/own_words.h"
#include "gui/models/record_models.h"
#include "gui/models/status_words.h"
#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {

using models::grouped;
using models::toText;

namespace {

/// A sheet has room for these beside what it asks.
constexpr std::size_t kRefusalsTold = 3;
constexpr std::size_t kVersionsTold = 3;

}  // namespace

QString PlanFacts::costOf(const services::ReleasePlan::Stage& stage) {
    QStringList parts;
    if (stage.changing > 0) {
        parts << tr("%1 change", "machines of a stage", models::pluralOf(stage.changing))
                     .arg(grouped(static_cast<qint64>(stage.changing)));
    }
    if (stage.silent > 0) {
        parts << tr("%1 of these silent", "machines of a stage", models::pluralOf(stage.silent))
                     .arg(grouped(static_cast<qint64>(stage.silent)));
    }
    if (stage.bytes > 0) parts << models::bytes(stage.bytes);
    if (stage.expectedDuration.count() > 0)
        parts << models::TimeText::length(stage.expectedDuration);
    const QString dot = QStringLiteral(" · ");
    return parts.isEmpty() ? QString() : dot + parts.join(dot);
}

QList<QPair<QString, QString>> PlanFacts::of(const services::ReleasePlan& plan) {
    QList<QPair<QString, QString>> out;
    for (const services::ReleasePlan::Stage& stage : plan.stages) {
        QStringList parts;
        for (const auto& [type, machines] : stage.machines)
            parts << tr("%1 %2").arg(grouped(machines), toText(type));
        QStringList from;
        for (const auto& [version, machines] : stage.fromVersions) {
            from << tr("%1 on %2")
                        .arg(version.empty() ? tr("not installed") : toText(version),
                             grouped(machines));
        }
        out << qMakePair(models::StatusWords::nameOf(stage.kind, stage.batch),
                         parts.isEmpty() ? tr("no machine is left for it")
                                         : models::inARow(parts) + tr(" · now ") +
                                               models::inARow(from) + costOf(stage));
    }
    return out + totals(plan);
}

QList<QPair<QString, QString>> PlanFacts::totals(const services::ReleasePlan& plan) {
    QList<QPair<QString, QString>> out;
    if (plan.changing != plan.machinesTotal || plan.silent > 0)
        out << qMakePair(tr("Change"), grouped(static_cast<qint64>(plan.changing)));
    if (plan.silent > 0) {
        out << qMakePair(
            tr("Silent"),
            tr("%1 of these, with %2 of the download: they follow when they are back, "
               "and nothing waits for them",
               "machines that change", models::pluralOf(plan.silent))
                .arg(grouped(static_cast<qint64>(plan.silent)), models::bytes(plan.silentBytes)));
    }
    if (plan.approval) {
        out << qMakePair(tr("Approved by"), toText(plan.approval->by));
    } else if (plan.approvalRequired && plan.endedApproval) {
        out << qMakePair(
            tr("Approved by"),
            tr("nobody yet; what %1 approved no longer holds").arg(toText(plan.endedApproval->by)));
    } else if (plan.approvalRequired) {
        out << qMakePair(tr("Approved by"), tr("nobody yet"));
    }
    for (const std::string& note : plan.notes)
        out << qMakePair(tr("Note"), models::OwnWords::ofNote(toText(note)));
    out << qMakePair(tr("Machines"),
                     plan.clusterMachines == 0
                         ? grouped(static_cast<qint64>(plan.machinesTotal))
                         : tr("%1 of the cluster's %2")
                               .arg(grouped(static_cast<qint64>(plan.machinesTotal)),
                                    grouped(static_cast<qint64>(plan.clusterMachines))));
    // Who has the version on its disk already downloads nothing, and no master hears of that.
    out << qMakePair(tr("Download"), plan.bytesTotal == 0
                                         ? models::bytes(0)
                                         : tr("at most %1").arg(models::bytes(plan.bytesTotal)));
    out << qMakePair(tr("Expected"), models::TimeText::length(plan.expectedDuration));
    out << qMakePair(tr("Plan"), toText(plan.planId));
    return out;
}

QString PlanFacts::versions(const services::ReleasePlan& plan, const domain::ReleaseSpec& spec) {
    services::ReleaseInfo release;
    release.release.spec = spec;
    std::map<std::string, std::uint64_t> machines;
    for (const services::ReleasePlan::Stage& stage : plan.stages) {
        for (const auto& [version, count] : stage.fromVersions)
            machines[version] += count;
    }
    // Who has it already goes nowhere.
    if (spec.action == domain::DesiredAction::Install) machines.erase(spec.version);
    std::vector<std::pair<std::uint64_t, std::string>> most;
    for (const auto& [version, count] : machines)
        most.emplace_back(count, version);
    std::sort(most.rbegin(), most.rend());
    QStringList from;
    for (std::size_t i = 0; i < std::min(most.size(), kVersionsTold); ++i)
        from << (most[i].second.empty() ? tr("not installed") : toText(most[i].second));
    if (most.size() > kVersionsTold)
        from << tr("and %1 more").arg(grouped(static_cast<qint64>(most.size() - kVersionsTold)));
    const QString to = models::versionsOf(release);
    return from.isEmpty() ? to : models::inARow(from) + QStringLiteral(" → ") + to;
}

QList<QPair<QString, QString>> PlanFacts::refused(const services::ReleasePlan& plan) {
    if (plan.refusalCount == 0) return {};
    QStringList lines = {tr("%1 machine(s)", "", models::pluralOf(plan.refusalCount))
                             .arg(grouped(static_cast<qint64>(plan.refusalCount)))};
    const std::size_t told = std::min(plan.refusals.size(), kRefusalsTold);
    for (std::size_t i = 0; i < told; ++i)
        lines << toText(plan.refusals[i].uuid) + QStringLiteral(": ") +
                     models::OwnWords::ofObjection(toText(plan.refusals[i].message));
    if (plan.refusalCount > told)
        lines << tr("and %1 more").arg(grouped(static_cast<qint64>(plan.refusalCount - told)));
    return {{tr("Refused"), lines.join(QLatin1Char('\n'))}};
}

}  // namespace ifrit::gui::presenters
