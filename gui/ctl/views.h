// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "gui/ctl/printer.h"
#include "gui/services/audit.h"
#include "gui/services/connection.h"
#include "gui/services/fleet.h"
#include "gui/services/packages.h"
#include "gui/services/releases.h"
#include "shared/audit/kept_heads.h"

namespace ifrit::gui::ctl {

// The columns and the JSON of each kind of thing. The JSON names are documented in docs/cli.md and
// never change their meaning.

const View<services::ClusterSummary>& clusterView();
/// Its samples taken together.
const View<services::MasterLoad>& loadView();
const View<services::ManagedAgentInfo>& agentView();
const View<services::MachineInfo>& machineView();
/// The managed agents of one machine.
const View<domain::AgentReport>& agentReportView();
const View<domain::ExplainedEntry>& explainView();
const View<domain::MachineEvent>& eventView();
const View<services::LogTail>& logTailView();

const View<services::PackageInfo>& packageView();
/// In rows, where what halted it stands in for what it waits for.
const View<services::ReleaseInfo>& releaseView();
/// Of one by itself, which has both.
const View<services::ReleaseInfo>& releaseFactsView();
const View<services::StageProgress>& stageView();
const View<services::ReleasePlan>& planView();
const View<services::ReleasePlan::Stage>& planStageView();
const View<services::ReleaseMachine>& releaseMachineView();
const View<services::TimelineEntry>& timelineView();

const View<services::AuditRow>& auditView();
/// A walk of the audit's chain, and how the heads that are kept here agree with it.
struct AuditJudgement {
    services::AuditVerification verification;
    audit::HeadReport heads;
    /// Of an export, which brings no head that could be kept.
    struct OfFile {
        bool compared = false;   ///< a cluster is chosen, whose heads are looked at
        std::size_t beyond = 0;  ///< heads of later rows than the export has
    };
    std::optional<OfFile> file = std::nullopt;
};
const View<AuditJudgement>& auditJudgementView();
const View<audit::SignedHead>& signedHeadView();
const View<services::TestStepResult>& testStepView();

/// "frozen by ada since ...: why".
std::string freezeText(const services::ClusterFreeze& freeze);
/// "10.0.0.2:7443 does not answer, ..."; of a freeze that some masters have not confirmed.
std::string unconfirmedText(const std::vector<services::UnconfirmedMaster>& masters);
/// "gray", "batch 3".
std::string stageName(domain::StageKind kind, std::uint32_t batch);
/// "ok 12, failed 2"; "-" for none.
std::string outcomesText(const services::StageProgress& stage);
/// Why a gate halted it: what it counted then, beside which the stages' own counts have grown.
std::string haltText(const services::ReleaseInfo& info);

}  // namespace ifrit::gui::ctl
