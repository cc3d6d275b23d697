// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/desired_state.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace ifrit::domain {
namespace {

auto priority(const DesiredEntry& entry) {
    return std::tuple(entry.timestamp, static_cast<int>(entry.level), entry.generation);
}

}  // namespace

bool wins(const DesiredEntry& a, const DesiredEntry& b) {
    return priority(a) > priority(b);
}

std::vector<ExplainedEntry> explain(const DesiredState& state, const std::string& agent) {
    std::vector<ExplainedEntry> candidates;
    for (const DesiredEntry& entry : state.entries) {
        if (entry.agent == agent) candidates.push_back({entry, Verdict::Chosen});
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return wins(a.entry, b.entry); });
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        const bool older = candidates[i].entry.timestamp < candidates[0].entry.timestamp;
        candidates[i].verdict = older ? Verdict::OlderTimestamp : Verdict::LowerLevel;
    }
    return candidates;
}

std::vector<DesiredEntry> chosenEntries(const DesiredState& state) {
    std::map<std::string, const DesiredEntry*> chosen;
    for (const DesiredEntry& entry : state.entries) {
        const DesiredEntry*& best = chosen[entry.agent];
        if (best == nullptr || wins(entry, *best)) best = &entry;
    }
    std::vector<DesiredEntry> out;
    out.reserve(chosen.size());
    for (const auto& [agent, entry] : chosen)
        out.push_back(*entry);
    return out;
}

}  // namespace ifrit::domain
