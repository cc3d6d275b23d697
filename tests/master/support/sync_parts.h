// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "master/services/sync_service.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

namespace ifrit::master::services {

/// What a SyncService stands on, over a database in memory and a clock of the test's.
struct SyncParts {
    SyncService::Parts with(PollPace& pace) {
        return {fleet, published, writer, clears, logTails, clock, pace, {}};
    }

    ManualClock clock;
    storage::MemoryDatabase database;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears clears;
    LogTails logTails;
    compose::PublishedState published;
    ReportWriter writer{{database, fleet, clears, [](const auto&) {}}};
};

}  // namespace ifrit::master::services
