// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <memory>

#include "master/storage/sql/connection.h"
#include "shared/base/clock.h"

namespace ifrit::master::storage::sql {

/// Opens connections to one place. After an attempt that failed, those who ask within a second are
/// told its error: a database that is away must cost one of them the connect timeout, not each in
/// turn. Thread-safe.
class Connector {
public:
    explicit Connector(Place place) : m_place(std::move(place)) {}

    absl::StatusOr<std::unique_ptr<Connection>> open(Connection::Use use);

private:
    static constexpr std::chrono::seconds kPause{1};

    const Place m_place;
    const base::SystemClock m_clock;
    absl::Mutex m_mutex;
    absl::Status m_failure ABSL_GUARDED_BY(m_mutex);
    base::SteadyTime m_nextTry ABSL_GUARDED_BY(m_mutex){};
};

}  // namespace ifrit::master::storage::sql
