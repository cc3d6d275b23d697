// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "agent/install/layout.h"
#include "agent/integrity/byte_budget.h"
#include "agent/integrity/integrity_board.h"
#include "agent/integrity/scan_schedule.h"
#include "agent/integrity/scan_settings.h"
#include "agent/integrity/tree_scanner.h"
#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "agent/platform/tree_watcher.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::agent::integrity {

/// Scans what the journal says is installed, in turn, when it is due or when something was noticed,
/// and tells the board. Versions of an agent that is being changed are left out: their files come
/// and go. One thread calls step(); stop() comes from any.
class IntegrityScanner {
public:
    struct Parts {
        const base::Clock& clock;
        base::UniformRandom random;
        const journal::Journal& journal;  ///< only read: a write here would wait last in line
        const package::ManifestStore& manifests;
        platform::TreeWatcher& watcher;
        IntegrityBoard& board;
        std::function<void()> found;  ///< the board has something new; on step()'s thread
    };

    IntegrityScanner(Parts parts, install::Layout layout, ScanSettings settings);

    /// Does one thing that is due, or waits for it, but at most `longest`.
    void step(std::chrono::milliseconds longest);
    /// From any thread: something is wrong with this agent, perhaps with its files.
    void suspect(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Ends the scan that is on, and every later step, at once.
    void stop();
    bool stopped() const { return m_stop.HasBeenNotified(); }

private:
    struct Watched {
        VerifiedStamps stamps;
        bool unwatched = false;   ///< no prompt notices, as was reported
        std::string found;        ///< summary of the last finding
        std::uint32_t looks = 0;  ///< in a row that came to it
    };

    void refresh();
    std::set<Installation> scannable() const;
    std::string rootOf(const Installation& installation) const;
    void watch(const Installation& installation, Watched& watched);
    void takeNotices(std::chrono::milliseconds timeout);
    void scan(const ScanSchedule::Due& due);
    void tell(const Installation& installation, Finding finding, std::uint64_t epoch);
    void logFound(const Installation& installation, const std::string& summary);
    absl::StatusOr<Finding> look(const ScanSchedule::Due& due);
    std::string linkProblem(const Installation& installation) const;
    bool pace(std::size_t bytes);
    void report(const std::string& kind, const Installation& about, const std::string& message);

    const Parts m_parts;
    const install::Layout m_layout;
    const ScanSettings m_settings;
    absl::Notification m_stop;
    ByteBudget m_budget;
    TreeScanner m_scanner;
    ScanSchedule m_schedule;
    std::map<Installation, Watched> m_watched;
    std::optional<base::SteadyTime> m_lossReported;
    absl::Mutex m_mutex;
    base::SteadyCondVar m_stopped;
    std::set<std::string> m_suspects ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::integrity
