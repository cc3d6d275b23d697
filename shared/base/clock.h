// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace ifrit::base {

/// Wall-clock time, millisecond resolution: what is stored, sent and shown. Always UTC.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Time as a constructor argument, so that tests own it. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
    virtual SteadyTime steadyNow() const = 0;
};

class SystemClock final : public Clock {
public:
    WallTime now() const override;
    SteadyTime steadyNow() const override;
};

/// Milliseconds since the Unix epoch, the form of every time on the wire and in the database.
std::int64_t toUnixMillis(WallTime time);
WallTime fromUnixMillis(std::int64_t millis);

}  // namespace ifrit::base
