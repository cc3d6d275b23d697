// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "shared/base/clock.h"

namespace ifrit::gui::presenters {

/// How old a list is that is read again at events of the master alone. Whoever comes to its page is
/// not to take for current what an event that never came would have changed.
class ReadAge {
public:
    static constexpr std::chrono::seconds kFreshFor{5};

    /// It is asked for.
    void read(base::WallTime now) {
        m_read = now;
        m_outdated = false;
    }
    /// What was asked for last is there.
    void came() { m_came = m_read; }
    void clear() { *this = {}; }
    /// Something happened since that changes it.
    void outdate() { m_outdated = true; }
    /// It was read, longer than kFreshFor ago; also where the clock was set back meanwhile.
    bool isOld(base::WallTime now) const {
        return m_read && (m_outdated || now < *m_read || now - *m_read >= kFreshFor);
    }
    /// Since when nothing of what is shown is newer; none: nothing has come.
    std::optional<base::WallTime> asOf() const { return m_came; }

private:
    std::optional<base::WallTime> m_read;
    std::optional<base::WallTime> m_came;
    bool m_outdated = false;
};

}  // namespace ifrit::gui::presenters
