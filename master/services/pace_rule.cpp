// SPDX-License-Identifier: Apache-2.0
#include "master/services/pace_rule.h"

#include <algorithm>
#include <cmath>

namespace ifrit::master::services {
namespace {

using Seconds = std::chrono::duration<double>;

/// Of ifrit-agent's 300 s the tenth of jitter is left out, and a little.
constexpr std::chrono::seconds kLongest{270};
/// Polls of a second in a test, or in a cluster that wants them, do not come to be minutes apart.
constexpr int kMostStretched = 9;
constexpr Seconds kMemory{5};
constexpr Seconds kShrink{100};
/// In a second. A moment in which all come at once, as after a restart, does not send them away for
/// minutes.
constexpr double kGrowth = 1.2;

/// How much of it is forgotten in a time.
double weightOf(Seconds elapsed, Seconds memory) {
    return 1 - std::exp(-elapsed.count() / memory.count());
}

}  // namespace

std::chrono::milliseconds PaceLimits::longest() const {
    return std::max(base, std::min<std::chrono::milliseconds>(kMostStretched * base, kLongest));
}

PaceState firstPace(const PaceLimits& limits) {
    PaceState out;
    out.interval = limits.base;
    return out;
}

PaceState nextPace(const PaceState& before, const PaceSample& sample, const PaceLimits& limits) {
    const Seconds elapsed = sample.elapsed;
    if (elapsed <= Seconds(0) || limits.share <= 0) return before;
    const double weight = weightOf(elapsed, kMemory);
    const auto mean = [&](double known, double now) {
        return known + weight * (now / elapsed.count() - known);
    };
    const std::uint64_t added =
        sample.machines - std::min<std::uint64_t>(sample.machines, before.machines);
    PaceState out;
    out.busy = mean(before.busy, Seconds(sample.processor).count());
    out.polls = mean(before.polls, static_cast<double>(sample.polls));
    out.newcomers = mean(before.newcomers, static_cast<double>(added));
    out.machines = sample.machines;

    const double room = limits.share * limits.processors;
    const double cost = out.polls > 0 ? out.busy / out.polls : 0;
    const double left = room - out.newcomers * cost;
    const double all = static_cast<double>(sample.machines) * cost;
    const Seconds longest = limits.longest();
    // Divided by as little as leads to the longest, and not by nothing.
    const Seconds wanted = std::clamp<Seconds>(
        Seconds(all / std::max(left, all / longest.count() + 1e-9)), limits.base, longest);
    // Only where both say so: polls come in waves, in which a poll costs less, and more between.
    out.interval = before.interval;
    if (wanted > before.interval && out.busy > room)
        out.interval = std::min(wanted, before.interval * std::pow(kGrowth, elapsed.count()));
    if (wanted < before.interval && out.busy < room)
        out.interval = std::max(wanted, before.interval * (1 - weightOf(elapsed, kShrink)));
    return out;
}

}  // namespace ifrit::master::services
