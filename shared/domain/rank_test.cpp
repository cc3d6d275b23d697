// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/rank_test.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace ifrit::domain {

double probabilityOfNoRise(const std::vector<double>& before, const std::vector<double>& after) {
    std::vector<std::pair<double, bool>> all;  // true: of after
    all.reserve(before.size() + after.size());
    for (const double value : before)
        all.emplace_back(value, false);
    for (const double value : after)
        all.emplace_back(value, true);
    std::sort(all.begin(), all.end());

    const auto n1 = static_cast<double>(after.size());
    const auto n2 = static_cast<double>(before.size());
    const double n = n1 + n2;
    if (n1 == 0 || n2 == 0) return 1;
    double rankSum = 0;  // of after
    double ties = 0;     // sum of t^3 - t
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        std::size_t ofAfter = 0;
        for (; end < all.size() && all[end].first == all[begin].first; ++end)
            ofAfter += all[end].second ? 1 : 0;
        const auto equal = static_cast<double>(end - begin);
        const double rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
        rankSum += rank * static_cast<double>(ofAfter);
        ties += equal * equal * equal - equal;
        begin = end;
    }
    const double u = rankSum - n1 * (n1 + 1) / 2;
    const double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
    if (variance <= 0) return 1;
    const double z = (u - n1 * n2 / 2 - 0.5) / std::sqrt(variance);
    return 0.5 * std::erfc(z / std::sqrt(2.0));
}

double medianOf(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

bool isCostRise(const std::vector<double>& before, const std::vector<double>& after, double percent,
                double least) {
    const double was = medianOf(before);
    const double rise = medianOf(after) - was;
    return rise >= least && rise >= was * percent / 100 &&
           probabilityOfNoRise(before, after) < kCostSignificance;
}

}  // namespace ifrit::domain
