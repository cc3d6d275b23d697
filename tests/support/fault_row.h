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

/// The cases of one part of a row, each counted where it was tried. Belongs to one thread.
class FaultTally {
public:
    /// Returns `held`; of the first case that did not hold it remembers `which`.
    bool count(bool held, const std::string& which) {
        ++m_total;
        m_passed += held ? 1 : 0;
        if (!held && m_failed.empty()) m_failed = which.empty() ? "a case" : which;
        return held;
    }
    int passed() const { return m_passed; }
    int total() const { return m_total; }
    /// Empty when all of them held.
    const std::string& failed() const { return m_failed; }
    /// Before failed() is verified, so that the row also says how many did not hold.
    void print(const char* row, const std::string& what, const std::string& cases) const {
        printFaultRow(row, what, m_passed, m_total, cases);
    }

private:
    int m_passed = 0;
    int m_total = 0;
    std::string m_failed;
};

}  // namespace ifrit::tests
