// SPDX-License-Identifier: Apache-2.0
#include "gui/services/master_load.h"

#include <algorithm>
#include <utility>

namespace ifrit::gui::services {
namespace {

double rateOf(std::uint64_t count, std::chrono::milliseconds span) {
    constexpr double kMsPerSecond = 1'000;
    if (span.count() <= 0) return 0;
    return static_cast<double>(count) * kMsPerSecond / static_cast<double>(span.count());
}

}  // namespace

double LoadSample::pollsPerSecond() const {
    return rateOf(polls, span);
}

LoadSummary summaryOf(const std::vector<LoadSample>& samples) {
    LoadSummary out;
    std::vector<std::pair<std::chrono::microseconds, std::uint64_t>> medians;
    for (const LoadSample& sample : samples) {
        out.span += sample.span;
        out.polls += sample.polls;
        out.shed += sample.shed;
        out.otherCalls += sample.otherCalls;
        if (sample.polls == 0) continue;
        medians.emplace_back(sample.pollP50, sample.polls);
        out.pollP99 = std::max(out.pollP99.value_or(sample.pollP99), sample.pollP99);
    }
    out.pollsPerSecond = rateOf(out.polls, out.span);
    std::sort(medians.begin(), medians.end());
    std::uint64_t below = 0;
    for (const auto& [median, polls] : medians) {
        below += polls;
        if (2 * below < out.polls) continue;
        out.pollP50 = median;
        break;
    }
    return out;
}

}  // namespace ifrit::gui::services
