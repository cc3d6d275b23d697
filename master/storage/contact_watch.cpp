// SPDX-License-Identifier: Apache-2.0
#include "master/storage/contact_watch.h"

#include <algorithm>

#include "shared/base/status.h"

namespace ifrit::master::storage {
namespace {

bool isOfDatabase(const absl::Status& status) {
    const std::string reason = base::errorInfo(status).reason;
    return reason == "DATABASE_AWAY" || reason == "DATABASE_BROKEN" || reason == "DISK_FULL";
}

}  // namespace

absl::Status ContactWatch::transact(const Work& work) {
    const base::SteadyTime begin = m_clock.steadyNow();
    return noted(begin, m_database.transact(work), true);
}

absl::Status ContactWatch::read(const Work& work) {
    const base::SteadyTime begin = m_clock.steadyNow();
    // A full disk can be read.
    return noted(begin, m_database.read(work), false);
}

absl::Status ContactWatch::noted(base::SteadyTime begin, const absl::Status& status, bool keeps) {
    absl::MutexLock lock(&m_mutex);
    if (!status.ok() && isOfDatabase(status)) {
        // One that hung since before another was kept says nothing about now.
        if (!m_awaySince && begin >= m_kept) m_awaySince = begin;
    } else if (status.ok() && keeps) {
        m_kept = std::max(m_kept, begin);
        m_awaySince.reset();
    }
    return status;
}

std::optional<base::SteadyTime> ContactWatch::awaySince() const {
    absl::MutexLock lock(&m_mutex);
    return m_awaySince;
}

}  // namespace ifrit::master::storage
