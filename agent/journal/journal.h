// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <string>

#include "agent/journal/disk_reserve.h"
#include "agent/journal/journal_state.h"
#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// The durable memory of one machine: one readable file, replaced as a whole and flushed by each
/// update, so that a kill or power cut at any instant leaves the old or the new state.
/// Thread-safe; update() blocks for the disk.
class Journal {
public:
    /// What open() found out about the file.
    struct Opened {
        std::unique_ptr<Journal> journal;
        /// Not OK (DATA_LOSS JOURNAL_DAMAGED) when the file was unreadable: it was kept aside under
        /// the name in the message, the journal starts empty, and the caller rebuilds from what is
        /// installed on disk. To be logged and reported.
        absl::Status damage;
    };

    enum class OnDamage {
        StartEmpty,  ///< the file is kept aside, and the state rebuilt
        Refuse,      ///< the file is left as it is, and the damage is the error
    };

    /// Reads `path`; an absent file is an empty state. Takes no lock: the caller holds the state
    /// directory's FileLock. FAILED_PRECONDITION JOURNAL_TOO_NEW for a file of a later major
    /// format, which is left untouched; system errors when it cannot be read at all.
    static absl::StatusOr<Opened> open(const std::string& path,
                                       OnDamage onDamage = OnDamage::StartEmpty);

    /// For who only looks, beside the ifrit-agent that owns the file: changes nothing, whatever is
    /// wrong with it. DATA_LOSS JOURNAL_DAMAGED, FAILED_PRECONDITION JOURNAL_TOO_NEW.
    static absl::StatusOr<JournalState> read(const std::string& path);

    /// A copy of the state as of the last successful update.
    JournalState state() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The record of one agent, empty if there is none.
    AgentRecord agent(const std::string& name) const ABSL_LOCKS_EXCLUDED(m_mutex);

    /// Keeps some room of the disk for what must be written when it is full, from now on, and makes
    /// it whole again after it was used. An error is worth a line in the log and no more.
    absl::Status holdReserve() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Frees a piece of it for a change of the disk other than ours; false when nothing is left.
    bool giveReserve() ABSL_LOCKS_EXCLUDED(m_mutex);

    enum class Room {
        Free,      ///< what is free; a full disk is an error
        Reserved,  ///< also the reserve: for the way back alone, or it is gone when that is needed
    };

    /// Applies `change` to a copy and writes it. On an error (disk full...) neither the file nor
    /// state() has changed, and the call may be repeated. No write when nothing changed. `change`
    /// runs under the lock: it must not call the journal.
    absl::Status update(const std::function<void(JournalState&)>& change, Room room = Room::Free)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// As update(), for one agent; an agent whose record comes out empty is removed.
    absl::Status updateAgent(const std::string& name,
                             const std::function<void(AgentRecord&)>& change,
                             Room room = Room::Free) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    Journal(std::string path, JournalState state, std::string unknownKeys);

    absl::Status write(const std::string& bytes, Room room) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::string m_path;
    mutable absl::Mutex m_mutex;
    JournalState m_state ABSL_GUARDED_BY(m_mutex);
    DiskReserve m_reserve ABSL_GUARDED_BY(m_mutex);
    bool m_holdsReserve ABSL_GUARDED_BY(m_mutex) = false;
    std::string m_unknownKeys ABSL_GUARDED_BY(m_mutex);  ///< of a later minor format, kept as read
};

}  // namespace ifrit::agent::journal
