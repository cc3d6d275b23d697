// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>

namespace ifrit::bench {

/// What a figure is held against.
struct Goal {
    enum class Kind { AtMost, AtLeast };
    Kind kind;
    double value;
    bool isMet(double figure) const {
        return kind == Kind::AtMost ? figure <= value : figure >= value;
    }
};
inline Goal atMost(double value) {
    return {Goal::Kind::AtMost, value};
}
inline Goal atLeast(double value) {
    return {Goal::Kind::AtLeast, value};
}

/// Prints figures as JSON lines, as tools/bench does, and remembers whether all goals were met.
class Figures {
public:
    /// `more`: further members of the object, such as "\"machines\": 10", or empty.
    void print(const std::string& name, double figure, const Goal& goal, const std::string& unit,
               const std::string& more = "") {
        const bool met = goal.isMet(figure);
        m_allMet = m_allMet && met;
        std::printf(
            "{\"bench\": \"%s\", \"value\": %.4f, \"unit\": \"%s\", \"%s\": %g%s%s, "
            "\"ok\": %s}\n",
            name.c_str(), figure, unit.c_str(),
            goal.kind == Goal::Kind::AtMost ? "at_most" : "at_least", goal.value,
            more.empty() ? "" : ", ", more.c_str(), met ? "true" : "false");
        std::fflush(stdout);
    }
    /// 1: a goal was missed.
    int exitCode() const { return m_allMet ? 0 : 1; }

private:
    bool m_allMet = true;
};

}  // namespace ifrit::bench
