// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <cstdint>
#include <optional>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "gui/models/ring_parts.h"
#include "gui/services/releases.h"

namespace ifrit::gui::presenters {

/// Machines of the fleet on the ring.
struct RingCount {
    std::vector<qint64> machines;         ///< entry 0 is batch 1
    std::vector<qint64> failing;          ///< as `machines`
    std::vector<std::uint32_t> failures;  ///< rows of the failing ones
};

/// What the batches of a ring are up to. Pure.
class RingStates {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::RingStates)
public:
    /// Failing: failed, reverted or silent, and not merely offline; with `agent`, by what that
    /// agent of theirs does. One walk over all rows.
    static RingCount count(const models::FleetColumns& columns, std::uint32_t batches,
                           const std::string& agent);
    /// Batches 1..N in the order in which they open, with name and look: done, open, halted,
    /// paused, next, not open yet; of a release that is over what became of them: aborted, rolled
    /// back, not opened. Of a release that goes by batches.
    static std::vector<models::RingBatch> ofRelease(const services::ReleaseInfo& info,
                                                    std::uint32_t batches);
    /// The same without a release: more than 5 % failing, at most 5 %, without machines.
    static std::vector<models::RingBatch> ofFleet(const RingCount& count, std::uint32_t batches);
    /// "37.5 %" of the ring is open, and which batches those are. Shares must be there.
    static void tellOpen(const services::ReleaseInfo& info, models::RingContent& content);
    static bool goesByBatches(const services::ReleaseInfo& info);
};

}  // namespace ifrit::gui::presenters
