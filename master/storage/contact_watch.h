// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>

#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::storage {

/// A database, and since when it keeps nothing: it cannot be reached, is damaged, or its disk is
/// full. Thread-safe.
class ContactWatch final : public Database {
public:
    ContactWatch(Database& database, const base::Clock& clock)
        : m_database(database), m_clock(clock) {}

    absl::Status transact(const Work& work) override;
    absl::Status read(const Work& work) override;
    /// When the first call began that it could not do; nullopt: it has kept something since.
    std::optional<base::SteadyTime> awaySince() const;

private:
    absl::Status noted(base::SteadyTime begin, const absl::Status& status, bool keeps);

    Database& m_database;
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    std::optional<base::SteadyTime> m_awaySince ABSL_GUARDED_BY(m_mutex);
    base::SteadyTime m_kept ABSL_GUARDED_BY(m_mutex){};  ///< begin of the newest that it kept
};

}  // namespace ifrit::master::storage
