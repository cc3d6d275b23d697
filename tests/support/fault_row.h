// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>

namespace ifrit::tests {

/// Says which part of a fault row a test with label `fault` covers, as `tools/test` collects it:
///
///     printFaultRow("D1", "upgrade", 143, 143, "crash points");
///     fault row: D1 upgrade: 143/143 crash points
///
/// Call it at the end, with the numbers that were counted, not planned: `passed` cases held out of
/// `total` that were tried. Any thread.
inline void printFaultRow(const char* row, const std::string& what, int passed, int total,
                          const std::string& cases) {
    std::printf("fault row: %s %s: %d/%d %s\n", row, what.c_str(), passed, total, cases.c_str());
    std::fflush(stdout);
}

}  // namespace ifrit::tests
