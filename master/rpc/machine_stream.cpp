// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/message_limits.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::size_t kRowsPerMessage = 4'000;
/// As much again is more than the row that goes beyond it, with all that a report may say.
constexpr std::size_t kMessageBytes = ifrit::rpc::kMaxMessageBytes / 2;
constexpr std::chrono::milliseconds kDeltaInterval{250};
constexpr std::chrono::seconds kHeartbeat{5};
/// Others have their turn after it.
constexpr std::chrono::milliseconds kSlice{20};
/// Texts of steps and errors are written by machines, and each new one stays in both tables until a
/// snapshot. One is sent anew when they have grown by that much, and by as much as a snapshot has.
constexpr std::size_t kMostGrown = 4U << 20;
/// What a stream takes for a machine: its name and its address, in a table that is not full.
constexpr std::size_t kPerMachine = 40;
constexpr std::chrono::seconds kRetryAfter{80};

absl::Status noRoom(const StreamRoom& room) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "STREAM_BUDGET", "WatchMachines",
                        fmt::format("the streams of machines take {} MiB here, and this master "
                                    "lets them have {}; end some, or watch another master",
                                    room.used() >> 20U, room.most() >> 20U)),
        {{}, kRetryAfter, 0, 0});
}

}  // namespace

/// One message, and until when it is made.
struct MachineStream::Slice {
    v1::WatchMachinesResponse& out;
    const base::WallTime now;
    const std::chrono::steady_clock::time_point until;
    std::size_t rows = 0;
    std::size_t bytes = 0;

    bool isFull() const { return rows >= kRowsPerMessage || bytes >= kMessageBytes; }
    bool isOver() const { return std::chrono::steady_clock::now() >= until; }
    bool isEmpty() const { return rows == 0 && !out.snapshot_ends(); }
};

absl::Status MachineStream::begin(filter::MachineFilter filter, std::string resumeToken,
                                  std::shared_ptr<StreamRoom> room) {
    const StreamRoom& asked = *room;
    if (!m_share.take(std::move(room), m_parts.fleet.size() * kPerMachine)) return noRoom(asked);
    m_filter = std::move(filter);
    m_resumeToken = std::move(resumeToken);
    open();
    enqueue();
    return absl::OkStatus();
}

void MachineStream::enqueue() {
    if (m_isQueued.exchange(true)) return;
    const auto self = std::static_pointer_cast<MachineStream>(shared_from_this());
    const bool taken = m_parts.calls.workers().submitAdmitted(Lane::Streams, [self] {
        self->m_isQueued = false;
        self->pump();
        if (self->m_hasMore.exchange(false)) self->enqueue();
    });
    if (taken) return;
    m_isQueued = false;
    pump();
}

bool MachineStream::resume() {
    const std::string prefix = m_parts.fleet.epoch() + ".";
    if (m_resumeToken.compare(0, prefix.size(), prefix) != 0) return false;
    std::uint64_t after = 0;
    std::uint64_t carried = 0;
    const char* end = m_resumeToken.data() + m_resumeToken.size();
    const auto sequence = std::from_chars(m_resumeToken.data() + prefix.size(), end, after);
    if (sequence.ec != std::errc() || sequence.ptr == end || *sequence.ptr != '.') return false;
    const auto grown = std::from_chars(sequence.ptr + 1, end, carried);
    if (grown.ec != std::errc() || grown.ptr != end || carried > kMostGrown) return false;
    if (!m_parts.fleet.changesSince(after)) return false;
    m_sequence = after;
    m_carried = carried;
    return true;
}

std::string MachineStream::resumeToken() const {
    return fmt::format("{}.{}.{}", m_parts.fleet.epoch(), m_sequence, grown());
}

void MachineStream::startSnapshot() {
    // The sequence first: what changes while the snapshot is read is sent again after it.
    m_sequence = m_parts.fleet.lastSequence();
    m_columns.reset();
    m_textOfSnapshot = 0;
    m_carried = 0;
    m_changed = {};
    m_doneOfChanged = 0;
    m_shown = {};
    m_knowsShown = !m_filter.empty();
    m_snapshot.emplace(m_parts.fleet, m_filter, std::string());
    m_first = true;
}

void MachineStream::addRow(const services::MachineView& machine, Slice& slice) {
    slice.bytes += m_columns.add(machine, *slice.out.mutable_upserts());
    ++slice.rows;
    if (m_knowsShown) m_shown.insert(machine.record->stored.facts.uuid);
}

void MachineStream::fillSnapshot(Slice& slice) {
    while (!slice.isFull()) {
        const auto machine = m_snapshot->next(slice.now, slice.until);
        if (!machine) break;
        addRow(*machine, slice);
    }
    if (!m_snapshot->isAtEnd()) return;
    m_snapshot.reset();
    m_textOfSnapshot = m_columns.bytes();
    slice.out.set_snapshot_ends(true);
    slice.out.set_resume_token(resumeToken());
}

bool MachineStream::findChanges() {
    if (m_doneOfChanged < m_changed.size()) return true;
    m_changed = {};
    m_doneOfChanged = 0;
    if (m_sent && m_parts.clock.now() - *m_sent < kDeltaInterval) return false;
    auto changes = m_parts.fleet.changesSince(m_sequence);
    if (!changes || grown() > std::max(kMostGrown, m_textOfSnapshot)) {
        startSnapshot();
        return true;
    }
    m_sequence = changes->sequence;
    m_changed = std::move(changes->uuids);
    return true;
}

void MachineStream::fillDelta(Slice& slice) {
    while (m_doneOfChanged < m_changed.size() && !slice.isFull()) {
        const base::SharedText& uuid = m_changed[m_doneOfChanged++];
        const auto machine = m_parts.fleet.find(uuid);
        if (machine && services::matches(m_filter, *machine, slice.now)) {
            addRow(*machine, slice);
        } else if (m_shown.erase(uuid) > 0 || !m_knowsShown) {
            slice.out.add_removed_uuids(uuid);
            slice.bytes += uuid->size() + 2;
            ++slice.rows;
        }
        if (slice.isOver()) break;
    }
    // Only when all up to it was sent.
    if (m_doneOfChanged == m_changed.size()) slice.out.set_resume_token(resumeToken());
}

bool MachineStream::fill(v1::WatchMachinesResponse& out) {
    out.Clear();
    if (!std::exchange(m_begun, true) && !resume()) startSnapshot();
    if (!m_snapshot && !findChanges()) return false;
    Slice slice{out, m_parts.clock.now(), std::chrono::steady_clock::now() + kSlice};
    if (m_snapshot)
        fillSnapshot(slice);
    else
        fillDelta(slice);
    m_share.resize(m_columns.held() + m_shown.capacity() * (sizeof(base::SharedText) + 1));
    if (slice.isEmpty() && m_sent && slice.now - *m_sent < kHeartbeat) {
        m_hasMore = m_snapshot || m_doneOfChanged < m_changed.size();
        return false;
    }
    out.set_snapshot_begins(std::exchange(m_first, false));
    if (out.has_upserts() && m_filter.empty() && (m_snapshot || out.snapshot_ends()))
        out.set_total(m_parts.fleet.size());
    out.set_generation(m_parts.published.generation());
    out.set_now_ms(base::toUnixMillis(slice.now));
    m_sent = slice.now;
    return true;
}

}  // namespace ifrit::master::rpc
