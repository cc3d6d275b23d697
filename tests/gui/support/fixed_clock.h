// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/base/clock.h"

namespace ifrit::tests {

/// Stands still until it is moved.
class FixedClock final : public base::Clock {
public:
    explicit FixedClock(std::int64_t millis = 1'795'400'000'000) : m_millis(millis) {}
    base::WallTime now() const override { return base::fromUnixMillis(m_millis); }
    base::SteadyTime steadyNow() const override {
        return base::SteadyTime(std::chrono::milliseconds(m_millis));
    }
    void advance(std::chrono::milliseconds by) { m_millis += by.count(); }

private:
    std::int64_t m_millis;
};

}  // namespace ifrit::tests
