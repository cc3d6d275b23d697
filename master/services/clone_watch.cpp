// SPDX-License-Identifier: Apache-2.0
#include "master/services/clone_watch.h"

#include <algorithm>
#include <utility>

#include "shared/base/hashing.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

/// A machine that comes back within this time is met as the run that it was.
constexpr std::chrono::hours kKept{1};

absl::Status refusal(const std::string& uuid, const Presence& copy, const std::string& holder) {
    return base::failedPrecondition(
        "CLONED_IDENTITY", uuid,
        "two machines live with the certificate of {}: one at {} and this one at {}, which is "
        "refused. It is a copy: on it, stop ifrit-guard, remove state/identity.pem and "
        "state/journal.toml below ifrit's root, give it its own uuid (agent.toml, or a new "
        "/etc/machine-id) and a new join token, and start it again",
        uuid, holder.empty() ? "another address" : holder, copy.address);
}

bool isDue(const Runs& runs) {
    return std::any_of(runs.begin(), runs.end(), [](const Run& run) { return run.due; });
}

Run* runOf(Runs& runs, std::uint64_t instance) {
    const auto found = std::find_if(runs.begin(), runs.end(),
                                    [=](const Run& run) { return run.instance == instance; });
    return found == runs.end() ? nullptr : &*found;
}

}  // namespace

std::uint64_t CloneWatch::keyOf(const std::string& uuid) {
    return base::xxh3(uuid);
}

CloneWatch::Verdict CloneWatch::admit(const std::string& uuid, const Presence& presence,
                                      base::WallTime now) {
    if (presence.instance == 0) return {absl::OkStatus()};
    const std::uint64_t key = keyOf(uuid);
    Shard& shard = shardOf(key);
    const absl::MutexLock lock(&shard.mutex);
    Runs& runs = shard.machines[key];
    const bool wasDue = isDue(runs);
    const CloneVerdict verdict = hear(runs, presence, now, m_silentAfter);
    if (m_masters == Masters::Several && !wasDue && isDue(runs)) shard.due.push_back(uuid);
    if (verdict.keeper == nullptr) return {absl::OkStatus()};
    return {refusal(uuid, presence, verdict.keeper->address), verdict.isNew};
}

std::vector<CloneWatch::News> CloneWatch::takeNews() {
    std::vector<News> out;
    for (Shard& shard : m_shards) {
        const absl::MutexLock lock(&shard.mutex);
        for (const std::string& uuid : std::exchange(shard.due, {})) {
            const auto machine = shard.machines.find(keyOf(uuid));
            if (machine == shard.machines.end()) continue;
            for (Run& run : machine->second) {
                if (std::exchange(run.due, false)) out.push_back({rowOf(run, uuid), !run.written});
            }
        }
    }
    return out;
}

void CloneWatch::told(const std::vector<storage::PresenceRecord>& rows) {
    for (const storage::PresenceRecord& row : rows) {
        const std::uint64_t key = keyOf(row.uuid);
        Shard& shard = shardOf(key);
        const absl::MutexLock lock(&shard.mutex);
        const auto machine = shard.machines.find(key);
        if (machine == shard.machines.end()) continue;
        Run* const run = runOf(machine->second, row.instance);
        if (run == nullptr) continue;
        run->written = true;
        run->since = row.since;
        run->lastRow = row.seen;
        // What another master knew; what this one decided since stands in the next row.
        if (!run->due) run->refused = row.refused;
    }
}

void CloneWatch::giveBack(const std::vector<News>& news) {
    for (const News& one : news) {
        const std::uint64_t key = keyOf(one.row.uuid);
        Shard& shard = shardOf(key);
        const absl::MutexLock lock(&shard.mutex);
        const auto machine = shard.machines.find(key);
        if (machine == shard.machines.end()) continue;
        Run* const run = runOf(machine->second, one.row.instance);
        if (run == nullptr) continue;
        if (!isDue(machine->second)) shard.due.push_back(one.row.uuid);
        run->due = true;
    }
}

void CloneWatch::tellAgain() {
    for (Shard& shard : m_shards) {
        const absl::MutexLock lock(&shard.mutex);
        for (auto& [key, runs] : shard.machines) {
            for (Run& run : runs)
                run.written = false;
        }
    }
}

std::vector<std::string> CloneWatch::heardHere(const std::vector<std::string>& uuids) {
    std::vector<std::string> out;
    for (const std::string& uuid : uuids) {
        const std::uint64_t key = keyOf(uuid);
        Shard& shard = shardOf(key);
        const absl::MutexLock lock(&shard.mutex);
        if (shard.machines.count(key) != 0) out.push_back(uuid);
    }
    return out;
}

void CloneWatch::hearElsewhere(const std::vector<storage::PresenceRecord>& rows,
                               base::WallTime now) {
    for (const storage::PresenceRecord& row : rows) {
        const std::uint64_t key = keyOf(row.uuid);
        Shard& shard = shardOf(key);
        const absl::MutexLock lock(&shard.mutex);
        const auto machine = shard.machines.find(key);
        if (machine == shard.machines.end()) continue;
        services::hearElsewhere(machine->second, row, now, m_silentAfter);
    }
}

void CloneWatch::forget(base::WallTime now) {
    for (Shard& shard : m_shards) {
        const absl::MutexLock lock(&shard.mutex);
        for (auto it = shard.machines.begin(); it != shard.machines.end();) {
            Runs& runs = it->second;
            const auto keeps = [now](const Run& run) { return now - run.lastHeard <= kKept; };
            if (std::none_of(runs.begin(), runs.end(), keeps)) {
                it = shard.machines.erase(it);
                continue;
            }
            if (runs.size() > 1) forgetEnded(runs, now, m_silentAfter);
            ++it;
        }
    }
}

std::size_t CloneWatch::size() {
    std::size_t out = 0;
    for (Shard& shard : m_shards) {
        const absl::MutexLock lock(&shard.mutex);
        out += shard.machines.size();
    }
    return out;
}

}  // namespace ifrit::master::services
