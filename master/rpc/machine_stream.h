// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "ifrit/v1/fleet.pb.h"
#include "master/rpc/fleet_handler.h"
#include "master/rpc/machine_columns.h"
#include "master/rpc/push_stream.h"
#include "master/services/machine_filter.h"

namespace ifrit::master::rpc {

/// One WatchMachines call: the snapshot in pieces, then what changed, at most four times a second.
class MachineStream final : public PushStream<v1::WatchMachinesResponse> {
public:
    MachineStream(const FleetParts& parts, filter::MachineFilter filter, std::string resumeToken);

protected:
    bool fill(v1::WatchMachinesResponse& out) override;

private:
    bool resume();
    void startSnapshot();
    void fillSnapshot(v1::WatchMachinesResponse& out);
    bool fillDelta(v1::WatchMachinesResponse& out);
    /// What the other side holds of texts that were sent since the last snapshot began.
    std::size_t grown() const { return m_carried + m_columns.bytes() - m_textOfSnapshot; }
    std::string resumeToken() const;
    void stamp(v1::WatchMachinesResponse& out);

    const FleetParts& m_parts;
    const filter::MachineFilter m_filter;
    const std::string m_resumeToken;
    ColumnWriter m_columns;
    std::size_t m_textOfSnapshot = 0;
    std::size_t m_carried = 0;  ///< grown() of the streams that this one resumes
    std::uint64_t m_sequence = 0;
    bool m_begun = false;
    bool m_first = false;  ///< the next piece begins the snapshot
    std::vector<services::MachineView> m_snapshot;
    std::size_t m_sentOfSnapshot = 0;
    std::deque<std::string> m_changed;
    /// Machines that the other side holds, to tell it which no longer match.
    std::unordered_set<std::string> m_shown;
    bool m_knowsShown = false;
    std::optional<base::WallTime> m_sent;
};

}  // namespace ifrit::master::rpc
