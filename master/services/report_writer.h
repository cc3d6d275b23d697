// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "master/services/fleet.h"
#include "master/services/known_bad_clears.h"
#include "master/services/records.h"
#include "master/services/report_bounds.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Makes reports durable in groups: what arrives while one transaction commits goes into the next,
/// so that thousands of machines cost a few commits a second. A report is acknowledged only after
/// its commit. One thread writes; calls are thread-safe.
class ReportWriter {
public:
    /// Up to where the report's own stream is stored, which may be less or more than the report:
    /// then it was not taken. Or why nothing was stored. On the writer's thread; must be quick.
    using Done = std::function<void(absl::StatusOr<std::uint64_t> ackedSeq)>;
    /// After each commit and before its acknowledgements, with the machines as they are now.
    using Listener = std::function<void(const std::vector<MachineView>&)>;

    struct Parts {
        storage::Database& database;
        Fleet& fleet;
        KnownBadClears& clears;
        Listener listener;
        /// Held from a group's transaction until the fleet has it, and by whoever takes machines
        /// from the database into the fleet: so that nothing older replaces what was just stored.
        absl::Mutex* order = nullptr;
        std::size_t queueLimit = 20'000;
        std::size_t groupLimit = 2'000;
        std::size_t byteLimit = 256U << 20;  ///< of what is queued and what is being written
    };

    explicit ReportWriter(Parts parts);
    ~ReportWriter();
    ReportWriter(const ReportWriter&) = delete;
    ReportWriter& operator=(const ReportWriter&) = delete;

    void start();
    /// Writes what is queued, then ends the thread. What comes later is refused.
    void stop();
    /// RESOURCE_EXHAUSTED with when to come again, by way of `done`: REPORTS_FULL, or
    /// REPORT_WAITING where one of this machine is queued already. A machine sends its next one
    /// after the answer to the last; more at once are those of a broken one, or a thief's.
    void submit(MachineReport report, Done done);
    /// Reports that wait for their commit.
    std::size_t waiting() const;

private:
    struct Item {
        MachineReport report;
        Done done;
        std::size_t bytes = 0;
        std::uint64_t ackedSeq = 0;  ///< what it is answered with
        ReportBounds::Cost cost = {};
    };

    absl::Status admit(const MachineReport& report, std::size_t bytes)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    void run();
    /// To what one machine may make the cluster keep.
    void cut(std::vector<Item>& group) const;
    void writeGroup(std::vector<Item>& group);
    /// One report that cannot be stored must not keep the others from it: finds it by halves, and
    /// tells its sender alone.
    void split(std::vector<Item>& group, const absl::Status& why);
    /// Those that the fleet does not have yet; the others get their answers.
    std::vector<Item*> freshOf(std::vector<Item>& group) const;
    absl::Status store(std::vector<Item>& group, std::map<std::string, MachineView>& changed);
    void eraseClears(const storage::KnownBadClearsByUuid& clears);
    void finishGroup(std::vector<Item>& group, const std::map<std::string, MachineView>& changed);

    const Parts m_parts;
    ReportBounds m_bounds;   ///< of the writer's thread
    absl::Mutex m_ownOrder;  ///< where nobody else takes machines into the fleet
    mutable absl::Mutex m_mutex;
    std::deque<Item> m_queue ABSL_GUARDED_BY(m_mutex);
    std::set<std::string> m_queued ABSL_GUARDED_BY(m_mutex);  ///< machines of m_queue
    std::size_t m_bytes ABSL_GUARDED_BY(m_mutex) = 0;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::master::services
