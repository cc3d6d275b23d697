// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/container/inlined_vector.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "master/storage/records.h"
#include "shared/base/clock.h"

// Which runs of ifrit-agent live with one certificate, and which of them is refused. Pure: values
// in, values out. It rests on nothing but who was heard after whom was known, so that masters whose
// clocks differ, and that hear of each other late, come to the same answer and never take a restart
// or a change of master for a copy.
namespace ifrit::master::services {

/// Who speaks with a machine's certificate: one run of ifrit-agent.
struct Presence {
    std::uint64_t instance = 0;  ///< random; 0: not watched
    bool moved = false;          ///< by its own word on another host than the one that enrolled
    std::string address;         ///< where the call came from
    bool isPoll = true;          ///< polls follow each other; other calls may cross on their way
};

/// A run, as one master knows it.
struct Run {
    /// Another run, known when this one spoke.
    struct After {
        std::uint64_t instance = 0;
        bool twice = false;  ///< and it spoke again: no word that was on its way when it ended
    };
    std::uint64_t instance = 0;
    base::WallTime since{};
    base::WallTime lastHeard{};  ///< on this master's clock, wherever it was heard
    base::WallTime lastRow{};    ///< PresenceRecord::seen of its row as this master knows it
    std::string address;
    std::vector<After> after;
    bool moved = false;
    bool refused = false;
    bool elsewhere = false;  ///< another master hears it, or did
    bool written = false;    ///< other masters were told of it by this one
    bool due = false;        ///< and have to be told with the next write
};
using Runs = absl::InlinedVector<Run, 1>;

/// More that live with one certificate at a time are not told apart.
constexpr std::size_t kMaxRuns = 8;
/// A copy that is refused is known for longer than ifrit-agent's longest pause between tries, so
/// that it is not met as a new one.
constexpr std::chrono::minutes kRefusedMemory{10};

/// The order in which runs are kept: who runs on the host that enrolled, then who was not refused
/// yet, then who was there first. Total: exactly one of two is kept, whoever asks.
bool isKeptBefore(const Run& a, const Run& b);

struct CloneVerdict {
    const Run* keeper = nullptr;  ///< the speaker is refused beside this one; null: it is taken
    bool isNew = false;           ///< refused for the first time
};

/// A word that was heard here. A run is refused while one that is kept before it lives, and was
/// polled for twice after it was known; one that says itself that it moved, at once. What others do
/// not know yet is due: a run that is new or comes back, that is refused or not any more, and each
/// word beside a run that they hear. O(kMaxRuns^2) where there are several, O(1) else.
CloneVerdict hear(Runs& runs, const Presence& presence, base::WallTime now,
                  std::chrono::milliseconds silentAfter);
/// A row that another master wrote a moment ago.
void hearElsewhere(Runs& runs, const storage::PresenceRecord& row, base::WallTime now,
                   std::chrono::milliseconds silentAfter);
/// Forgets who ended.
void forgetEnded(Runs& runs, base::WallTime now, std::chrono::milliseconds silentAfter);
/// The run as others shall know it.
storage::PresenceRecord rowOf(const Run& run, const std::string& uuid);
/// A first row, in the light of those that are there already: a run keeps what it was when it comes
/// to another master, and one that came later is later, whatever the clocks say.
storage::PresenceRecord placed(storage::PresenceRecord first,
                               const std::vector<storage::PresenceRecord>& known);

}  // namespace ifrit::master::services
