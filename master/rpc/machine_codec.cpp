// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_codec.h"

#include <fmt/format.h>

#include "shared/base/hashing.h"
#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/machine_codec.h"
#include "shared/domain/machine_limits.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

static_assert(codec::kMaxAgentsPerReport == domain::kMaxAgentsPerMachine,
              "what a release may bring to a machine is what a report can tell of");

absl::Status checkDelta(const v1::ReportDelta& delta) {
    const auto count = [](int n) { return static_cast<std::size_t>(n); };
    IFRIT_RETURN_IF_ERROR(
        codec::checkText("stream_id", delta.stream_id(), codec::kMaxShortTextBytes));
    if (delta.stream_id().empty())
        return base::invalidArgument("STREAM_ID", "", "a report needs the id of its stream");
    IFRIT_RETURN_IF_ERROR(
        codec::checkCount("agents", count(delta.agents_size()), codec::kMaxAgentsPerReport));
    IFRIT_RETURN_IF_ERROR(codec::checkCount("removed_agents", count(delta.removed_agents_size()),
                                            codec::kMaxAgentsPerReport));
    IFRIT_RETURN_IF_ERROR(
        codec::checkCount("events", count(delta.events_size()), codec::kMaxEventsPerReport));
    IFRIT_RETURN_IF_ERROR(
        codec::checkCount("log_tails", count(delta.log_tails_size()), kMaxLogTails));
    IFRIT_RETURN_IF_ERROR(codec::checkCount("obeyed_clears", count(delta.obeyed_clears_size()),
                                            domain::kMaxKnownBadClears));
    for (const v1::LogTail& tail : delta.log_tails()) {
        if (tail.text().size() > kMaxLogTailBytes)
            return base::invalidArgument("LOG_TAIL_TOO_LONG", tail.agent(),
                                         "the end of a log has at most {} bytes", kMaxLogTailBytes);
    }
    for (const std::string& agent : delta.removed_agents())
        IFRIT_RETURN_IF_ERROR(domain::checkAgentName(agent));
    return absl::OkStatus();
}

}  // namespace

absl::StatusOr<services::MachineReport> reportFromWire(const v1::ReportDelta& delta,
                                                       const std::string& uuid) {
    services::MachineReport out;
    out.uuid = uuid;
    out.seq = delta.seq();
    if (delta.seq() == 0) return out;
    IFRIT_RETURN_IF_ERROR(checkDelta(delta));
    out.streamId = delta.stream_id();
    out.full = delta.full();
    if (delta.has_facts()) {
        IFRIT_ASSIGN_OR_RETURN(out.facts, codec::fromWire(delta.facts(), uuid));
    }
    for (const auto& agent : delta.agents()) {
        IFRIT_ASSIGN_OR_RETURN(domain::AgentReport report, codec::fromWire(agent));
        out.agents.push_back(std::move(report));
    }
    out.removedAgents.assign(delta.removed_agents().begin(), delta.removed_agents().end());
    for (const auto& event : delta.events()) {
        IFRIT_ASSIGN_OR_RETURN(domain::MachineEvent decoded, codec::fromWire(event));
        out.events.push_back(std::move(decoded));
    }
    out.ifrit = {delta.ifrit_cpu_centipercent() / 100.0, delta.ifrit_rss_bytes()};
    out.obeyedClears.assign(delta.obeyed_clears().begin(), delta.obeyed_clears().end());
    return out;
}

void toWire(const services::SyncAnswer& answer, v1::SyncResponse& out) {
    out.set_next_poll_ms(static_cast<std::uint32_t>(answer.nextPoll.count()));
    out.set_acked_seq(answer.ackedSeq);
    out.set_want_full_report(answer.wantFullReport);
    for (const domain::KnownBadClear& clear : answer.clears) {
        out.add_clear_known_bad(codec::digestToWire(clear.digest));
        // Without an id it cannot be told from another, which is how older ones take it.
        if (clear.id == 0) continue;
        v1::KnownBadClear& one = *out.add_clears();
        one.set_manifest_digest(codec::digestToWire(clear.digest));
        one.set_id(clear.id);
    }
    for (const services::WantedLogTail& wanted : answer.logTails) {
        v1::LogTailRequest& request = *out.add_log_tail_requests();
        request.set_request_id(wanted.id);
        request.set_agent(wanted.agent);
        request.set_max_bytes(wanted.maxBytes);
    }
    if (!answer.desired) return;
    out.set_changed(true);
    v1::MachineDesiredState& desired = *out.mutable_desired();
    desired.set_generation(answer.desired->generation);
    desired.set_etag(answer.desired->etag);
    // The bytes are our own encoder's; joined they are one message.
    desired.mutable_fragment()->ParseFromString(answer.desired->bytes());
}

v1::Machine toWire(const services::MachineView& machine) {
    const services::HeldMachine& stored = machine.record->stored;
    v1::Machine out;
    out.set_uuid(stored.facts.uuid);
    *out.mutable_facts() = codec::toWire(stored.facts);
    out.set_first_seen_ms(base::toUnixMillis(stored.firstSeen));
    out.set_last_seen_ms(base::toUnixMillis(machine.lastSeen));
    out.set_offline(machine.offline);
    out.set_batch(machine.record->batch);
    for (const auto& agent : stored.agents)
        *out.add_agents() = codec::toWire(agent.report());
    out.set_ifrit_cpu_centipercent(static_cast<std::uint32_t>(stored.ifrit.cpuPercent * 100.0));
    out.set_ifrit_rss_bytes(stored.ifrit.rssBytes);
    out.set_state(codec::toWire(services::worstState(machine)));
    out.set_etag(
        fmt::format("{:x}", base::xxh3(fmt::format("{}/{}/{}/{}", stored.streamId, stored.ackedSeq,
                                                   machine.offline, *stored.facts.uuid))));
    return out;
}

}  // namespace ifrit::master::rpc
