// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "gui/models/own_words.h"
#include "gui/models/record_models.h"

namespace ifrit::gui::models {
namespace {

template <typename Model>
void repaintWithZone(const TimeText& times, Model* model) {
    QObject::connect(&times, &TimeText::changed, model, [model] { model->touchAll(); });
}

qint64 outcomes(const services::StageProgress& stage, domain::Outcome outcome) {
    const auto found = stage.counts.outcomes.find(outcome);
    return found == stage.counts.outcomes.end() ? 0 : found->second;
}

qint64 bad(const services::ReleaseInfo& info) {
    return static_cast<qint64>(info.count(domain::Outcome::Failed) +
                               info.count(domain::Outcome::Reverted) +
                               info.count(domain::Outcome::Silent));
}

qint64 converged(const services::ReleaseInfo& info) {
    return static_cast<qint64>(info.count(domain::Outcome::Ok) +
                               info.count(domain::Outcome::Already));
}

qint64 good(const services::StageProgress& stage) {
    return outcomes(stage, domain::Outcome::Ok) + outcomes(stage, domain::Outcome::Already);
}

qint64 undone(const services::StageProgress& stage) {
    return outcomes(stage, domain::Outcome::Failed) + outcomes(stage, domain::Outcome::Reverted);
}

QString stageText(const services::ReleaseInfo& info) {
    const bool moves = !info.ended() && info.release.state != domain::ReleaseState::Draft;
    return moves ? StatusWords::nameOf(info.release.stage, info.batch) : QStringLiteral("–");
}

QString convergedText(const services::ReleaseInfo& info) {
    // Whom a draft reaches is known once it is planned.
    if (info.targeted() == 0) return QStringLiteral("–");
    return ReleaseModel::tr("%1 of %2")
        .arg(grouped(converged(info)), grouped(static_cast<qint64>(info.targeted())));
}

StatusLook machineLook(const services::ReleaseMachine& machine) {
    // Healthy with what it ran before is no outcome.
    const bool told = machine.outcome == domain::Outcome::Pending &&
                      machine.state != domain::MachineState::Unknown &&
                      machine.state != domain::MachineState::Healthy;
    return told ? StatusWords::of(machine.state) : StatusWords::of(machine.outcome);
}

/// Short-hand for the many plain columns.
template <typename T>
typename RecordTableModel<T>::Column column(ColumnTitle title,
                                            std::function<QString(const T&)> text,
                                            CellStyle style = CellStyle::Plain) {
    return {std::move(title), std::move(text), style, {}, {}};
}

template <typename T>
typename RecordTableModel<T>::Column state(ColumnTitle title,
                                           std::function<StatusLook(const T&)> look) {
    return {std::move(title), {}, CellStyle::Plain, std::move(look), {}};
}

const QString kArrow = QStringLiteral(" → ");

QString absentWord() {
    return QCoreApplication::translate("ifrit::gui::models", "absent");
}

/// Each once; `none` for a machine type that had nothing, empty: left out.
QStringList versionsBefore(const services::ReleaseInfo& info, const QString& none) {
    QStringList out;
    for (const auto& [type, version] : info.release.previousVersions) {
        const QString word = version.empty() ? none : toText(version);
        if (!word.isEmpty() && !out.contains(word)) out << word;
    }
    return out;
}

QString versionAfter(const services::ReleaseInfo& info) {
    const auto& spec = info.release.spec;
    return spec.action == domain::DesiredAction::Install ? toText(spec.version) : absentWord();
}

}  // namespace

QString versionsOf(const services::ReleaseInfo& info) {
    const QStringList before = versionsBefore(info, {});
    if (before.isEmpty()) return versionAfter(info);
    return before.join(QStringLiteral(", ")) + kArrow + versionAfter(info);
}

QString versionsBackOf(const services::ReleaseInfo& info) {
    // Where nothing was settled, the agent goes.
    const QStringList before = versionsBefore(info, absentWord());
    return versionAfter(info) + kArrow +
           (before.isEmpty() ? absentWord() : before.join(QStringLiteral(", ")));
}

namespace {

std::vector<RecordTableModel<services::ReleaseInfo>::Column> columnsOfReleaseModel(
    const TimeText& times) {
    return {
        {{"no", [] { return ReleaseModel::tr("No."); }},
         [](const auto& r) { return QString::number(r.release.number); },
         CellStyle::Number,
         {},
         [](const auto& a, const auto& b) { return a.release.number < b.release.number; }},
        state<services::ReleaseInfo>(
            {"state", [] { return ReleaseModel::tr("State"); }},
            [](const auto& r) { return StatusWords::of(r.release.state); }),
        column<services::ReleaseInfo>({"agent", [] { return ReleaseModel::tr("Agent"); }},
                                      [](const auto& r) { return toText(r.release.spec.agent); }),
        column<services::ReleaseInfo>({"version", [] { return ReleaseModel::tr("Version"); }},
                                      versionsOf),
        column<services::ReleaseInfo>(
            {"types", [] { return ReleaseModel::tr("Types"); }},
            [](const auto& r) { return joined(r.release.spec.machineTypes); }),
        column<services::ReleaseInfo>({"stage", [] { return ReleaseModel::tr("Stage"); }},
                                      stageText),
        column<services::ReleaseInfo>({"converged", [] { return ReleaseModel::tr("Converged"); }},
                                      convergedText, CellStyle::Number),
        column<services::ReleaseInfo>(
            {"failed", [] { return ReleaseModel::tr("Failed"); }},
            [](const auto& r) { return grouped(bad(r)); }, CellStyle::Number),
        column<services::ReleaseInfo>({"by", [] { return ReleaseModel::tr("By"); }},
                                      [](const auto& r) { return toText(r.release.createdBy); }),
        column<services::ReleaseInfo>(
            {"created", [] { return ReleaseModel::tr("Created"); }},
            [&times](const auto& r) { return times.at(r.release.created); }, CellStyle::Muted),
        column<services::ReleaseInfo>(
            {"reason", [] { return ReleaseModel::tr("Reason"); }},
            [](const auto& r) { return toText(r.release.reason); }, CellStyle::Muted)};
}

}  // namespace

ReleaseModel::ReleaseModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfReleaseModel(times), [](const auto& r) { return toText(r.release.id); },
          parent) {
    repaintWithZone(times, this);
}

