// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/report_stream_rows.h"

#include <algorithm>

#include "master/storage/sql/bulk.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr std::size_t kMostStreams = 16;

}  // namespace

absl::StatusOr<EndedStreams> endedStreams(Connection& connection,
                                          const std::vector<std::string>& uuids) {
    EndedStreams out;
    const absl::Status status = eachOf(
        connection, "SELECT uuid, stream_id, acked_seq, ended_ms FROM report_streams WHERE uuid",
        uuids, "", [&out](Row& row) -> absl::Status {
            std::vector<EndedStream>& streams = out[row.text()];
            EndedStream one;
            one.streamId = row.text();
            one.ackedSeq = row.as<std::uint64_t>();
            one.ended = row.time();
            streams.push_back(std::move(one));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status endStream(Connection& connection, const StoredMachine& machine, base::WallTime ended,
                       const std::vector<EndedStream>& known) {
    const std::string& uuid = machine.facts.uuid;
    const bool isKnown = std::any_of(
        known.begin(), known.end(),
        [&machine](const EndedStream& one) { return one.streamId == machine.streamId; });
    if (!isKnown && known.size() >= kMostStreams) {
        const auto oldest =
            std::min_element(known.begin(), known.end(),
                             [](const auto& a, const auto& b) { return a.ended < b.ended; });
        IFRIT_RETURN_IF_ERROR(
            connection
                .run("DELETE FROM report_streams WHERE uuid = ? AND stream_id = ?",
                     {text(uuid), text(oldest->streamId)})
                .status());
    }
    const std::string& sql =
        connection.upsert("report_streams", {"uuid", "stream_id"}, {"acked_seq", "ended_ms"});
    return connection
        .run(sql, {text(uuid), text(machine.streamId), integer(machine.ackedSeq), time(ended)})
        .status();
}

}  // namespace ifrit::master::storage::sql
