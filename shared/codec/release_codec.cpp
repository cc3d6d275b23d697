// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/release_codec.h"

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::codec {

v1::StageProgress toWire(const domain::StageCounts& counts) {
    v1::StageProgress out;
    out.set_kind(toWire(counts.kind));
    out.set_batch(counts.batch);
    out.set_targeted(counts.targeted);
    for (const auto& [outcome, count] : counts.outcomes) {
        (*out.mutable_outcomes())[toWire(outcome)] = count;
    }
    out.set_offline(counts.offline);
    out.set_in_flight(counts.inFlight);
    out.set_opened_ms(timeToWire(counts.opened));
    out.set_closed_ms(timeToWire(counts.closed));
    out.set_soak_until_ms(timeToWire(counts.soakUntil));
    for (const auto& [kind, count] : counts.bad)
        (*out.mutable_bad())[toWire(kind)] = count;
    return out;
}

absl::StatusOr<domain::StageCounts> fromWire(const v1::StageProgress& progress) {
    domain::StageCounts out;
    IFRIT_ASSIGN_OR_RETURN(out.kind, fromWire(progress.kind()));
    out.batch = progress.batch();
    out.targeted = progress.targeted();
    for (const auto& [number, count] : progress.outcomes()) {
        IFRIT_ASSIGN_OR_RETURN(domain::Outcome outcome, fromWire(static_cast<v1::Outcome>(number)));
        out.outcomes[outcome] = count;
    }
    out.offline = progress.offline();
    out.inFlight = progress.in_flight();
    out.opened = timeFromWire(progress.opened_ms());
    out.closed = timeFromWire(progress.closed_ms());
    out.soakUntil = timeFromWire(progress.soak_until_ms());
    for (const auto& [number, count] : progress.bad()) {
        IFRIT_ASSIGN_OR_RETURN(const domain::GateKind kind,
                               fromWire(static_cast<v1::GateKind>(number)));
        out.bad[kind] = count;
    }
    return out;
}

v1::Approval toWire(const domain::Approval& approval) {
    v1::Approval out;
    out.set_by(approval.by);
    out.set_at_ms(base::toUnixMillis(approval.at));
    out.set_plan_id(approval.planId);
    out.set_reason(approval.reason);
    return out;
}

domain::Approval fromWire(const v1::Approval& approval) {
    return {approval.by(), base::fromUnixMillis(approval.at_ms()), approval.plan_id(),
            approval.reason()};
}

v1::ReleaseChange toWire(const domain::ReleaseChange& change) {
    v1::ReleaseChange out;
    out.set_revision(change.revision);
    out.set_what(change.what);
    out.set_by(change.by);
    out.set_at_ms(base::toUnixMillis(change.at));
    return out;
}

domain::ReleaseChange fromWire(const v1::ReleaseChange& change) {
    return {change.revision(), change.what(), change.by(), base::fromUnixMillis(change.at_ms())};
}

v1::HistoryRemoval toWire(const domain::HistoryRemoval& removal) {
    v1::HistoryRemoval out;
    out.set_since_ms(base::toUnixMillis(removal.since));
    out.set_rows(removal.rows);
    out.set_ended_ms(timeToWire(removal.ended));
    return out;
}

domain::HistoryRemoval fromWire(const v1::HistoryRemoval& removal) {
    return {base::fromUnixMillis(removal.since_ms()), removal.rows(),
            timeFromWire(removal.ended_ms())};
}

v1::Release toWire(const domain::Release& release) {
    v1::Release out;
    out.set_id(release.id);
    out.set_number(release.number);
    *out.mutable_spec() = toWire(release.spec);
    out.set_state(toWire(release.state));
    out.set_stage(toWire(release.stage));
    out.set_batch(release.batch);
    out.set_halt_reason(release.haltReason);
    out.set_created_by(release.createdBy);
    out.set_reason(release.reason);
    out.set_plan_id(release.planId);
    if (release.approval) *out.mutable_approval() = toWire(*release.approval);
    if (release.endedApproval) *out.mutable_ended_approval() = toWire(*release.endedApproval);
    out.set_created_ms(base::toUnixMillis(release.created));
    out.set_started_ms(timeToWire(release.started));
    out.set_ended_ms(timeToWire(release.ended));
    for (const domain::StageCounts& stage : release.stages)
        *out.add_stages() = toWire(stage);
    for (const auto& [type, version] : release.previousVersions) {
        (*out.mutable_previous_versions())[type] = version;
    }
    out.set_revision(release.revision);
    if (release.lastChange) *out.mutable_last_change() = toWire(*release.lastChange);
    if (release.historyRemoval) *out.mutable_history_removal() = toWire(*release.historyRemoval);
    return out;
}

absl::StatusOr<domain::Release> fromWire(const v1::Release& release) {
    domain::Release out;
    out.id = release.id();
    out.number = release.number();
    IFRIT_ASSIGN_OR_RETURN(out.spec, fromWire(release.spec()));
    IFRIT_ASSIGN_OR_RETURN(out.state, fromWire(release.state()));
    IFRIT_ASSIGN_OR_RETURN(out.stage, fromWire(release.stage()));
    out.batch = release.batch();
    out.haltReason = release.halt_reason();
    out.createdBy = release.created_by();
    out.reason = release.reason();
    out.planId = release.plan_id();
    if (release.has_approval()) out.approval = fromWire(release.approval());
    if (release.has_ended_approval()) out.endedApproval = fromWire(release.ended_approval());
    out.created = base::fromUnixMillis(release.created_ms());
    out.started = timeFromWire(release.started_ms());
    out.ended = timeFromWire(release.ended_ms());
    for (const v1::StageProgress& stage : release.stages()) {
        IFRIT_ASSIGN_OR_RETURN(domain::StageCounts counts, fromWire(stage));
        out.stages.push_back(std::move(counts));
    }
    out.previousVersions = {release.previous_versions().begin(), release.previous_versions().end()};
    out.revision = release.revision();
    if (release.has_last_change()) out.lastChange = fromWire(release.last_change());
    if (release.has_history_removal()) out.historyRemoval = fromWire(release.history_removal());
    return out;
}

}  // namespace ifrit::codec
