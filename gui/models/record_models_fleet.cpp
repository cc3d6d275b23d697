// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/own_words.h"
#include "gui/models/record_columns.h"
#include "gui/models/record_models.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::models {
namespace {

using Package = Columns<services::PackageInfo>;
using Explained = Columns<domain::ExplainedEntry>;
using Event = Columns<domain::MachineEvent>;
using Report = Columns<domain::AgentReport>;

QString levelText(const domain::DesiredEntry& entry) {
    return StatusWords::nameOf(entry.level);
}

StatusLook lookOf(domain::Verdict verdict) {
    switch (verdict) {
        case domain::Verdict::Chosen:
            return {StatusKind::Ok, ExplainModel::tr("chosen")};
        case domain::Verdict::OlderTimestamp:
            return {StatusKind::None, ExplainModel::tr("older")};
        case domain::Verdict::LowerLevel:
            return {StatusKind::None, ExplainModel::tr("lower level")};
    }
    return {StatusKind::None, ExplainModel::tr("unknown")};
}

QString orDash(const std::string& version) {
    return version.empty() ? QStringLiteral("–") : toText(version);
}

QString actionText(const domain::DesiredEntry& entry) {
    return entry.version.empty() ? StatusWords::nameOf(entry.action) : toText(entry.version);
}

}  // namespace

QString joined(const std::vector<std::string>& texts) {
    QStringList out;
    for (const std::string& text : texts)
        out << toText(text);
    return out.join(QStringLiteral(", "));
}

PackageModel::PackageModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Package::text({"agent", [] { return tr("Agent"); }},
                         [](const auto& p) { return toText(p.agent); }),
           Package::text({"version", [] { return tr("Version"); }},
                         [](const auto& p) { return toText(p.version); }),
           Package::text({"types", [] { return tr("Types"); }},
                         [](const auto& p) { return joined(p.machineTypes); }),
           Package::count({"running_on", [] { return tr("Running on"); }},
                          [](const auto& p) { return static_cast<qint64>(p.runningOn); }),
           Package::size({"size", [] { return tr("Size"); }},
                         [](const auto& p) { return p.archiveSizeBytes; }),
           Package::digest({"digest", [] { return tr("Digest"); }},
                           [](const auto& p) { return p.manifestDigest; }),
           Package::digest(
               {"signed_by", [] { return tr("Signed by"); }}, [](const auto& p) { return p.keyId; },
               CellStyle::MonospaceMuted),
           Package::time({"published", [] { return tr("Published"); }}, times,
                         [](const auto& p) { return p.published; }),
           Package::text(
               {"by", [] { return tr("By"); }}, [](const auto& p) { return toText(p.publishedBy); },
               CellStyle::Muted)},
          [](const auto& p) { return toText(p.manifestDigest); }, parent) {
    repaintWithZone(times, this);
}

ExplainModel::ExplainModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Explained::text({"agent", [] { return tr("Agent"); }},
                           [](const auto& e) { return toText(e.entry.agent); }),
           Explained::text({"level", [] { return tr("Level"); }},
                           [](const auto& e) { return levelText(e.entry); }),
           Explained::text({"version", [] { return tr("Version"); }},
                           [](const auto& e) { return actionText(e.entry); }),
           Explained::state(
               {"why", [] { return tr("Why"); }}, [](const auto& e) { return lookOf(e.verdict); },
               [](const auto& e) { return toText(domain::nameOf(e.verdict)); }),
           Explained::time(
               {"since", [] { return tr("Since"); }}, times,
               [](const auto& e) { return e.entry.timestamp; }, CellStyle::Plain),
           Explained::text(
               {"key", [] { return tr("Key"); }},
               [](const auto& e) { return toText(e.entry.source); }, CellStyle::MonospaceMuted)},
          [](const auto& e) {
              return toText(e.entry.agent) + QLatin1Char('/') + toText(e.entry.source) +
                     toText(e.entry.releaseId);
          },
          parent) {
    repaintWithZone(times, this);
}

MachineEventModel::MachineEventModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Event::time({"time", [] { return tr("Time"); }}, times,
                       [](const auto& e) { return e.at; }),
           Event::text({"what", [] { return tr("What"); }},
                       [](const auto& e) { return OwnWords::ofEvent(toText(e.kind)); }),
           Event::text({"agent", [] { return tr("Agent"); }},
                       [](const auto& e) { return toText(e.agent); }),
           Event::text({"version", [] { return tr("Version"); }},
                       [](const auto& e) { return toText(e.version); }),
           Event::text(
               {"message", [] { return tr("Message"); }},
               [](const auto& e) { return OwnWords::ofEventText(toText(e.message)); },
               CellStyle::Muted)},
          [](const auto& e) {
              return QString::number(base::toUnixMillis(e.at)) + toText(e.kind) + toText(e.agent) +
                     toText(e.message);
          },
          parent) {
    repaintWithZone(times, this);
}

AgentReportModel::AgentReportModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Report::state(
               {"state", [] { return tr("State"); }},
               [](const auto& r) { return StatusWords::of(r.state); },
               [](const auto& r) { return toText(domain::nameOf(r.state)); }),
           Report::text({"agent", [] { return tr("Agent"); }},
                        [](const auto& r) { return toText(r.agent); }),
           Report::text({"running", [] { return tr("Running"); }},
                        [](const auto& r) { return orDash(r.runningVersion); }),
           Report::text({"desired", [] { return tr("Desired"); }},
                        [](const auto& r) { return orDash(r.desiredVersion); }),
           Report::state(
               {"files", [] { return tr("Files"); }},
               [](const auto& r) { return StatusWords::of(r.integrity); },
               [](const auto& r) { return toText(domain::nameOf(r.integrity)); }),
           Report::time({"since", [] { return tr("Since"); }}, times,
                        [](const auto& r) { return r.since; }),
           Report::count({"restarts", [] { return tr("Restarts"); }},
                         [](const auto& r) { return r.restarts; })},
          [](const auto& r) { return toText(r.agent); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
