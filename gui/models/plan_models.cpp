// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/plan_models.h"

#include <numeric>

#include "gui/models/own_words.h"
#include "gui/models/record_columns.h"

namespace ifrit::gui::models {
namespace {

using Stage = Columns<PlannedStage>;
using Objection = Columns<PlanObjection>;
/// Under a plain name: lupdate takes Stage::Column for the class whose function it is.
using StageColumn = Stage::Column;

QString machinesByType(const PlannedStage& planned) {
    QStringList parts;
    for (const auto& [type, machines] : planned.stage.machines)
        parts << PlanStageModel::tr("%1 %2", "machines of a type")
                     .arg(grouped(machines), toText(type));
    return inARow(parts);
}

QString runningNow(const PlannedStage& planned) {
    QStringList parts;
    for (const auto& [version, machines] : planned.stage.fromVersions)
        parts << PlanStageModel::tr("%1 on %2", "a version on so many machines")
                     .arg(version.empty() ? PlanStageModel::tr("not installed") : toText(version),
                          grouped(machines));
    return inARow(parts);
}

/// A stage that the release passes by takes none; one without machines may soak all the same.
QString durationOf(const PlannedStage& planned) {
    if (planned.stage.expectedDuration.count() <= 0) return QStringLiteral("–");
    return TimeText::length(planned.stage.expectedDuration);
}

std::chrono::milliseconds lengthOf(const PlannedStage& planned) {
    return planned.stage.expectedDuration;
}

StageColumn durationColumn() {
    StageColumn out = Stage::text({"expected_ms", [] { return PlanStageModel::tr("Expected"); }},
                                  durationOf, CellStyle::Number);
    out.less = [](const auto& a, const auto& b) { return lengthOf(a) < lengthOf(b); };
    out.value = [](const auto& s) { return QVariant(static_cast<qlonglong>(lengthOf(s).count())); };
    return out;
}

QString shareOf(const PlannedStage& planned) {
    return percent(static_cast<double>(planned.machines()),
                   static_cast<double>(planned.machinesTotal));
}

StageColumn shareColumn() {
    StageColumn out = Stage::text({"share", [] { return PlanStageModel::tr("Share"); }}, shareOf,
                                  CellStyle::Number);
    out.less = [](const auto& a, const auto& b) { return a.machines() < b.machines(); };
    out.value = [](const auto& s) {
        return s.machinesTotal == 0 ? QVariant()
                                    : QVariant(100.0 * static_cast<double>(s.machines()) /
                                               static_cast<double>(s.machinesTotal));
    };
    return out;
}

std::vector<Stage::Column> stageColumns() {
    return {
        Stage::text({"stage", [] { return PlanStageModel::tr("Stage"); }},
                    [](const auto& s) { return StatusWords::nameOf(s.stage.kind, s.stage.batch); }),
        Stage::count({"machines", [] { return PlanStageModel::tr("Machines"); }},
                     [](const auto& s) { return static_cast<qint64>(s.machines()); }),
        shareColumn(),
        Stage::text({"by_type", [] { return PlanStageModel::tr("By type"); }}, machinesByType),
        Stage::text({"now", [] { return PlanStageModel::tr("Now"); }}, runningNow,
                    CellStyle::Muted),
        Stage::count({"changing", [] { return PlanStageModel::tr("Change"); }},
                     [](const auto& s) { return static_cast<qint64>(s.stage.changing); }),
        Stage::count({"silent", [] { return PlanStageModel::tr("Silent"); }},
                     [](const auto& s) { return static_cast<qint64>(s.stage.silent); }),
        Stage::size({"download_bytes", [] { return PlanStageModel::tr("Download"); }},
                    [](const auto& s) { return s.stage.bytes; }),
        durationColumn()};
}

}  // namespace

std::uint64_t PlannedStage::machines() const {
    return std::accumulate(stage.machines.begin(), stage.machines.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& type) { return sum + type.second; });
}

std::vector<PlannedStage> stagesOf(const services::ReleasePlan& plan) {
    std::vector<PlannedStage> out;
    for (const services::ReleasePlan::Stage& stage : plan.stages)
        out.push_back({stage, plan.machinesTotal});
    return out;
}

PlanStageModel::PlanStageModel(QObject* parent)
    : RecordTableModel(
          stageColumns(),
          [](const auto& s) { return StatusWords::nameOf(s.stage.kind, s.stage.batch); }, parent) {}

std::vector<PlanObjection> objectionsTo(const services::ReleasePlan& plan) {
    std::vector<PlanObjection> out;
    for (const std::string& conflict : plan.conflicts)
        out.push_back({PlanObjection::Kind::Conflict, {}, {}, conflict});
    for (const services::ReleasePlan::Refusal& refusal : plan.refusals)
        out.push_back(
            {PlanObjection::Kind::Refused, refusal.uuid, refusal.reason, refusal.message});
    return out;
}

PlanObjectionModel::PlanObjectionModel(QObject* parent)
    : RecordTableModel(
          {Objection::state(
               {"kind", [] { return tr("What"); }},
               [](const auto& o) {
                   return o.kind == PlanObjection::Kind::Conflict
                              ? StatusLook{StatusKind::Fail, tr("conflict")}
                              : StatusLook{StatusKind::Wait, tr("left out")};
               },
               [](const auto& o) {
                   return o.kind == PlanObjection::Kind::Conflict ? QStringLiteral("conflict")
                                                                  : QStringLiteral("refused");
               }),
           Objection::text(
               {"uuid", [] { return tr("Machine"); }},
               [](const auto& o) { return o.uuid.empty() ? QStringLiteral("–") : toText(o.uuid); },
               CellStyle::Monospace),
           Objection::text({"why", [] { return tr("Why"); }},
                           [](const auto& o) { return OwnWords::ofObjection(toText(o.message)); }),
           Objection::text(
               {"reason", [] { return tr("Reason"); }},
               [](const auto& o) { return toText(o.reason); }, CellStyle::MonospaceMuted)},
          [](const auto& o) { return toText(o.uuid) + QLatin1Char('/') + toText(o.message); },
          parent) {}

}  // namespace ifrit::gui::models
