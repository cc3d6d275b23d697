// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

// How often machines are told to come, so that a master is asked for what it can do. Pure: values
// in, values out.
namespace ifrit::master::services {

struct PaceLimits {
    std::chrono::milliseconds base{30'000};  ///< never sooner
    double processors = 1;
    double share = 0.85;  ///< of the processors, up to which polls are taken; 0: always `base`

    /// A machine takes no more than five minutes for an answer unless it is told to
    /// (`max_poll_ms`), and the jitter goes on top.
    std::chrono::milliseconds longest() const;
};

/// What happened since the last look.
struct PaceSample {
    std::chrono::nanoseconds elapsed{0};
    std::chrono::nanoseconds processor{0};  ///< time that this process took of all processors
    std::uint64_t polls = 0;                ///< that began
    std::uint64_t machines = 0;             ///< that poll this master, now
};

/// Means over the last few seconds, per second.
struct PaceState {
    std::chrono::duration<double> interval{0};
    double busy = 0;  ///< processors
    double polls = 0;
    double newcomers = 0;
    std::uint64_t machines = 0;
};

PaceState firstPace(const PaceLimits& limits);

/// What a poll costs is all that the process did, by the polls that it began meanwhile: with what
/// other calls and handshakes take, for they have to fit in too. Machines times that, by the share
/// of the processors that newcomers leave, is how far apart polls have to be. That does not depend
/// on the interval in force, so it does not swing with the time until that shows; what costs the
/// same however rarely machines come draws it on to one end, or to the longest. The interval goes
/// there by up to a fifth a second while the processors are busier than they should be, and comes
/// back by a hundredth a second while they are not.
PaceState nextPace(const PaceState& before, const PaceSample& sample, const PaceLimits& limits);

}  // namespace ifrit::master::services