namespace {

std::vector<RecordTableModel<services::StageProgress>::Column> columnsOfStageModel(
    const TimeText& times) {
    return {column<services::StageProgress>(
                {"stage", [] { return StageModel::tr("Stage"); }},
                [](const auto& s) { return StatusWords::nameOf(s.counts.kind, s.counts.batch); }),
            column<services::StageProgress>(
                {"machines", [] { return StageModel::tr("Machines"); }},
                [](const auto& s) { return grouped(s.counts.targeted); }, CellStyle::Number),
            column<services::StageProgress>(
                {"ok", [] { return StageModel::tr("Ok"); }},
                [](const auto& s) { return grouped(good(s)); }, CellStyle::Number),
            column<services::StageProgress>(
                {"in_flight", [] { return StageModel::tr("In flight"); }},
                [](const auto& s) { return grouped(s.inFlight); }, CellStyle::Number),
            column<services::StageProgress>(
                {"failed", [] { return StageModel::tr("Failed"); }},
                [](const auto& s) { return grouped(undone(s)); }, CellStyle::Number),
            column<services::StageProgress>(
                {"silent", [] { return StageModel::tr("Silent"); }},
                [](const auto& s) { return grouped(outcomes(s, domain::Outcome::Silent)); },
                CellStyle::Number),
            column<services::StageProgress>(
                {"offline", [] { return StageModel::tr("Offline"); }},
                [](const auto& s) { return grouped(s.counts.offline); }, CellStyle::Number),
            column<services::StageProgress>(
                {"opened", [] { return StageModel::tr("Opened"); }},
                [&times](const auto& s) { return times.at(s.counts.opened); }, CellStyle::Muted),
            column<services::StageProgress>(
                {"closed", [] { return StageModel::tr("Closed"); }},
                [&times](const auto& s) { return times.at(s.counts.closed); }, CellStyle::Muted)};
}

}  // namespace

