// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/machine_columns_decoder.h"

#include <numeric>
#include <utility>

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"

namespace ifrit::gui::rpc {
namespace {

absl::Status malformed(std::string_view column, std::size_t has, std::size_t rows) {
    return base::makeError(absl::StatusCode::kDataLoss, "MACHINE_STREAM", column,
                           fmt::format("the master's machine stream is malformed: column {} has {} "
                                       "values for {} rows",
                                       column, has, rows));
}

/// An empty column is one that an older master does not send.
template <typename In, typename Out>
absl::Status copy(const In& in, std::size_t rows, const char* column, std::vector<Out>& out) {
    const auto size = static_cast<std::size_t>(in.size());
    if (size != 0 && size != rows) return malformed(column, size, rows);
    out.assign(in.begin(), in.end());
    out.resize(rows);
    return absl::OkStatus();
}

absl::Status copyStates(const google::protobuf::RepeatedField<int>& in, std::size_t rows,
                        std::vector<domain::MachineState>& out) {
    const auto size = static_cast<std::size_t>(in.size());
    if (size != 0 && size != rows) return malformed("state", size, rows);
    out.reserve(rows);
    for (const int value : in) {
        out.push_back(codec::fromWire(static_cast<v1::MachineState>(value)));
    }
    out.resize(rows, domain::MachineState::Unknown);
    return absl::OkStatus();
}

}  // namespace

void MachineColumnsDecoder::learn(const v1::MachineColumns& in,
                                  std::vector<std::string>& newStrings) {
    for (const std::string& text : in.new_strings()) {
        const auto next = static_cast<std::uint32_t>(m_observer->index.size());
        const auto [found, isNew] = m_observer->index.emplace(text, next);
        if (isNew) newStrings.push_back(text);
        m_fromStream.push_back(found->second);
    }
}

absl::Status MachineColumnsDecoder::translate(
    const google::protobuf::RepeatedField<std::uint32_t>& in, std::size_t rows, const char* column,
    std::vector<std::uint32_t>& out) const {
    IFRIT_RETURN_IF_ERROR(copy(in, rows, column, out));
    for (std::uint32_t& index : out) {
        if (index >= m_fromStream.size()) return malformed(column, index, m_fromStream.size());
        index = m_fromStream[index];
    }
    return absl::OkStatus();
}

absl::Status MachineColumnsDecoder::decodeMachines(v1::MachineColumns& in,
                                                   services::MachineColumns& out) const {
    out.uuid = {std::make_move_iterator(in.mutable_uuid()->begin()),
                std::make_move_iterator(in.mutable_uuid()->end())};
    const std::size_t rows = out.uuid.size();
    IFRIT_RETURN_IF_ERROR(translate(in.address(), rows, "address", out.address));
    IFRIT_RETURN_IF_ERROR(translate(in.machine_type(), rows, "machine_type", out.machineType));
    IFRIT_RETURN_IF_ERROR(translate(in.pin(), rows, "pin", out.pin));
    IFRIT_RETURN_IF_ERROR(translate(in.labels(), rows, "labels", out.labels));
    IFRIT_RETURN_IF_ERROR(translate(in.hostname(), rows, "hostname", out.hostname));
    IFRIT_RETURN_IF_ERROR(translate(in.ifrit_version(), rows, "ifrit_version", out.ifritVersion));
    IFRIT_RETURN_IF_ERROR(copyStates(in.state(), rows, out.state));
    IFRIT_RETURN_IF_ERROR(copy(in.last_seen_ms(), rows, "last_seen_ms", out.lastSeenMs));
    IFRIT_RETURN_IF_ERROR(copy(in.offline(), rows, "offline", out.offline));
    IFRIT_RETURN_IF_ERROR(copy(in.batch(), rows, "batch", out.batch));
    IFRIT_RETURN_IF_ERROR(copy(in.agent_count(), rows, "agent_count", out.agentCount));
    const std::size_t agents =
        std::accumulate(out.agentCount.begin(), out.agentCount.end(), std::size_t{0});
    if (agents != static_cast<std::size_t>(in.agents().agent_size())) {
        return malformed("agents", static_cast<std::size_t>(in.agents().agent_size()), agents);
    }
    return decodeAgents(in.agents(), agents, out.agents);
}

absl::Status MachineColumnsDecoder::decodeAgents(const v1::AgentColumns& in, std::size_t rows,
                                                 services::AgentColumns& out) const {
    IFRIT_RETURN_IF_ERROR(translate(in.agent(), rows, "agent", out.agent));
    IFRIT_RETURN_IF_ERROR(
        translate(in.running_version(), rows, "running_version", out.runningVersion));
    IFRIT_RETURN_IF_ERROR(
        translate(in.desired_version(), rows, "desired_version", out.desiredVersion));
    IFRIT_RETURN_IF_ERROR(copyStates(in.state(), rows, out.state));
    IFRIT_RETURN_IF_ERROR(translate(in.step(), rows, "step", out.step));
    IFRIT_RETURN_IF_ERROR(translate(in.error(), rows, "error", out.error));
    IFRIT_RETURN_IF_ERROR(translate(in.error_reason(), rows, "error_reason", out.errorReason));
    IFRIT_RETURN_IF_ERROR(copy(in.since_ms(), rows, "since_ms", out.sinceMs));
    IFRIT_RETURN_IF_ERROR(
        copy(in.cpu_centipercent(), rows, "cpu_centipercent", out.cpuCentipercent));
    IFRIT_RETURN_IF_ERROR(copy(in.rss_bytes(), rows, "rss_bytes", out.rssBytes));
    IFRIT_RETURN_IF_ERROR(copy(in.restarts(), rows, "restarts", out.restarts));
    return translate(in.release_id(), rows, "release_id", out.releaseId);
}

absl::StatusOr<services::MachinesUpdate> MachineColumnsDecoder::decode(
    v1::WatchMachinesResponse&& in) {
    services::MachinesUpdate out;
    out.snapshotBegins = in.snapshot_begins();
    if (out.snapshotBegins) {
        m_observer->clear();
        m_fromStream = {0};
    }
    learn(in.upserts(), out.newStrings);
    IFRIT_RETURN_IF_ERROR(decodeMachines(*in.mutable_upserts(), out.upserts));
    out.removedUuids = {std::make_move_iterator(in.mutable_removed_uuids()->begin()),
                        std::make_move_iterator(in.mutable_removed_uuids()->end())};
    out.snapshotEnds = in.snapshot_ends();
    out.generation = in.generation();
    out.total = in.total();
    out.serverTimeMs = in.now_ms();
    return out;
}

}  // namespace ifrit::gui::rpc
