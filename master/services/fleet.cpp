// SPDX-License-Identifier: Apache-2.0
#include "master/services/fleet.h"

#include <algorithm>
#include <functional>

#include "shared/base/hashing.h"
#include "shared/base/ids.h"

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kSeenNotice{5};

std::uint32_t millisOf(std::chrono::milliseconds poll) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(poll.count(), 0));
}

/// Higher is worse; what hides behind a worse state of another agent is seen in the details.
int severity(domain::MachineState state) {
    using domain::MachineState;
    switch (state) {
        case MachineState::Failed:
            return 9;
        case MachineState::Silent:
            return 8;
        case MachineState::Reverted:
            return 7;
        case MachineState::Degraded:
            return 6;
        case MachineState::Installing:
        case MachineState::Watching:
        case MachineState::Verifying:
        case MachineState::Downloading:
        case MachineState::WaitingPermit:
        case MachineState::Scheduled:
            return 5;
        case MachineState::Unknown:
            return 4;
        case MachineState::NotApplicable:
            return 3;
        case MachineState::Healthy:
        case MachineState::Already:
            return 2;
        default:
            return 1;
    }
}

}  // namespace

Fleet::Fleet(std::shared_ptr<const domain::HashRing> ring)
    : m_ring(std::move(ring)), m_epoch(base::randomUuid()) {}

Fleet::Shard& Fleet::shardOf(const std::string& uuid) {
    return m_shards[std::hash<std::string>()(uuid) % kShards];
}
const Fleet::Shard& Fleet::shardOf(const std::string& uuid) const {
    return m_shards[std::hash<std::string>()(uuid) % kShards];
}

std::pair<const SharedText, Fleet::Slot>& Fleet::place(Shard& shard, const std::string& uuid) {
    const auto [at, isNew] = shard.slots.try_emplace(SharedText(uuid));
    if (isNew) {
        absl::MutexLock lock(&m_namesMutex);
        m_names.insert(at->first);
    }
    return *at;
}

void Fleet::Shard::note(const SharedText& uuid) {
    if (hasLost) return;
    if (changed.size() < kShardLimit) {
        changed.push_back(uuid);
        return;
    }
    // Nobody watches, or not fast enough: whoever asks next reads all, which needs none of these.
    hasLost = true;
    changed = {};
}

void Fleet::Shard::setHere(Slot& slot, bool isHere) {
    if (slot.isHere == isHere) return;
    slot.isHere = isHere;
    isHere ? ++heard.machines : --heard.machines;
}

/// Which may have served it something else since.
void Fleet::Shard::heardByAnother(Slot& slot) {
    setHere(slot, false);
    slot.held = {};
}

MachineView Fleet::viewOf(const Slot& slot) {
    return {slot.record, slot.lastSeen, slot.offline, std::chrono::milliseconds(slot.pollMs),
            slot.held};
}

void Fleet::load(const std::vector<StoredMachine>& machines, base::WallTime asOf,
                 const Silence& silence) {
    for (Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        shard.slots.clear();
        shard.heard.machines = 0;
    }
    {
        absl::MutexLock lock(&m_namesMutex);
        m_names.clear();
    }
    std::chrono::milliseconds longest{0};
    for (const StoredMachine& machine : machines) {
        Slot slot;
        slot.lastSeen = machine.lastSeen;
        slot.pollMs = millisOf(machine.poll);
        slot.offline = asOf - machine.lastSeen > silence.of(machine.poll);
        if (!slot.offline) longest = std::max(longest, machine.poll);
        slot.record = std::make_shared<const MachineRecord>(
            MachineRecord{machine, m_ring->batchOf(machine.facts.uuid)});
        Shard& shard = shardOf(machine.facts.uuid);
        absl::MutexLock lock(&shard.mutex);
        auto& [uuid, held] = place(shard, slot.record->stored.facts.uuid);
        held = std::move(slot);
        shard.note(uuid);
    }
    m_longestPoll = longest;
}

