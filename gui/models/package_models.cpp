// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/package_models.h"

#include "gui/models/record_columns.h"
#include "gui/models/record_models.h"
#include "shared/domain/enum_names.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using Spread = Columns<VersionSpread>;
using Change = Columns<ManifestChange>;
using Release = Columns<services::ReleaseInfo>;

Spread::Column machines(ColumnTitle title, std::uint32_t VersionSpread::*member) {
    return Spread::count(std::move(title), [member](const auto& row) { return row.*member; });
}

std::vector<Spread::Column> spreadColumns() {
    Spread::Column version =
        Spread::text({"version", [] { return VersionSpreadModel::tr("Version"); }},
                     [](const auto& row) { return toText(row.version); });
    version.less = [](const auto& a, const auto& b) {
        return filter::compareVersions(a.version, b.version) < 0;
    };
    return {
        std::move(version),
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

std::vector<Change::Column> changeColumns() {
    return {
        Change::text({"change", [] { return ManifestChangeModel::tr("Change"); }}, kindText),
        Change::text(
            {"what", [] { return ManifestChangeModel::tr("What"); }},
            [](const auto& change) { return toText(change.what); }, CellStyle::Monospace),
        Change::text(
            {"before", [] { return ManifestChangeModel::tr("Before"); }},
            [](const auto& c) { return sideText(c.before, c.fileBefore); },
            CellStyle::MonospaceMuted),
        Change::text(
            {"after", [] { return ManifestChangeModel::tr("After"); }},
            [](const auto& c) { return sideText(c.after, c.fileAfter); }, CellStyle::Monospace)};
}

/// A draft has not begun: when it was made.
base::WallTime whenOf(const services::ReleaseInfo& info) {
    return info.release.started.value_or(info.release.created);
}

std::vector<Release::Column> releaseColumns(const TimeText& times) {
    return {Release::ordinal({"no", [] { return PackageReleaseModel::tr("No."); }},
                             [](const auto& r) { return r.release.number; }),
            Release::state(
                {"state", [] { return PackageReleaseModel::tr("State"); }},
                [](const auto& r) { return StatusWords::of(r.release); },
                [](const auto& r) { return toText(domain::nameOf(r.release.state)); }),
            Release::text({"types", [] { return PackageReleaseModel::tr("Types"); }},
                          [](const auto& r) { return joined(r.release.spec.machineTypes); }),
            Release::time({"when", [] { return PackageReleaseModel::tr("When"); }}, times, whenOf)};
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
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
