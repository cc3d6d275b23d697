// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace ifrit::domain {

/// How likely values as far above `before` as `after` are by chance: the one-sided p of the
/// Mann-Whitney U test (Mann and Whitney 1947), by the normal approximation with corrections for
/// ties and continuity, which is good from about 5 values a side. 1 where a side is empty or all
/// values are equal. Makes no assumption about the shape of the distributions. O(n log n).
double probabilityOfNoRise(const std::vector<double>& before, const std::vector<double>& after);

/// 0 for none.
double medianOf(std::vector<double> values);

/// How sure the rank test must be that the new version costs more.
inline constexpr double kCostSignificance = 0.01;

/// What the cost gate halts for: the median after is above the one before by `percent` of it and
/// by `least`, and that is no chance. O(n log n).
bool isCostRise(const std::vector<double>& before, const std::vector<double>& after, double percent,
                double least);

}  // namespace ifrit::domain
