// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "master/members/lease_rule.h"
#include "master/members/member_rule.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::master::members {

/// How this master stands among those of its cluster.
struct Standing {
    std::optional<std::uint64_t> token;  ///< it holds the lease, with this token
    std::string leaderAddress;           ///< another holds it and lives; empty: itself or nobody
    std::vector<storage::MemberRecord> others;  ///< that live
    /// Others that did not end in order and are heard of no more, for up to ten minutes: one that
    /// was only suspended or cut off comes back.
    std::vector<storage::MemberRecord> silent;
    std::uint64_t deaths = 0;  ///< how many others were seen to go, since the start
};

/// Says in the database that this master lives, keeps or takes the lease, and knows the others. One
/// thread beats; calls are thread-safe. While the database is away nothing changes: nobody can take
/// the lease then, and what needs it cannot be committed.
class Membership {
public:
    struct Options {
        std::string id;  ///< new with each start
        std::string address;
        std::string version;
        std::chrono::milliseconds lease{4'000};
    };
    Membership(storage::Database& database, const base::Clock& clock, Options options);
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

    /// The first beat, on the caller's thread; takes the lease where nobody has it.
    absl::Status join();
    /// After join(): beats at a quarter of the lease.
    void start();
    /// Ends the thread, gives the lease back and leaves, so that nobody waits for this master.
    void leave();

    Standing standing() const;
    const std::string& id() const { return m_options.id; }

private:
    absl::Status beat();
    struct Seen {
        std::vector<storage::MemberRecord> rows;
        storage::LeaseRecord lease;
    };
    absl::Status beatIn(storage::Transaction& in, base::SteadyTime now, Seen& seen);
    void run();

    storage::Database& m_database;
    const base::Clock& m_clock;
    const Options m_options;
    // Of the beating thread; of join() before it and leave() after it.
    LeaseRule m_lease;
    MemberRule m_members;
    storage::MemberRecord m_self;
    std::vector<std::string> m_forgotten;  ///< whose rows the leader's next beat removes
    bool m_wasHeard = true;
    mutable absl::Mutex m_mutex;
    Standing m_standing ABSL_GUARDED_BY(m_mutex);
    base::SteadyCondVar m_changed;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::master::members
