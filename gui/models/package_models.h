// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/manifest_difference.h"
#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/models/version_spread.h"
#include "gui/services/releases.h"

namespace ifrit::gui::models {

// What is said of one package, as tables.

/// Where each version of its agent runs: the table form of the bars.
class VersionSpreadModel : public RecordTableModel<VersionSpread> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::VersionSpreadModel)
public:
    explicit VersionSpreadModel(QObject* parent = nullptr);
};

/// How it differs from the one before.
class ManifestChangeModel : public RecordTableModel<ManifestChange> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ManifestChangeModel)
public:
    explicit ManifestChangeModel(QObject* parent = nullptr);
};

/// Releases that used it. Keeps a reference to `times`, and repaints when the zone changes.
class PackageReleaseModel : public RecordTableModel<services::ReleaseInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::PackageReleaseModel)
public:
    explicit PackageReleaseModel(const TimeText& times, QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
