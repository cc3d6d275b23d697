// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/package_models.h"

#include "gui/models/record_models.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using Spread = VersionSpreadModel::Column;
using Change = ManifestChangeModel::Column;
using Release = PackageReleaseModel::Column;

/// A count: shown in groups, sorted as a number.
Spread machines(ColumnTitle title, std::uint32_t VersionSpread::*member) {
    return {
        std::move(title),
        [member](const VersionSpread& row) { return grouped(row.*member); },
        CellStyle::Number,
        {},
        [member](const VersionSpread& a, const VersionSpread& b) { return a.*member < b.*member; }};
}

std::vector<Spread> spreadColumns() {
    return {
        {{"version", [] { return VersionSpreadModel::tr("Version"); }},
         [](const VersionSpread& row) { return toText(row.version); },
         CellStyle::Plain,
         {},
         [](const VersionSpread& a, const VersionSpread& b) {
             return filter::compareVersions(a.version, b.version) < 0;
         }},
        machines({"running", [] { return VersionSpreadModel::tr("Running"); }},
                 &VersionSpread::running),
        machines({"stay", [] { return VersionSpreadModel::tr("Stay"); }}, &VersionSpread::staying),
        machines({"to_come", [] { return VersionSpreadModel::tr("To come"); }},
                 &VersionSpread::coming)};
}

/// What of a file a change may have touched.
QString fileText(const domain::FileEntry& file) {
    if (file.kind == domain::FileEntry::Kind::Symlink)
        return QStringLiteral("→ ") + toText(file.linkTarget);
    constexpr int kOctal = 8;
    return QStringLiteral("%1 · %2 · %3")
        .arg(bytes(file.sizeBytes))
        .arg(file.mode, 4, kOctal, QLatin1Char('0'))
        .arg(shortDigest(file.sha256));
}

QString kindText(const ManifestChange& change) {
    switch (change.kind) {
        case ManifestChange::Kind::Added:
            return change.isFile() ? ManifestChangeModel::tr("file added")
                                   : ManifestChangeModel::tr("added");
        case ManifestChange::Kind::Removed:
            return change.isFile() ? ManifestChangeModel::tr("file removed")
                                   : ManifestChangeModel::tr("removed");
        case ManifestChange::Kind::Changed:
            break;
    }
    return change.isFile() ? ManifestChangeModel::tr("file changed")
                           : ManifestChangeModel::tr("changed");
}

QString sideText(const std::string& value, const std::optional<domain::FileEntry>& file) {
    return file ? fileText(*file) : toText(value);
}

std::vector<Change> changeColumns() {
    return {{{"change", [] { return ManifestChangeModel::tr("Change"); }},
             kindText,
             CellStyle::Plain,
             {},
             {}},
            {{"what", [] { return ManifestChangeModel::tr("What"); }},
             [](const ManifestChange& change) { return toText(change.what); },
             CellStyle::Monospace,
             {},
             {}},
            {{"before", [] { return ManifestChangeModel::tr("Before"); }},
             [](const ManifestChange& c) { return sideText(c.before, c.fileBefore); },
             CellStyle::MonospaceMuted,
             {},
             {}},
            {{"after", [] { return ManifestChangeModel::tr("After"); }},
             [](const ManifestChange& c) { return sideText(c.after, c.fileAfter); },
             CellStyle::Monospace,
             {},
             {}}};
}

/// A draft has not begun: when it was made.
base::WallTime whenOf(const services::ReleaseInfo& info) {
    return info.release.started.value_or(info.release.created);
}

std::vector<Release> releaseColumns(const TimeText& times) {
    return {{{"no", [] { return PackageReleaseModel::tr("No."); }},
             [](const auto& r) { return QString::number(r.release.number); },
             CellStyle::Number,
             {},
             [](const auto& a, const auto& b) { return a.release.number < b.release.number; }},
            {{"state", [] { return PackageReleaseModel::tr("State"); }},
             {},
             CellStyle::Plain,
             [](const auto& r) { return StatusWords::of(r.release.state); },
             {}},
            {{"types", [] { return PackageReleaseModel::tr("Types"); }},
             [](const auto& r) { return joined(r.release.spec.machineTypes); },
             CellStyle::Plain,
             {},
             {}},
            {{"when", [] { return PackageReleaseModel::tr("When"); }},
             [&times](const auto& r) { return times.at(whenOf(r)); },
             CellStyle::Muted,
             {},
             [](const auto& a, const auto& b) { return whenOf(a) < whenOf(b); }}};
}

}  // namespace

VersionSpreadModel::VersionSpreadModel(QObject* parent)
    : RecordTableModel(
          spreadColumns(), [](const VersionSpread& row) { return toText(row.version); }, parent) {}

ManifestChangeModel::ManifestChangeModel(QObject* parent)
    : RecordTableModel(
          changeColumns(),
          [](const ManifestChange& change) {
              return (change.isFile() ? QStringLiteral("file ") : QStringLiteral("field ")) +
                     toText(change.what);
          },
          parent) {}

PackageReleaseModel::PackageReleaseModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          releaseColumns(times), [](const auto& r) { return toText(r.release.id); }, parent) {
    connect(&times, &TimeText::changed, this, [this] { touchAll(); });
}

}  // namespace ifrit::gui::models
