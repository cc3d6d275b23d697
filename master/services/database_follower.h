// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "master/members/change_cursor.h"
#include "master/members/membership.h"
#include "master/services/clone_watch.h"
#include "master/services/event_hub.h"
#include "master/services/fleet.h"
#include "master/services/known_bad_clears.h"
#include "master/services/release_engine.h"
#include "master/services/stranger_queue.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Keeps what one of many masters holds in memory as the others committed it: machines and their
/// reports, releases, packages, revocations, versions that may be tried again, who lives with which
/// certificate. Looks for changes every kInterval, so that what one master acknowledged is seen at
/// all within a second, and at once for a machine that speaks before; and lets the release engine
/// lead or stand down as the lease says. One thread; calls are thread-safe.
class DatabaseFollower {
public:
    struct Parts {
        storage::Database& database;
        Fleet& fleet;
        KnownBadClears& clears;
        CloneWatch& clones;
        ReleaseEngine& engine;
        EventHub& events;
        absl::Mutex& order;  ///< ReportWriter::Parts::order
        const base::Clock& clock;
        std::chrono::milliseconds seenInterval{15'000};  ///< how often last contacts are read
        std::function<void()> revocationsChanged;
        std::function<void(const std::string& digest)> packageChanged;
        /// Any of them; where it fails it is called again.
        std::function<absl::Status()> allPackagesChanged;
        /// How long a number that was left out may still come.
        std::chrono::milliseconds changePatience = members::ChangeCursor::kLeastPatience;
    };
    static constexpr std::chrono::milliseconds kInterval{250};

    explicit DatabaseFollower(Parts parts);
    ~DatabaseFollower();
    DatabaseFollower(const DatabaseFollower&) = delete;
    DatabaseFollower& operator=(const DatabaseFollower&) = delete;

    /// In the view in which everything else is read at start: from here on it is followed.
    absl::Status begin(storage::Transaction& in);
    /// Leads at once where the lease was got by `membership`; then follows until stop().
    absl::Status start(const members::Membership& membership);
    /// Looks for a machine that the fleet does not hold, before the change that made it known is
    /// read. `done` is called on the thread that follows, or at once where that cannot be.
    void meet(std::string uuid, StrangerQueue::Done done) {
        m_strangers.add(std::move(uuid), std::move(done));
    }
    /// Ends the thread and stands down.
    void stop();

private:
    struct News;

    void run();
    void follow();
    void meetAll(const std::vector<StrangerQueue::Stranger>& strangers);
    /// Reads what was committed since the last pass, and takes it in.
    absl::Status pass();
    /// Takes everything in anew, and tells those who are told of changes to do so too.
    absl::Status reload();
    absl::Status readAll();
    /// `cursor` goes past what it reads.
    absl::Status read(members::ChangeCursor& cursor, std::vector<storage::ChangeRecord>& news,
                      bool& isPastMemory);
    absl::Status placeAtEnd(storage::Transaction& in, members::ChangeCursor& cursor) const;
    absl::Status takeMachines(const std::set<std::string>& uuids);
    /// What these machines shall try again.
    absl::Status takeClears(const std::set<std::string>& uuids);
    /// Who else lives with the certificates of machines that are heard here.
    absl::Status takePresences(const std::vector<std::string>& uuids);
    absl::Status takeAll(const News& news);
    absl::Status readSeen();
    /// Leads or stands down, as the lease says.
    absl::Status followLease();
    /// The leader alone: forgets changes that every living master has long read.
    void prune();

    const Parts m_parts;
    // Of start() before the thread, then of the thread alone.
    const members::Membership* m_membership = nullptr;
    members::ChangeCursor m_cursor;  ///< past what has been taken in
    std::uint64_t m_deaths = 0;
    bool m_isWell = true;
    base::SteadyTime m_nextSeen{};
    base::SteadyTime m_nextPrune{};
    std::deque<std::pair<base::SteadyTime, std::uint64_t>> m_marks;
    StrangerQueue m_strangers;
    std::thread m_thread;
};

}  // namespace ifrit::master::services