StageModel::StageModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfStageModel(times),
          [](const auto& s) { return StatusWords::nameOf(s.counts.kind, s.counts.batch); },
          parent) {
    repaintWithZone(times, this);
}

namespace {

std::vector<RecordTableModel<services::ReleaseMachine>::Column> columnsOfReleaseMachineModel(
    const TimeText& times) {
    return {
        state<services::ReleaseMachine>(
            {"outcome", [] { return ReleaseMachineModel::tr("Outcome"); }}, machineLook),
        column<services::ReleaseMachine>(
            {"uuid", [] { return ReleaseMachineModel::tr("uuid"); }},
            [](const auto& m) { return toText(m.uuid); }, CellStyle::Monospace),
        column<services::ReleaseMachine>(
            {"stage", [] { return ReleaseMachineModel::tr("Stage"); }},
            [](const auto& m) { return StatusWords::nameOf(m.stage, m.batch); }),
        column<services::ReleaseMachine>({"from", [] { return ReleaseMachineModel::tr("From"); }},
                                         [](const auto& m) { return toText(m.fromVersion); }),
        column<services::ReleaseMachine>(
            {"running", [] { return ReleaseMachineModel::tr("Running"); }},
            [](const auto& m) { return toText(m.runningVersion); }),
        column<services::ReleaseMachine>(
            {"since", [] { return ReleaseMachineModel::tr("Since"); }},
            [&times](const auto& m) { return times.at(m.since); }, CellStyle::Muted),
        column<services::ReleaseMachine>(
            {"now", [] { return ReleaseMachineModel::tr("Now"); }},
            [](const auto& m) {
                return m.message.empty() ? OwnWords::ofStep(toText(m.step)) : toText(m.message);
            },
            CellStyle::Muted),
        column<services::ReleaseMachine>(
            {"reason", [] { return ReleaseMachineModel::tr("Reason"); }},
            [](const auto& m) { return toText(m.reason); }, CellStyle::Muted),
        column<services::ReleaseMachine>(
            {"deadline", [] { return ReleaseMachineModel::tr("Deadline"); }},
            [&times](const auto& m) { return times.at(m.deadline); }, CellStyle::Muted),
        column<services::ReleaseMachine>(
            {"late", [] { return ReleaseMachineModel::tr("Late"); }},
            [](const auto& m) { return m.late ? ReleaseMachineModel::tr("late") : QString(); })};
}

}  // namespace

ReleaseMachineModel::ReleaseMachineModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfReleaseMachineModel(times), [](const auto& m) { return toText(m.uuid); },
          parent) {
    repaintWithZone(times, this);
}

void FailureGroups::add(const services::ReleaseMachine& machine) {
    if (machine.outcome != domain::Outcome::Failed &&
        machine.outcome != domain::Outcome::Reverted &&
        machine.outcome != domain::Outcome::Silent) {
        return;
    }
    FailureGroup& group = m_groups[{machine.outcome, machine.reason}];
    if (group.machines == 0) {
        group.reason = toText(machine.reason);
        group.outcome = machine.outcome;
        group.message = toText(machine.message);
        group.example = toText(machine.uuid);
        group.first = machine.since.value_or(base::WallTime{});
    }
    ++group.machines;
    if (machine.since && *machine.since < group.first) {
        group.first = *machine.since;
        group.example = toText(machine.uuid);
    }
}

std::vector<FailureGroup> FailureGroups::sorted() const {
    std::vector<FailureGroup> out;
    for (const auto& [key, group] : m_groups)
        out.push_back(group);
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.machines > b.machines; });
    return out;
}

FailureModel::FailureModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {state<FailureGroup>({"outcome", [] { return tr("Outcome"); }},
                               [](const auto& g) { return StatusWords::of(g.outcome); }),
           column<FailureGroup>({"reason", [] { return tr("Reason"); }},
                                [](const auto& g) {
                                    return g.reason.isEmpty() ? tr("no reason reported") : g.reason;
                                }),
           column<FailureGroup>(
               {"machines", [] { return tr("Machines"); }},
               [](const auto& g) { return grouped(g.machines); }, CellStyle::Number),
           column<FailureGroup>({"first", [] { return tr("First"); }},
                                [&times](const auto& g) { return times.at(g.first); }),
           column<FailureGroup>(
               {"example", [] { return tr("Example"); }}, [](const auto& g) { return g.example; },
               CellStyle::Monospace),
           column<FailureGroup>(
               {"what_it_said", [] { return tr("What it said"); }},
               [](const auto& g) { return g.message; }, CellStyle::Muted)},
          [](const auto& g) { return StatusWords::of(g.outcome).word + g.reason; }, parent) {
    repaintWithZone(times, this);
}

