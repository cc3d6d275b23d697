// SPDX-License-Identifier: Apache-2.0
#include "master/services/clone_watch.h"

#include <algorithm>
#include <utility>

#include "shared/base/hashing.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

/// Longer than ifrit-agent's longest pause between tries, so that it is not met as a new one.
constexpr std::chrono::minutes kRefusedMemory{10};

absl::Status refusal(const std::string& uuid, const Presence& copy, const std::string& holder) {
    return base::failedPrecondition(
        "CLONED_IDENTITY", uuid,
        "two machines live with the certificate of {}: one at {} and this one at {}, which is "
        "refused. It is a copy: on it, stop ifrit-guard, remove state/identity.pem and "
        "state/journal.toml below ifrit's root, give it its own uuid (agent.toml, or a new "
        "/etc/machine-id) and a new join token, and start it again",
        uuid, holder.empty() ? "another address" : holder, copy.address);
}

}  // namespace

CloneWatch::Verdict CloneWatch::heard(Slot& slot, const std::string& uuid, const Presence& presence,
                                      base::WallTime now) const {
    if (slot.rival) {
        const auto memory = slot.rival->isRefused
                                ? std::max<std::chrono::milliseconds>(m_silentAfter, kRefusedMemory)
                                : m_silentAfter;
        if (now - slot.rival->voice.lastSeen > memory) slot.rival.reset();
    }
    if (slot.holder.instance == presence.instance || slot.holder.instance == 0) {
        slot.holder = {presence.instance, now, presence.moved};
        if (slot.rival) {
            slot.rival->holderReturned = true;
            slot.rival->holderAddress = presence.address;
        }
        return {absl::OkStatus()};
    }
    const Voice voice{presence.instance, now, presence.moved};
    if (now - slot.holder.lastSeen > m_silentAfter) {
        slot.holder = voice;
        slot.rival.reset();
        return {absl::OkStatus()};
    }
    if (!slot.rival || slot.rival->voice.instance != presence.instance) {
        // Most likely ifrit-agent was restarted; then the former run is never heard of again.
        slot.rival = std::make_unique<Rival>(Rival{voice, "", false, false});
    }
    Rival& rival = *slot.rival;
    rival.voice = voice;
    // By its own word no restart of the holder, which was heard of a moment ago.
    const bool isCopy = voice.moved && !slot.holder.moved;
    if (!rival.holderReturned && !isCopy) return {absl::OkStatus()};
    if (slot.holder.moved && !voice.moved) {
        // The copy was heard first. From now on it is the one that is refused.
        std::swap(slot.holder, rival.voice);
        rival.holderAddress = presence.address;
        rival.isRefused = false;
        return {absl::OkStatus()};
    }
    const bool isNew = !std::exchange(rival.isRefused, true);
    return {refusal(uuid, presence, rival.holderAddress), isNew};
}

CloneWatch::Verdict CloneWatch::admit(const std::string& uuid, const Presence& presence,
                                      base::WallTime now) {
    if (presence.instance == 0) return {absl::OkStatus()};
    const std::uint64_t key = base::xxh3(uuid);
    Shard& shard = m_shards[key % kShards];
    const absl::MutexLock lock(&shard.mutex);
    return heard(shard.slots[key], uuid, presence, now);
}

}  // namespace ifrit::master::services
