// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/trial_verdict.h"

#include <fmt/format.h>

namespace ifrit::agent::guard {
namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;

TrialVerdict failed(const char* reason, std::string message) {
    return {TrialVerdict::Kind::Failed, reason, std::move(message)};
}

double seconds(std::chrono::milliseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

TrialVerdict atTheEnd(const Trial& trial, const TrialEvidence& evidence) {
    if (!evidence.proof) {
        return failed(
            "HUNG", fmt::format("it gave no sign of life within {:g} s", seconds(trial.probation)));
    }
    if (evidence.sinceBeat > kLongestBeat) {
        return failed("HUNG", fmt::format("it has not moved for {:g} s in its trial",
                                          seconds(evidence.sinceBeat)));
    }
    if (!evidence.proof->synced) {
        return failed(
            "MASTER_NOT_REACHED",
            fmt::format("it did not sync with a master within {:g} s", seconds(trial.probation)));
    }
    return {TrialVerdict::Kind::Passed, {}, {}};
}

}  // namespace

TrialVerdict judgeTrial(const Trial& trial, const TrialEvidence& evidence) {
    if (evidence.ends >= kTrialEnds) {
        return failed("EXITED_AT_START", fmt::format("it ended {} times during its trial, last: {}",
                                                     evidence.ends, evidence.lastEnd));
    }
    if (!evidence.up) return {};
    if (trial.memoryBytes != 0 && evidence.rssBytes > trial.memoryBytes) {
        return failed("LIMIT_EXCEEDED",
                      fmt::format("it uses {} MiB of memory in its trial, over "
                                  "the {} MiB of its package",
                                  evidence.rssBytes / kMebibyte, trial.memoryBytes / kMebibyte));
    }
    if (trial.cpuPercent != 0 && evidence.cpuPercent.value_or(0) > trial.cpuPercent) {
        return failed("LIMIT_EXCEEDED", fmt::format("it uses {} % of a processor in its trial, "
                                                    "over the {} % of its package",
                                                    *evidence.cpuPercent, trial.cpuPercent));
    }
    return *evidence.up >= trial.probation ? atTheEnd(trial, evidence) : TrialVerdict{};
}

}  // namespace ifrit::agent::guard
