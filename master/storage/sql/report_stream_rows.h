// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"

// Table report_streams: of each machine the streams of reports that others have followed, and how
// far they had come. A master that stood still writes what it took of one of them long after; by
// the machine's row alone, which names the newest stream, that would be news.
namespace ifrit::master::storage::sql {

struct EndedStream {
    std::string streamId;
    std::uint64_t ackedSeq = 0;
    base::WallTime ended{};
};
using EndedStreams = std::unordered_map<std::string, std::vector<EndedStream>>;

/// Those of each machine. The caller holds the machines' rows.
absl::StatusOr<EndedStreams> endedStreams(Connection& connection,
                                          const std::vector<std::string>& uuids);
/// Remembers the stream of each machine's row, which another follows at `ended`. Of a machine as
/// many are kept as nobody goes through while a master stands still; `known`: those that there are.
absl::Status endStream(Connection& connection, const StoredMachine& machine, base::WallTime ended,
                       const std::vector<EndedStream>& known);

}  // namespace ifrit::master::storage::sql