std::optional<MachineView> Fleet::touch(const std::string& uuid, base::WallTime now,
                                        std::chrono::milliseconds poll, HeldState held) {
    Shard& shard = shardOf(uuid);
    absl::MutexLock lock(&shard.mutex);
    const auto found = shard.slots.find(uuid);
    if (found == shard.slots.end()) return std::nullopt;
    Slot& slot = found->second;
    slot.lastSeen = now;
    slot.seenDirty = true;
    slot.pollMs = millisOf(poll);
    slot.held = held;
    shard.setHere(slot, true);
    ++shard.heard.polls;
    if (now - slot.journalled >= kSeenNotice) {
        slot.journalled = now;
        shard.note(found->first);
    }
    return viewOf(slot);
}

std::optional<MachineView> Fleet::find(const std::string& uuid) const {
    const Shard& shard = shardOf(uuid);
    absl::MutexLock lock(&shard.mutex);
    const auto found = shard.slots.find(uuid);
    if (found == shard.slots.end()) return std::nullopt;
    return viewOf(found->second);
}

std::vector<SharedText> Fleet::namesAfter(const std::string& uuid, std::size_t most) const {
    std::vector<SharedText> out;
    absl::MutexLock lock(&m_namesMutex);
    for (auto at = m_names.upper_bound(uuid); at != m_names.end() && out.size() < most; ++at)
        out.push_back(*at);
    return out;
}

std::vector<MachineView> Fleet::all() const {
    std::vector<MachineView> out;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        for (const auto& [uuid, slot] : shard.slots)
            out.push_back(viewOf(slot));
    }
    return out;
}

std::size_t Fleet::size() const {
    std::size_t out = 0;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        out += shard.slots.size();
    }
    return out;
}

bool Fleet::enrol(const domain::MachineFacts& facts, base::WallTime now) {
    Shard& shard = shardOf(facts.uuid);
    absl::MutexLock lock(&shard.mutex);
    auto& [uuid, slot] = place(shard, facts.uuid);
    const bool isNew = slot.record == nullptr;
    auto record = std::make_shared<MachineRecord>();
    if (!isNew) *record = *slot.record;
    if (isNew) record->stored.firstSeen = now;
    record->stored.facts = facts;
    record->stored.lastSeen = now;
    record->batch = m_ring->batchOf(facts.uuid);
    slot.record = std::move(record);
    slot.lastSeen = now;
    slot.offline = false;
    shard.note(uuid);
    return isNew;
}

MachineView Fleet::apply(const MachineReport& report) {
    Shard& shard = shardOf(report.uuid);
    absl::MutexLock lock(&shard.mutex);
    auto& [uuid, slot] = place(shard, report.uuid);
    auto record = std::make_shared<MachineRecord>();
    if (slot.record != nullptr)
        *record = *slot.record;
    else
        record->stored.firstSeen = report.receivedAt;
    merge(record->stored, report);
    record->batch = m_ring->batchOf(report.uuid);
    slot.record = std::move(record);
    slot.lastSeen = std::max(slot.lastSeen, report.receivedAt);
    slot.seenDirty = true;
    shard.note(uuid);
    return viewOf(slot);
}

Fleet::Followed Fleet::follow(const StoredMachine& machine, base::WallTime now) {
    Shard& shard = shardOf(machine.facts.uuid);
    absl::MutexLock lock(&shard.mutex);
    auto& [uuid, slot] = place(shard, machine.facts.uuid);
    const bool isNew = slot.record == nullptr;
    const base::WallTime seen = std::min(machine.lastSeen, now);
    if (isNew || seen > slot.lastSeen) {
        slot.lastSeen = seen;
        // A report tells of the contact before it is written what the machine was told with it.
        slot.pollMs = std::max(slot.pollMs, millisOf(machine.poll));
        shard.heardByAnother(slot);
    }
    slot.record = std::make_shared<const MachineRecord>(
        MachineRecord{machine, m_ring->batchOf(machine.facts.uuid)});
    shard.note(uuid);
    return {viewOf(slot), isNew};
}

