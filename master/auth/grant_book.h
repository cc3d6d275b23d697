// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <string>
#include <vector>

#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Who was granted what: by this master's configuration, and by super admins in the database. Those
/// of the database are read at each question, so that what one master was told holds at all of
/// them; while it is away, the last known ones stand for an hour. Thread-safe.
class GrantBook {
public:
    GrantBook(storage::Database& database, const base::Clock& clock)
        : m_database(database), m_clock(clock) {}

    /// Replaces what the configuration grants. Their ids are empty.
    void configure(std::vector<domain::Grant> grants);
    std::vector<domain::Grant> configured() const;
    /// All of one operator, expired ones too. Blocks on the database.
    absl::StatusOr<std::vector<domain::Grant>> of(const std::string& operatorName);
    /// The same as far as it is known without asking the database.
    std::vector<domain::Grant> known(const std::string& operatorName) const;
    /// Reads those of the database, so that they are known should it go away.
    absl::Status refresh();

private:
    void addConfigured(const std::string& operatorName, std::vector<domain::Grant>& out) const
        ABSL_SHARED_LOCKS_REQUIRED(m_mutex);

    storage::Database& m_database;
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    std::vector<domain::Grant> m_configured ABSL_GUARDED_BY(m_mutex);
    std::map<std::string, std::vector<domain::Grant>> m_remembered ABSL_GUARDED_BY(m_mutex);
    base::SteadyTime m_rememberedUntil ABSL_GUARDED_BY(m_mutex){};
};

}  // namespace ifrit::master::auth
