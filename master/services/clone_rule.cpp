// SPDX-License-Identifier: Apache-2.0
#include "master/services/clone_rule.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ifrit::master::services {
namespace {

constexpr std::chrono::milliseconds kTick{1};

Run* find(Runs& runs, std::uint64_t instance) {
    const auto found = std::find_if(runs.begin(), runs.end(),
                                    [=](const Run& run) { return run.instance == instance; });
    return found == runs.end() ? nullptr : &*found;
}

bool lives(const Run& run, base::WallTime now, std::chrono::milliseconds silentAfter) {
    return now - run.lastHeard <= silentAfter;
}

bool provedAfter(const Run& run, std::uint64_t instance) {
    return std::any_of(run.after.begin(), run.after.end(), [=](const Run::After& after) {
        return after.instance == instance && after.twice;
    });
}

void noteAfter(Run& run, std::uint64_t instance) {
    for (Run::After& after : run.after) {
        if (after.instance != instance) continue;
        after.twice = true;
        return;
    }
    run.after.push_back({instance, false});
}

void noteProved(Run& run, std::uint64_t instance) {
    noteAfter(run, instance);
    noteAfter(run, instance);
}

void erase(Runs& runs, std::uint64_t instance) {
    runs.erase(std::remove_if(runs.begin(), runs.end(),
                              [=](const Run& run) { return run.instance == instance; }),
               runs.end());
    for (Run& run : runs) {
        run.after.erase(
            std::remove_if(run.after.begin(), run.after.end(),
                           [=](const Run::After& it) { return it.instance == instance; }),
            run.after.end());
    }
}

/// Where there are too many, the one that would be kept last makes room.
Run& add(Runs& runs, std::uint64_t instance) {
    if (runs.size() >= kMaxRuns)
        erase(runs, std::max_element(runs.begin(), runs.end(), isKeptBefore)->instance);
    runs.emplace_back();
    runs.back().instance = instance;
    return runs.back();
}

/// Ended runs but `speaker`: a machine that was silent for long is the same run still.
void forgetOthers(Runs& runs, std::uint64_t speaker, base::WallTime now,
                  std::chrono::milliseconds silentAfter) {
    for (std::size_t i = runs.size(); i-- > 0;) {
        const auto memory = runs[i].refused
                                ? std::max<std::chrono::milliseconds>(silentAfter, kRefusedMemory)
                                : silentAfter;
        if (runs[i].instance != speaker && now - runs[i].lastHeard > memory)
            erase(runs, std::uint64_t(runs[i].instance));
    }
}

Run& speakerOf(Runs& runs, const Presence& presence, base::WallTime now) {
    if (Run* const known = find(runs, presence.instance)) return *known;
    base::WallTime since = now;
    for (const Run& run : runs)
        since = std::max(since, run.since + kTick);
    Run& added = add(runs, presence.instance);
    added.since = since;
    return added;
}

}  // namespace

bool isKeptBefore(const Run& a, const Run& b) {
    return std::tie(a.moved, a.refused, a.since, a.instance) <
           std::tie(b.moved, b.refused, b.since, b.instance);
}

CloneVerdict hear(Runs& runs, const Presence& presence, base::WallTime now,
                  std::chrono::milliseconds silentAfter) {
    if (runs.size() > 1 || (runs.size() == 1 && runs[0].instance != presence.instance))
        forgetOthers(runs, presence.instance, now, silentAfter);
    Run& speaker = speakerOf(runs, presence, now);
    // Others may have forgotten one that comes back.
    if (!lives(speaker, now, silentAfter)) speaker.written = false;
    speaker.lastHeard = now;
    speaker.moved = presence.moved;
    if (speaker.address != presence.address) speaker.address = presence.address;
    CloneVerdict verdict;
    bool isOutranked = false;
    bool isDue = !speaker.written;
    for (const Run& other : runs) {
        if (&other == &speaker) continue;
        isDue = isDue || other.elsewhere;
        if (presence.isPoll) noteAfter(speaker, other.instance);
        if (!lives(other, now, silentAfter) || !isKeptBefore(other, speaker)) continue;
        isOutranked = true;
        const bool saysItself = speaker.moved && !other.moved;
        if (saysItself || provedAfter(other, speaker.instance)) verdict.keeper = &other;
    }
    const bool wasRefused = speaker.refused;
    if (verdict.keeper != nullptr)
        speaker.refused = true;
    else if (!isOutranked)
        speaker.refused = false;
    verdict.isNew = speaker.refused && !wasRefused;
    speaker.due = speaker.due || isDue || speaker.refused != wasRefused;
    return verdict;
}

void hearElsewhere(Runs& runs, const storage::PresenceRecord& row, base::WallTime now,
                   std::chrono::milliseconds silentAfter) {
    Run* run = find(runs, row.instance);
    if (run != nullptr && run->lastRow == row.seen) return;
    forgetOthers(runs, row.instance, now, silentAfter);
    run = find(runs, row.instance);
    if (run == nullptr) run = &add(runs, row.instance);
    run->since = row.since;
    run->lastHeard = now;
    run->lastRow = row.seen;
    run->moved = row.moved;
    // Of a run that is heard here too, what was decided here stands.
    run->refused = row.refused || (run->written && run->refused);
    run->address = row.address;
    run->elsewhere = true;
    for (const std::uint64_t instance : row.beside)
        noteProved(*run, instance);
}

void forgetEnded(Runs& runs, base::WallTime now, std::chrono::milliseconds silentAfter) {
    forgetOthers(runs, 0, now, silentAfter);
}

storage::PresenceRecord rowOf(const Run& run, const std::string& uuid) {
    storage::PresenceRecord out{uuid,        run.instance, run.since,     run.moved,
                                run.refused, run.address,  run.lastHeard, {}};
    for (const Run::After& after : run.after) {
        if (after.twice) out.beside.push_back(after.instance);
    }
    return out;
}

storage::PresenceRecord placed(storage::PresenceRecord first,
                               const std::vector<storage::PresenceRecord>& known) {
    for (const storage::PresenceRecord& row : known) {
        if (row.uuid != first.uuid || row.instance != first.instance) continue;
        first.since = row.since;
        first.refused = first.refused || row.refused;
        return first;
    }
    for (const storage::PresenceRecord& row : known) {
        if (row.uuid == first.uuid) first.since = std::max(first.since, row.since + kTick);
    }
    return first;
}

}  // namespace ifrit::master::services
