// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/container/flat_hash_set.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ifrit/v1/fleet.pb.h"
#include "master/rpc/fleet_handler.h"
#include "master/rpc/machine_columns.h"
#include "master/rpc/machine_walk.h"
#include "master/rpc/push_stream.h"
#include "master/rpc/stream_room.h"
#include "master/services/machine_filter.h"

namespace ifrit::master::rpc {

/// One WatchMachines call: the snapshot in pieces, then what changed, at most four times a second.
/// It is filled in slices on threads that do nothing else (Lane::Streams), and never on whichever
/// wakes it.
class MachineStream final : public PushStream<v1::WatchMachinesResponse> {
public:
    explicit MachineStream(const FleetParts& parts) : m_parts(parts) {}

    /// Once it is admitted. RESOURCE_EXHAUSTED (STREAM_BUDGET): `room` has none; it does not begin.
    absl::Status begin(filter::MachineFilter filter, std::string resumeToken,
                       std::shared_ptr<StreamRoom> room);
    void tick() override { enqueue(); }

protected:
    bool fill(v1::WatchMachinesResponse& out) override;
    void next() override { enqueue(); }

private:
    struct Slice;

    void enqueue();
    bool resume();
    void startSnapshot();
    void fillSnapshot(Slice& slice);
    /// False: there is nothing to look for yet.
    bool findChanges();
    void fillDelta(Slice& slice);
    void addRow(const services::MachineView& machine, Slice& slice);
    /// What the other side holds of texts that were sent since the last snapshot began.
    std::size_t grown() const { return m_carried + m_columns.bytes() - m_textOfSnapshot; }
    std::string resumeToken() const;

    const FleetParts& m_parts;
    std::atomic<bool> m_isQueued{false};
    // Of whoever fills.
    StreamRoom::Share m_share;
    filter::MachineFilter m_filter;
    std::string m_resumeToken;
    ColumnWriter m_columns;
    std::size_t m_textOfSnapshot = 0;
    std::size_t m_carried = 0;  ///< grown() of the streams that this one resumes
    std::uint64_t m_sequence = 0;
    bool m_begun = false;
    bool m_first = false;                   ///< the next piece begins the snapshot
    std::optional<MachineWalk> m_snapshot;  ///< what is still to be sent of it
    std::vector<base::SharedText> m_changed;
    std::size_t m_doneOfChanged = 0;
    struct TextHash {
        /// Equal texts are one object.
        std::size_t operator()(const base::SharedText& text) const noexcept {
            const std::uint64_t mixed =
                reinterpret_cast<std::uintptr_t>(&text.get()) * 0x9E3779B97F4A7C15U;
            return mixed ^ mixed >> 32U;
        }
    };
    /// Machines that the other side holds, to tell it which no longer match. Without a filter those
    /// are all that there are.
    absl::flat_hash_set<base::SharedText, TextHash> m_shown;
    bool m_knowsShown = false;
    std::atomic<bool> m_hasMore{false};  ///< the slice was over before the work was
    std::optional<base::WallTime> m_sent;
};

}  // namespace ifrit::master::rpc
