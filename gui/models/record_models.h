// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/services/audit.h"
#include "gui/services/fleet.h"
#include "gui/services/packages.h"
#include "gui/services/releases.h"

namespace ifrit::gui::models {

// The lists of the desktop as tables. Each keeps a reference to `times`, and repaints when the zone
// changes.

class PackageModel : public RecordTableModel<services::PackageInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::PackageModel)
public:
    explicit PackageModel(const TimeText& times, QObject* parent = nullptr);
};

class ReleaseModel : public RecordTableModel<services::ReleaseInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ReleaseModel)
public:
    explicit ReleaseModel(const TimeText& times, QObject* parent = nullptr);
};

/// The stages of one release in words and figures: the table form of the lanes.
class StageModel : public RecordTableModel<services::StageProgress> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::StageModel)
public:
    explicit StageModel(const TimeText& times, QObject* parent = nullptr);
};

class ReleaseMachineModel : public RecordTableModel<services::ReleaseMachine> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ReleaseMachineModel)
public:
    explicit ReleaseMachineModel(const TimeText& times, QObject* parent = nullptr);
};

class TimelineModel : public RecordTableModel<services::TimelineEntry> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::TimelineModel)
public:
    explicit TimelineModel(const TimeText& times, QObject* parent = nullptr);
};

class AuditModel : public RecordTableModel<services::AuditRow> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::AuditModel)
public:
    /// `objectName`: how an object is shown that has a better name than its id; empty: none has.
    explicit AuditModel(const TimeText& times, QObject* parent = nullptr,
                        std::function<QString(const std::string&)> objectName = {});
    static StatusLook lookOf(const services::AuditRow& row);
};

class ExplainModel : public RecordTableModel<domain::ExplainedEntry> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ExplainModel)
public:
    explicit ExplainModel(const TimeText& times, QObject* parent = nullptr);
};

class MachineEventModel : public RecordTableModel<domain::MachineEvent> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::MachineEventModel)
public:
    explicit MachineEventModel(const TimeText& times, QObject* parent = nullptr);
};

class AgentReportModel : public RecordTableModel<domain::AgentReport> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::AgentReportModel)
public:
    explicit AgentReportModel(const TimeText& times, QObject* parent = nullptr);
};

/// "1.5.0 → 1.6.1", "1.6.1", or "absent".
QString versionsOf(const services::ReleaseInfo& info);
/// The same for its rollback: from its version to what its machines go back to. That is what is
/// settled, but for those that an aborted release had left on a version of its own. `ran`: what
/// they ran before, "" where nothing; unset: not known of all of them, and said so.
QString versionsBackOf(const services::ReleaseInfo& info,
                       const std::optional<std::set<std::string>>& ran = std::nullopt);
QString joined(const std::vector<std::string>& texts);

}  // namespace ifrit::gui::models
