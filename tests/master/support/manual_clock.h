// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "shared/base/clock.h"

namespace ifrit::master::services {

/// A clock that stands until it is moved. Thread-safe.
class ManualClock final : public base::Clock {
public:
    base::WallTime now() const override { return base::fromUnixMillis(m_millis + m_set); }
    base::SteadyTime steadyNow() const override {
        return base::SteadyTime(std::chrono::milliseconds(m_millis));
    }
    void advance(std::chrono::milliseconds by) { m_millis += by.count(); }
    /// Somebody sets the time of day, ahead or back; no time goes by.
    void set(std::chrono::milliseconds by) { m_set += by.count(); }

private:
    std::atomic<std::int64_t> m_millis{1'700'000'000'000};
    std::atomic<std::int64_t> m_set{0};
};

}  // namespace ifrit::master::services
