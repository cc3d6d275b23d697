// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gui/models/record_table_model.h"
#include "gui/services/releases.h"

namespace ifrit::gui::models {

/// A stage of a plan, beside the plan's machines in all: what its share is of.
struct PlannedStage {
    services::ReleasePlan::Stage stage;
    std::uint64_t machinesTotal = 0;  ///< of the plan
    std::uint64_t machines() const;   ///< of the stage
};
std::vector<PlannedStage> stagesOf(const services::ReleasePlan& plan);

/// The stages of the master's plan in their order. One that the release passes by takes no time.
class PlanStageModel : public RecordTableModel<PlannedStage> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::PlanStageModel)
public:
    explicit PlanStageModel(QObject* parent = nullptr);
};

/// What stands against a plan: why start would be refused, or a machine that is left out.
struct PlanObjection {
    enum class Kind { Conflict, Refused };
    Kind kind = Kind::Conflict;
    std::string uuid;     ///< empty for a conflict
    std::string reason;   ///< the master's name of it; empty for a conflict
    std::string message;  ///< a sentence
};
/// Conflicts first, then the refusals that the plan names.
std::vector<PlanObjection> objectionsTo(const services::ReleasePlan& plan);

class PlanObjectionModel : public RecordTableModel<PlanObjection> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::PlanObjectionModel)
public:
    explicit PlanObjectionModel(QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
