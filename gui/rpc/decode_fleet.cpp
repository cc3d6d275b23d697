// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "gui/rpc/decode.h"
#include "shared/base/hex.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/window_codec.h"

namespace ifrit::gui::rpc {
namespace {

base::WallTime time(std::int64_t millis) {
    return base::fromUnixMillis(millis);
}

services::VersionCount decodeCount(const v1::VersionCount& in) {
    return {in.agent(), in.version(), in.machines()};
}

domain::AgentReport decodeReport(const v1::AgentReport& in) {
    domain::AgentReport out;
    out.agent = in.agent();
    out.runningVersion = in.running_version();
    out.runningDigest = base::toHex(in.running_digest());
    out.desiredVersion = in.desired_version();
    out.desiredDigest = base::toHex(in.desired_digest());
    out.releaseId = in.release_id();
    out.state = codec::fromWire(in.state());
    out.step = in.step();
    out.attempt = in.attempt();
    out.pid = in.pid();
    out.restarts = in.restarts();
    out.crashLooping = in.crash_looping();
    out.since = time(in.since_ms());
    out.nextRetry = codec::timeFromWire(in.next_retry_ms());
    out.deadline = codec::timeFromWire(in.deadline_ms());
    if (in.has_last_error()) {
        const v1::AgentError& error = in.last_error();
        out.lastError = domain::AgentError{error.reason(), error.message(), error.step(),
                                           error.attempt(), time(error.at_ms())};
    }
    out.sample = {in.cpu_centipercent() / 100.0, in.rss_bytes()};
    out.integrity = codec::fromWire(in.integrity());
    out.integrityNote = in.integrity_note();
    for (const std::string& digest : in.known_bad())
        out.knownBad.push_back(base::toHex(digest));
    return out;
}

domain::MachineFacts decodeFacts(const v1::MachineFacts& in, const std::string& uuid) {
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = in.machine_type();
    out.pin = in.pin();
    out.labels = {in.labels().begin(), in.labels().end()};
    out.address = in.address();
    out.hostname = in.hostname();
    out.kernel = in.kernel();
    out.libc = in.libc();
    out.architecture = in.architecture();
    out.ifritVersion = in.ifrit_version();
    return out;
}

domain::DesiredEntry decodeEntry(const v1::DesiredEntry& in) {
    domain::DesiredEntry out;
    out.agent = in.agent();
    out.action = codec::fromWire(in.action()).value_or(services::kUnknown<domain::DesiredAction>);
    out.version = in.version();
    out.manifestDigest = base::toHex(in.manifest_digest());
    out.level = codec::fromWire(in.level()).value_or(services::kUnknown<domain::Level>);
    out.timestamp = time(in.timestamp_ms());
    out.generation = in.generation();
    out.releaseId = in.release_id();
    out.source = in.source();
    out.downloadRate = in.download_rate();
    return out;
}

services::ClusterRules decodeRules(const v1::ClusterRules& in) {
    services::ClusterRules out;
    out.requireApproval = in.require_approval();
    out.blackouts.timeZone = in.time_zone();
    for (const v1::DateRange& range : in.blackouts()) {
        // One of a newer master that is not understood is not shown; the master keeps to it.
        if (const auto known = codec::fromWire(range); known.ok())
            out.blackouts.blackouts.push_back(*known);
    }
    out.maxChange = in.max_change_limit();
    out.changed = in.changed_in_window();
    out.maxChangeWindow = std::chrono::milliseconds(in.max_change_window_ms());
    return out;
}

}  // namespace

services::ClusterSummary decode(const v1::Cluster& in) {
    services::ClusterSummary out;
    out.name = in.name();
    out.kind = in.kind();
    out.serverVersion = in.server_version();
    out.generation = in.generation();
    out.machines = in.machines();
    for (const auto& [state, machines] : in.machines_by_state()) {
        out.machinesByState[codec::fromWire(static_cast<v1::MachineState>(state))] += machines;
    }
    out.offline = in.offline();
    out.ringBatches = in.ring_batches();
    out.ringSeed = in.ring_seed();
    out.ringVirtualNodes = in.ring_virtual_nodes();
    out.staleSince = codec::timeFromWire(in.stale_since_ms());
    out.runningReleases = in.running_releases();
    out.features = {in.features().begin(), in.features().end()};
    for (const v1::VersionCount& count : in.versions()) {
        out.versions.push_back(decodeCount(count));
    }
    out.serverTime = time(in.now_ms());
    out.machineTypes = {in.machine_types().begin(), in.machine_types().end()};
    if (in.has_freeze()) {
        const v1::ClusterFreeze& freeze = in.freeze();
        out.freeze = services::ClusterFreeze{freeze.by(), freeze.reason(), time(freeze.at_ms()),
                                             freeze.recorded()};
        for (const v1::UnconfirmedMaster& master : freeze.unconfirmed())
            out.freeze->unconfirmed.push_back({master.address(), master.why()});
        out.freeze->isForgottenByRestart = freeze.forgotten_by_restart();
    }
    out.rules = decodeRules(in.rules());
    return out;
}

services::MasterLoad decode(const v1::MasterLoad& in) {
    services::MasterLoad out;
    out.address = in.address();
    out.serverVersion = in.server_version();
    out.leads = in.leads();
    out.unreachable = in.unreachable();
    for (const v1::LoadSample& sample : in.samples()) {
        out.samples.push_back({time(sample.at_ms()), std::chrono::milliseconds(sample.span_ms()),
                               sample.polls(), sample.shed(), sample.other_calls(),
                               std::chrono::microseconds(sample.poll_p50_us()),
                               std::chrono::microseconds(sample.poll_p99_us())});
    }
    return out;
}

services::MachineInfo decode(const v1::Machine& in) {
    services::MachineInfo out;
    out.facts = decodeFacts(in.facts(), in.uuid());
    out.firstSeen = time(in.first_seen_ms());
    out.lastSeen = time(in.last_seen_ms());
    out.offline = in.offline();
    out.batch = in.batch();
    for (const v1::AgentReport& agent : in.agents())
        out.agents.push_back(decodeReport(agent));
    out.ifritSample = {in.ifrit_cpu_centipercent() / 100.0, in.ifrit_rss_bytes()};
    out.state = codec::fromWire(in.state());
    out.etag = in.etag();
    return out;
}

services::MachineList decode(v1::ListMachinesResponse&& in) {
    services::MachineList out;
    out.page = decodePage<services::MachineInfo>(in.machines(), in.next_page_token());
    out.matching = in.matching();
    out.total = in.total();
    out.generation = in.generation();
    return out;
}

services::Explanation decode(const v1::ExplainMachineResponse& in) {
    services::Explanation out;
    out.uuid = in.uuid();
    out.generation = in.generation();
    for (const v1::ExplainedEntry& entry : in.entries()) {
        out.entries.push_back(
            {decodeEntry(entry.entry()),
             codec::fromWire(entry.verdict()).value_or(services::kUnknown<domain::Verdict>)});
    }
    out.heldGeneration = in.held_generation();
    out.holdsEntries = in.holds_entries();
    for (const v1::HeldBack& one : in.held_back()) {
        out.heldBack.push_back(
            {one.agent(), one.reason(), one.message(), codec::timeFromWire(one.opens_ms())});
    }
    return out;
}

domain::MachineEvent decode(const v1::MachineEvent& in) {
    return {in.kind(), in.agent(), in.version(), in.message(), time(in.at_ms())};
}

services::ManagedAgentInfo decode(const v1::ManagedAgent& in) {
    services::ManagedAgentInfo out;
    out.name = in.name();
    out.settledVersions = {in.settled_versions().begin(), in.settled_versions().end()};
    for (const v1::VersionCount& count : in.running())
        out.running.push_back(decodeCount(count));
    out.machines = in.machines();
    out.packages = in.packages();
    return out;
}

services::ClusterEvent decode(const v1::ClusterEvent& in) {
    using Kind = services::ClusterEvent::Kind;
    services::ClusterEvent out;
    switch (in.kind()) {
        case v1::ClusterEvent::KIND_HEARTBEAT:
            out.kind = Kind::Heartbeat;
            break;
        case v1::ClusterEvent::KIND_RELEASE_CHANGED:
            out.kind = Kind::ReleaseChanged;
            break;
        case v1::ClusterEvent::KIND_PACKAGE_CHANGED:
            out.kind = Kind::PackageChanged;
            break;
        case v1::ClusterEvent::KIND_CLUSTER_CHANGED:
            out.kind = Kind::ClusterChanged;
            break;
        case v1::ClusterEvent::KIND_AUDIT_APPENDED:
            out.kind = Kind::AuditAppended;
            break;
        default:
            // A newer master's event: reading everything again is never wrong.
            out.kind = Kind::Reset;
            break;
    }
    out.subject = in.subject();
    out.generation = in.generation();
    out.serverTime = time(in.now_ms());
    return out;
}

}  // namespace ifrit::gui::rpc
