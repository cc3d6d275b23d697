// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <optional>
#include <thread>

#include "master/app/database_identities.h"
#include "master/app/housekeeping.h"
#include "master/auth/revocations.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::master::app {

/// The thread "revocations": calls refresh() every few seconds, since the command line may have
/// revoked, and tidy() hourly, where this master leads.
class RevocationWatch {
public:
    /// Asked on the thread; nullopt: another master tidies.
    using Leading = std::function<std::optional<Lead>()>;
    RevocationWatch(auth::Revocations& revocations, DatabaseIdentities& identities,
                    storage::Database& database, const base::Clock& clock, Leading leading);
    ~RevocationWatch();
    RevocationWatch(const RevocationWatch&) = delete;
    RevocationWatch& operator=(const RevocationWatch&) = delete;

private:
    void run() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// False when it is time to end.
    bool waitForNext() ABSL_LOCKS_EXCLUDED(m_mutex);

    auth::Revocations& m_revocations;
    DatabaseIdentities& m_identities;
    storage::Database& m_database;
    const base::Clock& m_clock;
    const Leading m_leading;
    base::SteadyTime m_nextTidy{};  ///< of the thread alone
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::master::app
