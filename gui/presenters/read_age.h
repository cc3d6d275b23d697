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

    void read(base::WallTime now) { m_read = now; }
    void clear() { m_read.reset(); }
    /// Something happened since that changes it.
    void outdate() {
        if (m_read) m_read = base::WallTime{};
    }
    /// It was read, longer than kFreshFor ago; also where the clock was set back meanwhile.
    bool isOld(base::WallTime now) const {
        return m_read && (now < *m_read || now - *m_read >= kFreshFor);
    }

private:
    std::optional<base::WallTime> m_read;
};

}  // namespace ifrit::gui::presenters
