// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/cache/state_cache.h"
#include "master/services/event_hub.h"
#include "master/services/freeze_file.h"
#include "master/services/freeze_records.h"
#include "master/services/records.h"
#include "master/storage/database.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::master::services {

/// A freeze as it stands.
struct StandingFreeze {
    domain::FreezeMark mark;
    bool recorded = false;  ///< in the database and the audit; false: waits for the database
    bool isInFile = true;   ///< on this master's disk, where it keeps one
};

/// The switch that stops all change in the cluster. It works without the database: then it is held
/// in memory, in a file and in the shared cache, and goes to the database with its audit row when
/// that is back. A thread of its own writes what stands, so that nobody who freezes waits for a
/// database or a cache that hangs. Thread-safe; current() never blocks on I/O.
class FreezeSwitch {
public:
    /// How long freeze() waits to say that the database has it.
    static constexpr std::chrono::milliseconds kPatience{1'000};

    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        cache::StateCache& cache;
        EventHub& events;
        const base::Clock& clock;
        std::filesystem::path file;  ///< empty: none
    };

    explicit FreezeSwitch(const Parts& parts);
    /// Waits for what is being written.
    ~FreezeSwitch();
    FreezeSwitch(const FreezeSwitch&) = delete;
    FreezeSwitch& operator=(const FreezeSwitch&) = delete;

    /// What the file and the database say. Before any call is served.
    absl::Status load();
    /// Null: not frozen.
    std::shared_ptr<const StandingFreeze> current() const;
    /// From its return on nothing changes, whatever is broken. It waits for the disk, and no longer
    /// than kPatience for cache and database: what these have not got by then they get when they
    /// answer, and what is returned is not recorded. Each call is a freeze of its own, also of a
    /// frozen cluster: the older one may have been lifted elsewhere, and nobody here have heard of
    /// it. The same request id, through whichever master, is the same freeze. Returns the oldest
    /// that stands. PERMISSION_DENIED and the like are the caller's to find before.
    std::shared_ptr<const StandingFreeze> freeze(const Caller& caller) {
        return freeze(markOf(caller));
    }
    std::shared_ptr<const StandingFreeze> freeze(domain::FreezeMark mark);
    /// The freeze that the call is, for who tells others of it before freeze() waits.
    domain::FreezeMark markOf(const Caller& caller) const;
    /// Another master was told to freeze, or this one is about to do more: from its return on
    /// nothing changes here. Kept in the file and recorded by the next tick(), or lifted by it
    /// where the database says so. Never blocks on I/O.
    void hold(const domain::FreezeMark& mark);
    /// Somebody found it in the database before the next tick() does. Never blocks on I/O.
    void heard(const domain::FreezeMark& mark);
    /// FAILED_PRECONDITION (NOT_FROZEN); UNAVAILABLE while the database is away.
    absl::Status unfreeze(const Caller& caller);
    /// tick() at once, after another master lifted one. Waits for what is under way, and for the
    /// database. UNAVAILABLE (DATABASE_AWAY), or at once (FREEZE_BUSY): another call waits to
    /// begin.
    absl::Status lookNow();
    /// At least each second: what other masters did, and what waits for the database.
    void tick();

private:
    /// A freeze() that waits for cache and database.
    struct Asked {
        domain::FreezeMark mark;
        bool isDone = false;
        bool isAnswered = false;  ///< its caller waits no more
    };

    /// What its thread does until the end.
    void record();
    /// The freeze of a call, as whoever makes it would be answered now.
    void recordAsked(Asked& asked) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    bool isAnswered(const Asked& asked) const;
    void takeTold() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    void wait(const domain::FreezeMark& mark) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    /// The first error; what was refused waits on.
    absl::Status recordWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    /// Records what waits, and what the database then says of `mark`.
    absl::StatusOr<FreezeRecords::Seen> tell(const domain::FreezeMark& mark)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    void set(std::shared_ptr<const StandingFreeze> next);
    /// Where none stands; false: one does.
    bool begin(const domain::FreezeMark& mark) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void publish();
    void adopt(const domain::FreezeMark& mark, bool recorded) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    void keepInFile(const domain::FreezeMark& mark);
    /// Says of the one that stands whether the file has it.
    void noteFile(const domain::FreezeMark& mark, bool isInFile);
    /// Removes it where nothing stands any more.
    void leaveFile();
    void keepInCache(const domain::FreezeMark& mark);
    void keep(const domain::FreezeMark& known) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    /// What was told since takeTold() stands on.
    void clear() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    std::optional<domain::FreezeMark> fromCache() const;
    absl::Status lookAround() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);
    void settle(const domain::FreezeMark& known, FreezeRecords::Seen seen)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_work);

    const Parts m_parts;
    const FreezeRecords m_records;
    const FreezeFile m_file;
    absl::Mutex m_work;  ///< one change at a time; held while the database answers
    std::atomic<bool> m_isLookWaiting{false};             ///< a lookNow(), for m_work
    bool m_databaseAway ABSL_GUARDED_BY(m_work) = false;  ///< at the last look
    // Made here or heard of through the cache, and not in the database yet; oldest first. The file
    // and the cache hold the newest: one suffices to keep the cluster frozen.
    std::vector<domain::FreezeMark> m_waiting ABSL_GUARDED_BY(m_work);
    base::SteadyTime m_nextCacheLook ABSL_GUARDED_BY(m_work){};
    absl::Mutex m_fileMutex;                            ///< held while the disk answers
    std::string m_inFile ABSL_GUARDED_BY(m_fileMutex);  ///< the id of the one there
    mutable absl::Mutex m_mutex;
    std::shared_ptr<const StandingFreeze> m_current ABSL_GUARDED_BY(m_mutex);
    /// By other masters since the last tick.
    std::vector<domain::FreezeMark> m_told ABSL_GUARDED_BY(m_mutex);
    std::vector<std::shared_ptr<Asked>> m_asked ABSL_GUARDED_BY(m_mutex);
    base::SteadyCondVar m_recorded;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_recorder;
};

}  // namespace ifrit::master::services
