// SPDX-License-Identifier: Apache-2.0
#include "master/services/load_rule.h"

#include <numeric>

namespace ifrit::master::services {
namespace {

using std::chrono::nanoseconds;

constexpr double kMedian = 0.5;
constexpr double kTail = 0.99;

}  // namespace

nanoseconds durationQuantile(absl::Span<const nanoseconds> bounds,
                             absl::Span<const std::uint64_t> counts, double share) {
    const auto all = std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
    const double rank = share * static_cast<double>(all);
    double below = 0;
    nanoseconds lower{0};
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto here = static_cast<double>(counts[i]);
        if (here > 0 && below + here >= rank) {
            const double part = (rank - below) / here;
            const auto width = static_cast<double>((bounds[i] - lower).count());
            return lower + nanoseconds(static_cast<nanoseconds::rep>(part * width));
        }
        below += here;
        lower = bounds[i];
    }
    return all == 0 ? nanoseconds(0) : lower;
}

LoadSample loadBetween(const CallTotals& before, const CallTotals& after,
                       std::chrono::milliseconds span, base::WallTime at) {
    LoadSample out;
    out.at = at;
    out.span = span;
    out.polls = after.polls - before.polls;
    out.shed = after.shed - before.shed;
    out.otherCalls = after.otherCalls - before.otherCalls;
    std::vector<std::uint64_t> counts(after.pollsByDuration);
    for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i] -= before.pollsByDuration[i];
    out.pollP50 = durationQuantile(after.bounds, counts, kMedian);
    out.pollP99 = durationQuantile(after.bounds, counts, kTail);
    return out;
}

}  // namespace ifrit::master::services
