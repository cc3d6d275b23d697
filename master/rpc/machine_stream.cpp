// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace ifrit::master::rpc {
namespace {

constexpr std::size_t kRowsPerMessage = 4'000;
constexpr std::chrono::milliseconds kDeltaInterval{250};
constexpr std::chrono::seconds kHeartbeat{5};
/// Texts of steps and errors are written by machines, and each new one stays in both tables until a
/// snapshot. One is sent anew when they have grown by that much, and by as much as a snapshot has.
constexpr std::size_t kMostGrown = 4U << 20;

}  // namespace

MachineStream::MachineStream(const FleetParts& parts, filter::MachineFilter filter,
                             std::string resumeToken)
    : m_parts(parts), m_filter(std::move(filter)), m_resumeToken(std::move(resumeToken)) {}

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
    m_changed.clear();
    m_shown.clear();
    m_knowsShown = true;
    m_sentOfSnapshot = 0;
    m_snapshot = m_parts.fleet.all();
    const auto now = m_parts.clock.now();
    m_snapshot.erase(std::remove_if(m_snapshot.begin(), m_snapshot.end(),
                                    [&](const auto& machine) {
                                        return !services::matches(m_filter, machine, now);
                                    }),
                     m_snapshot.end());
    std::sort(m_snapshot.begin(), m_snapshot.end(), [](const auto& a, const auto& b) {
        return a.record->stored.facts.uuid < b.record->stored.facts.uuid;
    });
    m_first = true;
}

void MachineStream::stamp(v1::WatchMachinesResponse& out) {
    m_sent = m_parts.clock.now();
    out.set_generation(m_parts.published.generation());
    out.set_now_ms(base::toUnixMillis(*m_sent));
}

void MachineStream::fillSnapshot(v1::WatchMachinesResponse& out) {
    out.set_snapshot_begins(std::exchange(m_first, false));
    out.set_total(m_snapshot.size());
    const std::size_t end = std::min(m_snapshot.size(), m_sentOfSnapshot + kRowsPerMessage);
    for (; m_sentOfSnapshot < end; ++m_sentOfSnapshot) {
        m_columns.add(m_snapshot[m_sentOfSnapshot], *out.mutable_upserts());
        m_shown.insert(m_snapshot[m_sentOfSnapshot].record->stored.facts.uuid);
    }
    if (m_sentOfSnapshot < m_snapshot.size()) return;
    out.set_snapshot_ends(true);
    m_textOfSnapshot = m_columns.bytes();
    out.set_resume_token(resumeToken());
    m_snapshot.clear();
    m_snapshot.shrink_to_fit();
    m_sentOfSnapshot = 0;
}

bool MachineStream::fillDelta(v1::WatchMachinesResponse& out) {
    const auto now = m_parts.clock.now();
    if (m_changed.empty()) {
        if (m_sent && now - *m_sent < kDeltaInterval) return false;
        auto changes = m_parts.fleet.changesSince(m_sequence);
        if (!changes || grown() > std::max(kMostGrown, m_textOfSnapshot)) {
            startSnapshot();
            fillSnapshot(out);
            return true;
        }
        m_sequence = changes->sequence;
        m_changed.assign(changes->uuids.begin(), changes->uuids.end());
    }
    for (std::size_t rows = 0; rows < kRowsPerMessage && !m_changed.empty(); ++rows) {
        const std::string uuid = std::move(m_changed.front());
        m_changed.pop_front();
        const auto machine = m_parts.fleet.find(uuid);
        if (machine && services::matches(m_filter, *machine, now)) {
            m_columns.add(*machine, *out.mutable_upserts());
            m_shown.insert(uuid);
        } else if (m_shown.erase(uuid) > 0 || !m_knowsShown) {
            out.add_removed_uuids(uuid);
        }
    }
    const bool empty = !out.has_upserts() && out.removed_uuids().empty();
    if (empty && m_sent && now - *m_sent < kHeartbeat) return false;
    // Only when all up to it was sent.
    if (m_changed.empty()) out.set_resume_token(resumeToken());
    return true;
}

bool MachineStream::fill(v1::WatchMachinesResponse& out) {
    out.Clear();
    if (!std::exchange(m_begun, true) && !resume()) startSnapshot();
    if (m_first || !m_snapshot.empty()) {
        fillSnapshot(out);
    } else if (!fillDelta(out)) {
        return false;
    }
    stamp(out);
    return true;
}

}  // namespace ifrit::master::rpc
