// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ifrit::agent::app {

/// What one check of `ifrit-agent doctor` found out.
struct Finding {
    enum class Result {
        Ok,
        Warning,  ///< works, and will not for ever
        Failed,
        Skipped  ///< could not be looked at, because of what failed before
    };
    std::string check;
    Result result = Result::Ok;
    std::string detail;
    std::string advice;  ///< what to do; empty where nothing is to be done
};

/// One line a finding, and its advice below it. Pure.
std::string findingsText(const std::vector<Finding>& findings);
/// An array of objects. Pure.
std::string findingsJson(const std::vector<Finding>& findings);
bool anyFailed(const std::vector<Finding>& findings);

}  // namespace ifrit::agent::app
