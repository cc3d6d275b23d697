// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "gui/models/own_words.h"
#include "gui/models/record_columns.h"
#include "gui/models/record_models.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::models {
namespace {

using Release = Columns<services::ReleaseInfo>;
using Stage = Columns<services::StageProgress>;
using Machine = Columns<services::ReleaseMachine>;
using Entry = Columns<services::TimelineEntry>;
using Audit = Columns<services::AuditRow>;

template <typename Enum>
QString plainName(Enum value) {
    return toText(domain::nameOf(value));
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

QString machineName(const services::ReleaseMachine& machine) {
    return plainName(machine.outcome);
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

QString versionsBackOf(const services::ReleaseInfo& info,
                       const std::optional<std::set<std::string>>& ran) {
    // Where nothing was settled, the agent goes.
    const QStringList before = versionsBefore(info, absentWord());
    const QString back = versionAfter(info) + kArrow +
                         (before.isEmpty() ? absentWord() : before.join(QStringLiteral(", ")));
    QStringList left;
    bool isKnown = ran.has_value();
    for (const std::string& version : ran.value_or(std::set<std::string>())) {
        const auto& settled = info.release.previousVersions;
        if (std::any_of(settled.begin(), settled.end(),
                        [&version](const auto& one) { return one.second == version; }))
            continue;
        // One without the agent may be new, or left so.
        isKnown = isKnown && !version.empty();
        left << toText(version);
    }
    if (!isKnown) {
        return QCoreApplication::translate("ifrit::gui::models",
                                           "%1, or what an aborted release had left on a machine")
            .arg(back);
    }
    if (left.isEmpty()) return back;
    return QCoreApplication::translate("ifrit::gui::models",
                                       "%1, or %2 where an aborted release had left that")
        .arg(back, left.join(QStringLiteral(", ")));
}

namespace {

std::vector<Release::Column> columnsOfReleaseModel(const TimeText& times) {
    // Sorted and written by how many are done.
    Release::Column done =
        Release::count({"converged", [] { return ReleaseModel::tr("Converged"); }}, converged);
    done.text = convergedText;
    return {Release::ordinal({"no", [] { return ReleaseModel::tr("No."); }},
                             [](const auto& r) { return r.release.number; }),
            Release::state(
                {"state", [] { return ReleaseModel::tr("State"); }},
                [](const auto& r) { return StatusWords::of(r.release); },
                [](const auto& r) { return plainName(r.release.state); }),
            Release::text({"agent", [] { return ReleaseModel::tr("Agent"); }},
                          [](const auto& r) { return toText(r.release.spec.agent); }),
            Release::text({"version", [] { return ReleaseModel::tr("Version"); }}, versionsOf),
            Release::text({"types", [] { return ReleaseModel::tr("Types"); }},
                          [](const auto& r) { return joined(r.release.spec.machineTypes); }),
            Release::text({"stage", [] { return ReleaseModel::tr("Stage"); }}, stageText),
            std::move(done),
            Release::count({"bad", [] { return ReleaseModel::tr("Bad"); }}, bad),
            Release::text({"by", [] { return ReleaseModel::tr("By"); }},
                          [](const auto& r) { return toText(r.release.createdBy); }),
            Release::time({"created", [] { return ReleaseModel::tr("Created"); }}, times,
                          [](const auto& r) { return r.release.created; }),
            Release::text(
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

/// Of the machines of the stage.
Stage::Column ended(ColumnTitle title, domain::Outcome outcome) {
    return Stage::count(std::move(title),
                        [outcome](const auto& stage) { return outcomes(stage, outcome); });
}

std::vector<Stage::Column> columnsOfStageModel(const TimeText& times) {
    return {
        Stage::text(
            {"stage", [] { return StageModel::tr("Stage"); }},
            [](const auto& s) { return StatusWords::nameOf(s.counts.kind, s.counts.batch); }),
        Stage::count({"machines", [] { return StageModel::tr("Machines"); }},
                     [](const auto& s) { return s.counts.targeted; }),
        Stage::count({"ok", [] { return StageModel::tr("Ok"); }}, good),
        Stage::count({"in_flight", [] { return StageModel::tr("In flight"); }},
                     [](const auto& s) { return s.inFlight; }),
        ended({"failed", [] { return StageModel::tr("Failed"); }}, domain::Outcome::Failed),
        ended({"reverted", [] { return StageModel::tr("Reverted"); }}, domain::Outcome::Reverted),
        ended({"silent", [] { return StageModel::tr("Silent"); }}, domain::Outcome::Silent),
        Stage::count({"offline", [] { return StageModel::tr("Offline"); }},
                     [](const auto& s) { return s.counts.offline; }),
        Stage::time({"opened", [] { return StageModel::tr("Opened"); }}, times,
                    [](const auto& s) { return s.counts.opened; }),
        Stage::time({"closed", [] { return StageModel::tr("Closed"); }}, times,
                    [](const auto& s) { return s.counts.closed; })};
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

std::vector<Machine::Column> columnsOfReleaseMachineModel(const TimeText& times) {
    return {
        Machine::state({"outcome", [] { return ReleaseMachineModel::tr("Outcome"); }}, machineLook,
                       machineName),
        Machine::text(
            {"uuid", [] { return ReleaseMachineModel::tr("uuid"); }},
            [](const auto& m) { return toText(m.uuid); }, CellStyle::Monospace),
        Machine::text({"stage", [] { return ReleaseMachineModel::tr("Stage"); }},
                      [](const auto& m) { return StatusWords::nameOf(m.stage, m.batch); }),
        Machine::text({"from", [] { return ReleaseMachineModel::tr("From"); }},
                      [](const auto& m) { return toText(m.fromVersion); }),
        Machine::text({"running", [] { return ReleaseMachineModel::tr("Running"); }},
                      [](const auto& m) { return toText(m.runningVersion); }),
        Machine::time({"since", [] { return ReleaseMachineModel::tr("Since"); }}, times,
                      [](const auto& m) { return m.since; }),
        Machine::text(
            {"now", [] { return ReleaseMachineModel::tr("Now"); }},
            [](const auto& m) {
                return m.message.empty() ? OwnWords::ofStep(toText(m.step))
                                         : OwnWords::ofFailure(toText(m.message));
            },
            CellStyle::Muted),
        Machine::text(
            {"reason", [] { return ReleaseMachineModel::tr("Reason"); }},
            [](const auto& m) { return toText(m.reason); }, CellStyle::Muted),
        Machine::time({"deadline", [] { return ReleaseMachineModel::tr("Deadline"); }}, times,
                      [](const auto& m) { return m.deadline; }),
        Machine::text({"late", [] { return ReleaseMachineModel::tr("Late"); }}, [](const auto& m) {
            return m.late ? ReleaseMachineModel::tr("late") : QString();
        })};
}

}  // namespace

ReleaseMachineModel::ReleaseMachineModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          columnsOfReleaseMachineModel(times), [](const auto& m) { return toText(m.uuid); },
          parent) {
    repaintWithZone(times, this);
}

TimelineModel::TimelineModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Entry::time({"time", [] { return tr("Time"); }}, times,
                       [](const auto& e) { return e.at; }),
           Entry::text({"what", [] { return tr("What"); }},
                       [](const auto& e) { return OwnWords::ofTimeline(toText(e.what)); }),
           Entry::text({"who", [] { return tr("Who"); }},
                       [](const auto& e) { return toText(e.actor); }),
           Entry::text(
               {"message", [] { return tr("Message"); }},
               [](const auto& e) {
                   return OwnWords::ofReason(
                       OwnWords::ofProgress(OwnWords::ofTimeline(toText(e.message))));
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
    if (row.result == "failed") return {StatusKind::Fail, tr("failed")};
    return {StatusKind::None, toText(row.result)};
}

namespace {

/// A field that is text, as it is.
Audit::Column field(ColumnTitle title, std::string services::AuditRow::*member, CellStyle style) {
    return Audit::text(
        std::move(title), [member](const auto& row) { return toText(row.*member); }, style);
}

std::vector<Audit::Column> columnsOfAuditModel(
    const TimeText& times, std::function<QString(const std::string&)> objectName) {
    using Row = services::AuditRow;
    Audit::Column reason =
        field({"reason", [] { return AuditModel::tr("Reason"); }}, &Row::reason, CellStyle::Muted);
    reason.value = reason.text;
    reason.text = [](const Row& r) { return OwnWords::ofReason(toText(r.reason)); };
    Audit::Column error =
        field({"error", [] { return AuditModel::tr("Error"); }}, &Row::error, CellStyle::Muted);
    error.value = error.text;
    error.text = [](const Row& r) { return OwnWords::ofDenial(toText(r.error)); };
    Audit::Column object = field({"object", [] { return AuditModel::tr("Object"); }}, &Row::object,
                                 CellStyle::Monospace);
    if (objectName) {
        object.value = object.text;
        object.text = [objectName = std::move(objectName)](const Row& r) {
            const QString name = objectName(r.object);
            return name.isEmpty() ? toText(r.object) : name;
        };
    }
    return {Audit::time(
                {"time", [] { return AuditModel::tr("Time"); }}, times,
                [](const Row& r) { return r.at; }, CellStyle::Plain),
            Audit::state({"result", [] { return AuditModel::tr("Result"); }}, AuditModel::lookOf,
                         [](const Row& r) { return toText(r.result); }),
            field({"actor", [] { return AuditModel::tr("Actor"); }}, &Row::actor, CellStyle::Plain),
            field({"verb", [] { return AuditModel::tr("Verb"); }}, &Row::verb, CellStyle::Plain),
            std::move(object),
            Audit::text(
                {"via", [] { return AuditModel::tr("Via"); }},
                [](const Row& r) { return StatusWords::methodName(r.via); }, CellStyle::Muted),
            field({"address", [] { return AuditModel::tr("Address"); }}, &Row::address,
                  CellStyle::MonospaceMuted),
            std::move(reason),
            std::move(error),
            Audit::ordinal({"row", [] { return AuditModel::tr("Row"); }},
                           [](const Row& r) { return static_cast<std::uint64_t>(r.id); }),
            field({"cluster", [] { return AuditModel::tr("Cluster"); }}, &Row::cluster,
                  CellStyle::Plain),
            field({"before", [] { return AuditModel::tr("Before"); }}, &Row::before,
                  CellStyle::MonospaceMuted),
            field({"after", [] { return AuditModel::tr("After"); }}, &Row::after,
                  CellStyle::MonospaceMuted),
            field({"request_id", [] { return AuditModel::tr("Request ID"); }}, &Row::requestId,
                  CellStyle::MonospaceMuted)};
}

}  // namespace

AuditModel::AuditModel(const TimeText& times, QObject* parent,
                       std::function<QString(const std::string&)> objectName)
    : RecordTableModel(
          columnsOfAuditModel(times, std::move(objectName)),
          [](const auto& r) { return QString::number(r.id); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