TimelineModel::TimelineModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {column<services::TimelineEntry>(
               {"time", [] { return tr("Time"); }},
               [&times](const auto& e) { return times.at(e.at); }, CellStyle::Muted),
           column<services::TimelineEntry>(
               {"what", [] { return tr("What"); }},
               [](const auto& e) { return OwnWords::ofTimeline(toText(e.what)); }),
           column<services::TimelineEntry>({"who", [] { return tr("Who"); }},
                                           [](const auto& e) { return toText(e.actor); }),
           column<services::TimelineEntry>(
               {"message", [] { return tr("Message"); }},
               [](const auto& e) {
                   return OwnWords::ofProgress(OwnWords::ofTimeline(toText(e.message)));
               },
               CellStyle::Muted)},
          [](const auto& e) {
              return QString::number(base::toUnixMillis(e.at)) + toText(e.what) + toText(e.message);
          },
          parent) {
    repaintWithZone(times, this);
}

StatusLook AuditModel::lookOf(const services::AuditRow& row) {
    if (row.result == "allowed") return {StatusKind::Ok, tr("allowed")};
    if (row.result == "denied") return {StatusKind::Fail, tr("denied")};
    if (row.result == "failed") return {StatusKind::Wait, tr("failed")};
    return {StatusKind::None, toText(row.result)};
}

AuditModel::AuditModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {column<services::AuditRow>({"time", [] { return tr("Time"); }},
                                      [&times](const auto& r) { return times.full(r.at); }),
           state<services::AuditRow>({"result", [] { return tr("Result"); }}, lookOf),
           column<services::AuditRow>({"actor", [] { return tr("Actor"); }},
                                      [](const auto& r) { return toText(r.actor); }),
           column<services::AuditRow>({"verb", [] { return tr("Verb"); }},
                                      [](const auto& r) { return toText(r.verb); }),
           column<services::AuditRow>(
               {"object", [] { return tr("Object"); }},
               [](const auto& r) { return toText(r.object); }, CellStyle::Monospace),
           column<services::AuditRow>(
               {"via", [] { return tr("Via"); }},
               [](const auto& r) { return StatusWords::methodName(r.via); }, CellStyle::Muted),
           column<services::AuditRow>(
               {"address", [] { return tr("Address"); }},
               [](const auto& r) { return toText(r.address); }, CellStyle::MonospaceMuted),
           column<services::AuditRow>(
               {"reason", [] { return tr("Reason"); }},
               [](const auto& r) { return toText(r.reason); }, CellStyle::Muted),
           column<services::AuditRow>(
               {"error", [] { return tr("Error"); }}, [](const auto& r) { return toText(r.error); },
               CellStyle::Muted),
           column<services::AuditRow>(
               {"row", [] { return tr("Row"); }},
               [](const auto& r) { return QString::number(r.id); }, CellStyle::Number),
           column<services::AuditRow>({"cluster", [] { return tr("Cluster"); }},
                                      [](const auto& r) { return toText(r.cluster); }),
           column<services::AuditRow>(
               {"before", [] { return tr("Before"); }},
               [](const auto& r) { return toText(r.before); }, CellStyle::MonospaceMuted),
           column<services::AuditRow>(
               {"after", [] { return tr("After"); }}, [](const auto& r) { return toText(r.after); },
               CellStyle::MonospaceMuted),
           column<services::AuditRow>(
               {"request_id", [] { return tr("Request"); }},
               [](const auto& r) { return toText(r.requestId); }, CellStyle::MonospaceMuted)},
          [](const auto& r) { return QString::number(r.id); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
