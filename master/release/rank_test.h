// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace ifrit::master::release {

/// How likely values as far above `before` as `after` are by chance: the one-sided p of the
/// Mann-Whitney U test (Mann and Whitney 1947), by the normal approximation with corrections for
/// ties and continuity, which is good from about 5 values a side. 1 where a side is empty or all
/// values are equal. Makes no assumption about the shape of the distributions. O(n log n).
double probabilityOfNoRise(const std::vector<double>& before, const std::vector<double>& after);

/// 0 for none.
double medianOf(std::vector<double> values);

}  // namespace ifrit::master::release