void Fleet::heardElsewhere(const std::vector<storage::LastSeen>& seen, base::WallTime now) {
    for (const auto& [uuid, at, poll] : seen) {
        Shard& shard = shardOf(uuid);
        absl::MutexLock lock(&shard.mutex);
        const auto found = shard.slots.find(uuid);
        if (found == shard.slots.end()) continue;
        Slot& slot = found->second;
        const base::WallTime then = std::min(at, now);
        if (then < slot.lastSeen || (slot.isHere && then == slot.lastSeen)) continue;
        slot.pollMs = millisOf(poll);
        if (then == slot.lastSeen) continue;
        slot.lastSeen = then;
        shard.heardByAnother(slot);
        if (then - slot.journalled < kSeenNotice) continue;
        slot.journalled = then;
        shard.note(found->first);
    }
}

void Fleet::forgive(base::WallTime now) {
    m_forgiven = now;
}

void Fleet::remove(const std::string& uuid) {
    Shard& shard = shardOf(uuid);
    absl::MutexLock lock(&shard.mutex);
    const auto found = shard.slots.find(uuid);
    if (found == shard.slots.end()) return;
    shard.note(found->first);
    shard.setHere(found->second, false);
    {
        absl::MutexLock names(&m_namesMutex);
        m_names.erase(found->first);
    }
    shard.slots.erase(found);
}

std::vector<MachineView> Fleet::sweep(base::WallTime now, const Silence& silence) {
    std::vector<MachineView> out;
    const base::WallTime forgiven = m_forgiven;
    // What a machine was told by a master that died a moment later is in no database, but it was no
    // more than others were told.
    const std::chrono::milliseconds longestBefore = m_longestPoll;
    std::chrono::milliseconds longest{0};
    for (Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        for (auto& [uuid, slot] : shard.slots) {
            const std::chrono::milliseconds poll(slot.pollMs);
            bool offline = now - slot.lastSeen > silence.of(poll);
            // Who is offline comes back by being heard.
            if (offline && !slot.offline && forgiven > slot.lastSeen)
                offline = now - forgiven >
                          std::max(silence.of(std::max(poll, longestBefore)), silence.back);
            if (!offline) longest = std::max(longest, poll);
            if (offline == slot.offline) continue;
            slot.offline = offline;
            if (offline) shard.setHere(slot, false);
            shard.note(uuid);
            out.push_back(viewOf(slot));
        }
    }
    m_longestPoll = longest;
    return out;
}

Fleet::Heard Fleet::heard() const {
    Heard out;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        out.machines += shard.heard.machines;
        out.polls += shard.heard.polls;
    }
    return out;
}

std::vector<storage::LastSeen> Fleet::takeSeen() {
    std::vector<storage::LastSeen> out;
    for (Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        for (auto& [uuid, slot] : shard.slots) {
            if (slot.seenDirty)
                out.push_back({uuid, slot.lastSeen, std::chrono::milliseconds(slot.pollMs)});
            slot.seenDirty = false;
        }
    }
    return out;
}

void Fleet::giveBackSeen(const std::vector<storage::LastSeen>& seen) {
    for (const storage::LastSeen& one : seen) {
        Shard& shard = shardOf(one.uuid);
        absl::MutexLock lock(&shard.mutex);
        const auto found = shard.slots.find(one.uuid);
        if (found != shard.slots.end()) found->second.seenDirty = true;
    }
}

domain::MachineState worstState(const MachineView& view) {
    if (view.offline) return domain::MachineState::Silent;
    auto worst = domain::MachineState::Unmanaged;
    for (const auto& agent : view.record->stored.agents) {
        if (severity(agent.state) > severity(worst)) worst = agent.state;
    }
    return worst;
}

std::uint64_t reportMark(const MachineRecord& record) {
    const std::uint64_t mark = base::xxh3(record.stored.streamId, record.stored.ackedSeq);
    return (mark >> 1) | 1;
}

std::optional<domain::AgentReport> reportOf(const MachineRecord& record, const std::string& agent) {
    for (const HeldAgent& held : record.stored.agents) {
        if (held.names->agent == agent) return held.report();
    }
    return std::nullopt;
}

}  // namespace ifrit::master::services
