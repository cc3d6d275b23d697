// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/own_words.h"
#include "gui/models/record_models.h"

namespace ifrit::gui::models {
namespace {

template <typename Model>
void repaintWithZone(const TimeText& times, Model* model) {
    QObject::connect(&times, &TimeText::changed, model, [model] { model->touchAll(); });
}

QString levelText(const domain::DesiredEntry& entry) {
    return StatusWords::nameOf(entry.level);
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
          {{{"agent", [] { return tr("Agent"); }},
            [](const auto& p) { return toText(p.agent); },
            {},
            {},
            {}},
           {{"version", [] { return tr("Version"); }},
            [](const auto& p) { return toText(p.version); },
            {},
            {},
            {}},
           {{"types", [] { return tr("Types"); }},
            [](const auto& p) { return joined(p.machineTypes); },
            {},
            {},
            {}},
           {{"running_on", [] { return tr("Running on"); }},
            [](const auto& p) { return grouped(static_cast<qint64>(p.runningOn)); },
            CellStyle::Number,
            {},
            [](const auto& a, const auto& b) { return a.runningOn < b.runningOn; }},
           {{"size", [] { return tr("Size"); }},
            [](const auto& p) { return bytes(p.archiveSizeBytes); },
            CellStyle::Number,
            {},
            [](const auto& a, const auto& b) { return a.archiveSizeBytes < b.archiveSizeBytes; }},
           {{"digest", [] { return tr("Digest"); }},
            [](const auto& p) { return shortDigest(p.manifestDigest); },
            CellStyle::Monospace,
            {},
            {}},
           {{"signed_by", [] { return tr("Signed by"); }},
            [](const auto& p) { return shortDigest(p.keyId); },
            CellStyle::MonospaceMuted,
            {},
            {}},
           {{"published", [] { return tr("Published"); }},
            [&times](const auto& p) { return times.at(p.published); },
            CellStyle::Muted,
            {},
            [](const auto& a, const auto& b) { return a.published < b.published; }},
           {{"by", [] { return tr("By"); }},
            [](const auto& p) { return toText(p.publishedBy); },
            CellStyle::Muted,
            {},
            {}}},
          [](const auto& p) { return toText(p.manifestDigest); }, parent) {
    repaintWithZone(times, this);
}

ExplainModel::ExplainModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"agent", [] { return tr("Agent"); }},
            [](const auto& e) { return toText(e.entry.agent); },
            {},
            {},
            {}},
           {{"level", [] { return tr("Level"); }},
            [](const auto& e) { return levelText(e.entry); },
            {},
            {},
            {}},
           {{"version", [] { return tr("Version"); }},
            [](const auto& e) { return actionText(e.entry); },
            {},
            {},
            {}},
           {{"why", [] { return tr("Why"); }},
            {},
            {},
            [](const domain::ExplainedEntry& e) -> StatusLook {
                switch (e.verdict) {
                    case domain::Verdict::Chosen:
                        return {StatusKind::Ok, tr("chosen")};
                    case domain::Verdict::OlderTimestamp:
                        return {StatusKind::None, tr("older")};
                    case domain::Verdict::LowerLevel:
                        return {StatusKind::None, tr("lower level")};
                }
                return {StatusKind::None, tr("unknown")};
            },
            {}},
           {{"since", [] { return tr("Since"); }},
            [&times](const auto& e) { return times.at(e.entry.timestamp); },
            {},
            {},
            {}},
           {{"key", [] { return tr("Key"); }},
            [](const auto& e) { return toText(e.entry.source); },
            CellStyle::MonospaceMuted,
            {},
            {}}},
          [](const auto& e) {
              return toText(e.entry.agent) + QLatin1Char('/') + toText(e.entry.source) +
                     toText(e.entry.releaseId);
          },
          parent) {
    repaintWithZone(times, this);
}

MachineEventModel::MachineEventModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"time", [] { return tr("Time"); }},
            [&times](const auto& e) { return times.at(e.at); },
            CellStyle::Muted,
            {},
            {}},
           {{"what", [] { return tr("What"); }},
            [](const auto& e) { return OwnWords::ofEvent(toText(e.kind)); },
            {},
            {},
            {}},
           {{"agent", [] { return tr("Agent"); }},
            [](const auto& e) { return toText(e.agent) + QLatin1Char(' ') + toText(e.version); },
            {},
            {},
            {}},
           {{"message", [] { return tr("Message"); }},
            [](const auto& e) { return toText(e.message); },
            CellStyle::Muted,
            {},
            {}}},
          [](const auto& e) {
              return QString::number(base::toUnixMillis(e.at)) + toText(e.kind) + toText(e.agent) +
                     toText(e.message);
          },
          parent) {
    repaintWithZone(times, this);
}

AgentReportModel::AgentReportModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"state", [] { return tr("State"); }},
            {},
            {},
            [](const domain::AgentReport& r) { return StatusWords::of(r.state); },
            {}},
           {{"agent", [] { return tr("Agent"); }},
            [](const auto& r) { return toText(r.agent); },
            {},
            {},
            {}},
           {{"running", [] { return tr("Running"); }},
            [](const auto& r) {
                return r.runningVersion.empty() ? QStringLiteral("–") : toText(r.runningVersion);
            },
            {},
            {},
            {}},
           {{"desired", [] { return tr("Desired"); }},
            [](const auto& r) {
                return r.desiredVersion.empty() ? QStringLiteral("–") : toText(r.desiredVersion);
            },
            {},
            {},
            {}},
           {{"files", [] { return tr("Files"); }},
            {},
            {},
            [](const domain::AgentReport& r) { return StatusWords::of(r.integrity); },
            {}},
           {{"since", [] { return tr("Since"); }},
            [&times](const auto& r) { return times.at(r.since); },
            CellStyle::Muted,
            {},
            {}},
           {{"restarts", [] { return tr("Restarts"); }},
            [](const auto& r) { return QString::number(r.restarts); },
            CellStyle::Number,
            {},
            {}}},
          [](const auto& r) { return toText(r.agent); }, parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
