// SPDX-License-Identifier: Apache-2.0
#include "agent/app/finding.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/log/json_formatter.h"

namespace ifrit::agent::app {
namespace {

std::string_view resultName(Finding::Result result) {
    switch (result) {
        case Finding::Result::Ok:
            return "ok";
        case Finding::Result::Warning:
            return "warning";
        case Finding::Result::Failed:
            return "FAILED";
        case Finding::Result::Skipped:
            return "skipped";
    }
    return "?";
}

}  // namespace

std::string findingsText(const std::vector<Finding>& findings) {
    std::size_t width = 0;
    for (const Finding& finding : findings)
        width = std::max(width, finding.check.size());
    std::string out;
    for (const Finding& finding : findings) {
        out += fmt::format("{:<8} {:<{}}  {}\n", resultName(finding.result), finding.check, width,
                           finding.detail);
        if (!finding.advice.empty()) out += fmt::format("{:<8} -> {}\n", "", finding.advice);
    }
    return out;
}

std::string findingsJson(const std::vector<Finding>& findings) {
    std::string out = "[";
    for (const Finding& finding : findings) {
        std::string result(resultName(finding.result));
        if (finding.result == Finding::Result::Failed) result = "failed";
        out += fmt::format(
            "{}{{\"check\":\"{}\",\"result\":\"{}\",\"detail\":\"{}\",\"advice\":\"{}\"}}",
            out.size() == 1 ? "" : ",", log::jsonEscaped(finding.check), result,
            log::jsonEscaped(finding.detail), log::jsonEscaped(finding.advice));
    }
    return out + "]\n";
}

bool anyFailed(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.result == Finding::Result::Failed;
    });
}

}  // namespace ifrit::agent::app
