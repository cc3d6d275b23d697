// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/fleet_store.h"
#include "shared/domain/release.h"

namespace ifrit::gui::presenters {

/// How many machines of the fleet a gray list names. Remembers the last answer, which is asked for
/// several times for each key that is typed. GUI thread.
class GrayCount {
public:
    /// uuids, pin and labels together, a machine once. O(uuids); with a pin or labels O(machines)
    /// where the list or the fleet changed.
    int of(const domain::GraySelection& gray, const models::FleetStore& store);
    /// The store is another one than it was.
    void forget() { m_known = false; }

private:
    domain::GraySelection m_gray;
    int m_count = 0;
    bool m_known = false;  ///< m_count is of m_gray
};

}  // namespace ifrit::gui::presenters
