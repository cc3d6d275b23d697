// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/decode.h"
#include "gui/rpc/decode_access.h"
#include "shared/base/hex.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/release_codec.h"

namespace ifrit::gui::rpc {
namespace {

base::WallTime time(std::int64_t millis) {
    return base::fromUnixMillis(millis);
}

domain::StageKind stageKind(v1::StageKind kind) {
    return codec::fromWire(kind).value_or(services::kUnknown<domain::StageKind>);
}

domain::Outcome outcome(v1::Outcome value) {
    return codec::fromWire(value).value_or(services::kUnknown<domain::Outcome>);
}

domain::ReleaseVerb verb(v1::ReleaseVerb value) {
    return codec::fromWire(value).value_or(services::kUnknown<domain::ReleaseVerb>);
}

domain::ReleaseSpec decodeSpec(const v1::ReleaseSpec& in) {
    if (auto exact = codec::fromWire(in); exact.ok()) return *std::move(exact);
    // Of a newer master, with words that this desktop does not know: what can be shown.
    domain::ReleaseSpec out;
    out.agent = in.agent();
    out.action = codec::fromWire(in.action()).value_or(services::kUnknown<domain::DesiredAction>);
    out.version = in.version();
    out.machineTypes = {in.machine_types().begin(), in.machine_types().end()};
    out.gray.uuids = {in.gray().uuids().begin(), in.gray().uuids().end()};
    out.gray.pin = in.gray().pin();
    out.gray.labels = {in.gray().labels().begin(), in.gray().labels().end()};
    out.soak = std::chrono::milliseconds(in.soak_ms());
    out.machineDeadline = std::chrono::milliseconds(in.machine_deadline_ms());
    out.autoVerify = in.auto_verify();
    out.downloadRate = in.download_rate();
    return out;
}

domain::ResourceSample sampleOf(const v1::ResourceSample& in) {
    return {in.cpu_centipercent() / 100.0, in.rss_bytes()};
}

services::StageProgress decodeStage(const v1::StageProgress& in) {
    services::StageProgress out;
    out.counts.kind = stageKind(in.kind());
    out.counts.batch = in.batch();
    out.counts.targeted = in.targeted();
    for (const auto& [value, machines] : in.outcomes()) {
        out.counts.outcomes[outcome(static_cast<v1::Outcome>(value))] += machines;
    }
    out.counts.offline = in.offline();
    out.counts.opened = codec::timeFromWire(in.opened_ms());
    out.counts.closed = codec::timeFromWire(in.closed_ms());
    out.inFlight = in.in_flight();
    out.soakUntil = codec::timeFromWire(in.soak_until_ms());
    out.badLimit = in.bad_limit();
    out.costAccepted = in.cost_accepted();
    for (const auto& [kind, machines] : in.bad()) {
        const auto known = codec::fromWire(static_cast<v1::GateKind>(kind));
        if (known.ok()) out.counts.bad[*known] = machines;
    }
    return out;
}

services::ReleasePlan::Target decodeTarget(const v1::ReleasePlan::Target& in) {
    services::ReleasePlan::Target out;
    out.machineType = in.machine_type();
    out.action = codec::fromWire(in.action()).value_or(services::kUnknown<domain::DesiredAction>);
    out.version = in.version();
    out.manifestDigest = base::toHex(in.manifest_digest());
    out.archiveBytes = in.archive_bytes();
    if (in.had_previous()) out.previousVersion = in.previous_version();
    return out;
}

}  // namespace

services::Identity decode(const v1::WhoAmIResponse& in) {
    services::Identity out;
    out.user = in.user();
    out.role = in.role();
    out.permissions = {in.permissions().begin(), in.permissions().end()};
    out.method = in.method();
    out.expires = codec::timeFromWire(in.expires_ms());
    for (const v1::Grant& grant : in.grants())
        out.grants.push_back(decodeGrant(grant));
    return out;
}

services::LoginSession decode(const v1::LoginResponse& in) {
    return {in.token(), in.user(), time(in.expires_ms())};
}

services::PackageInfo decode(const v1::Package& in) {
    services::PackageInfo out;
    out.agent = in.agent();
    out.version = in.version();
    out.machineTypes = {in.machine_types().begin(), in.machine_types().end()};
    out.manifestDigest = base::toHex(in.manifest_digest());
    out.archiveDigest = base::toHex(in.archive_digest());
    out.archiveSizeBytes = in.archive_size_bytes();
    out.unpackedSizeBytes = in.unpacked_size_bytes();
    out.files = in.files();
    out.keyId = in.key_id();
    out.publishedBy = in.published_by();
    out.published = time(in.published_ms());
    out.description = in.description();
    out.runningOn = in.running_on();
    out.inUse = in.in_use();
    out.manifest = in.manifest();
    return out;
}

services::PublisherKey decode(const v1::PublisherKey& in) {
    return {in.key_id(), in.name(), in.public_key_pem()};
}

services::ReleaseInfo decode(const v1::Release& in) {
    services::ReleaseInfo out;
    domain::Release& release = out.release;
    release.id = in.id();
    release.number = in.number();
    release.spec = decodeSpec(in.spec());
    release.state = codec::fromWire(in.state()).value_or(services::kUnknown<domain::ReleaseState>);
    release.stage = stageKind(in.stage());
    release.haltReason = in.halt_reason();
    release.createdBy = in.created_by();
    release.reason = in.reason();
    release.planId = in.plan_id();
    release.created = time(in.created_ms());
    release.started = codec::timeFromWire(in.started_ms());
    release.ended = codec::timeFromWire(in.ended_ms());
    release.previousVersions = {in.previous_versions().begin(), in.previous_versions().end()};
    for (const v1::StageProgress& stage : in.stages())
        out.stages.push_back(decodeStage(stage));
    out.batch = in.batch();
    release.revision = in.revision();
    if (in.has_last_change()) release.lastChange = codec::fromWire(in.last_change());
    if (in.has_history_removal()) release.historyRemoval = codec::fromWire(in.history_removal());
    for (const int value : in.allowed_verbs()) {
        // A verb of a newer master cannot be offered by this program.
        const auto known = codec::fromWire(static_cast<v1::ReleaseVerb>(value));
        if (known.ok()) out.allowedVerbs.push_back(*known);
    }
    for (const auto& [value, sentence] : in.refused_verbs()) {
        out.refusedVerbs[verb(static_cast<v1::ReleaseVerb>(value))] = sentence;
    }
    for (const auto& [value, machines] : in.reached())
        out.reached[verb(static_cast<v1::ReleaseVerb>(value))] = machines;
    out.waitsFor = in.waits_for();
    if (in.has_waits_for_person()) out.saysPerson = in.waits_for_person();
    out.etag = in.etag();
    out.clusterMachines = in.cluster_machines();
    if (in.has_approval()) release.approval = codec::fromWire(in.approval());
    if (in.has_ended_approval()) release.endedApproval = codec::fromWire(in.ended_approval());
    out.approvalRequired = in.approval_required();
    out.changeClosed = in.change_closed();
    out.opens = codec::timeFromWire(in.opens_ms());
    return out;
}

services::ReleasePlan decode(const v1::ReleasePlan& in) {
    services::ReleasePlan out;
    out.planId = in.plan_id();
    out.releaseId = in.release_id();
    out.generation = in.generation();
    for (const v1::ReleasePlan::Stage& stage : in.stages()) {
        out.stages.push_back({stageKind(stage.kind()),
                              stage.batch(),
                              {stage.machines().begin(), stage.machines().end()},
                              {stage.from_versions().begin(), stage.from_versions().end()},
                              stage.changing(),
                              stage.bytes(),
                              std::chrono::milliseconds(stage.expected_duration_ms()),
                              stage.silent(),
                              stage.silent_bytes()});
    }
    for (const v1::ReleasePlan::Target& target : in.targets())
        out.targets.push_back(decodeTarget(target));
    for (const v1::ReleasePlan::Refusal& refusal : in.refusals()) {
        out.refusals.push_back({refusal.uuid(), refusal.reason(), refusal.message()});
    }
    out.refusalCount = in.refusal_count();
    out.conflicts = {in.conflicts().begin(), in.conflicts().end()};
    out.notes = {in.notes().begin(), in.notes().end()};
    out.approvalRequired = in.approval_required();
    if (in.has_approval()) out.approval = codec::fromWire(in.approval());
    if (in.has_ended_approval()) out.endedApproval = codec::fromWire(in.ended_approval());
    out.changing = in.changing();
    out.silent = in.silent();
    out.silentBytes = in.silent_bytes();
    out.bytesTotal = in.bytes_total();
    out.machinesTotal = in.machines_total();
    out.expectedDuration = std::chrono::milliseconds(in.expected_duration_ms());
    out.clusterMachines = in.cluster_machines();
    return out;
}

services::ReleaseMachine decode(const v1::ReleaseMachine& in) {
    services::ReleaseMachine out;
    out.uuid = in.uuid();
    out.stage = stageKind(in.stage());
    out.batch = in.batch();
    out.outcome = outcome(in.outcome());
    out.reason = in.reason();
    out.message = in.message();
    out.fromVersion = in.from_version();
    out.runningVersion = in.running_version();
    out.state = codec::fromWire(in.state());
    out.step = in.step();
    out.since = codec::timeFromWire(in.since_ms());
    out.deadline = codec::timeFromWire(in.deadline_ms());
    if (in.has_before()) out.before = sampleOf(in.before());
    if (in.has_sample()) out.sample = sampleOf(in.sample());
    out.late = in.late();
    return out;
}

services::TimelineEntry decode(const v1::TimelineEntry& in) {
    return {time(in.at_ms()), in.what(), in.actor(), in.message()};
}

services::AuditRow decode(const v1::AuditRow& in) {
    services::AuditRow out;
    out.id = in.id();
    out.at = time(in.at_ms());
    out.actor = in.actor();
    out.via = in.via();
    out.address = in.address();
    out.verb = in.verb();
    out.object = in.object();
    out.cluster = in.cluster();
    out.result = in.result();
    out.reason = in.reason();
    out.before = in.before();
    out.after = in.after();
    out.requestId = in.request_id();
    out.hash = base::toHex(in.hash());
    out.previousHash = base::toHex(in.previous_hash());
    out.error = in.error();
    return out;
}

}  // namespace ifrit::gui::rpc
