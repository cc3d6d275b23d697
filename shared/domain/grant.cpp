// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/grant.h"

#include <algorithm>

#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::domain {
namespace {

constexpr std::string_view kByNameOnly = "release.approve";
constexpr char kAll[] = "*";

bool isVerbCharacter(char c) {
    return (c >= 'a' && c <= 'z') || c == '.' || c == '-';
}

absl::Status invalid(std::string_view what, const std::string& pattern) {
    return base::invalidArgument("GRANT_INVALID", what,
                                 "a grant's {} must be a name, \"*\", or the beginning of a name "
                                 "and \"*\", not '{}'",
                                 what, pattern);
}

/// Of a pattern that may end in '*': what comes before it.
std::string_view stemOf(std::string_view pattern) {
    if (!pattern.empty() && pattern.back() == '*') pattern.remove_suffix(1);
    return pattern;
}

absl::Status checkVerb(const std::string& verb) {
    const std::string_view stem = stemOf(verb);
    const bool fits = !verb.empty() && verb.size() <= kMaxNameBytes &&
                      std::all_of(stem.begin(), stem.end(), isVerbCharacter);
    return fits ? absl::OkStatus() : invalid("verb", verb);
}

/// `check` judges a whole name; of a pattern with '*' the beginning must be one.
absl::Status checkNamePattern(std::string_view what, const std::string& pattern,
                              absl::Status (*check)(std::string_view)) {
    const std::string_view stem = stemOf(pattern);
    if (pattern == kAll || (!stem.empty() && check(stem).ok())) return absl::OkStatus();
    return invalid(what, pattern);
}

bool holds(const Grant& grant, std::string_view cluster, std::string_view verb,
           base::WallTime now) {
    return (!grant.expires || now < *grant.expires) && matchesPattern(grant.cluster, cluster) &&
           coversVerb(grant.verb, verb);
}

/// An empty name is all of them.
bool coversName(std::string_view pattern, std::string_view name) {
    return name.empty() ? pattern == kAll : matchesPattern(pattern, name);
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

absl::Status checkGrant(const Grant& grant) {
    IFRIT_RETURN_IF_ERROR(checkVerb(grant.verb));
    IFRIT_RETURN_IF_ERROR(checkNamePattern("agent", grant.agent, checkAgentName));
    IFRIT_RETURN_IF_ERROR(checkNamePattern("cluster", grant.cluster, checkClusterName));
    return checkNamePattern("machine type", grant.machineType, checkMachineType);
}

bool matchesPattern(std::string_view pattern, std::string_view name) {
    const std::string_view stem = stemOf(pattern);
    if (stem.size() == pattern.size()) return pattern == name;
    return name.substr(0, stem.size()) == stem;
}

// A second person's approval is worth something only where it was given to that person as such: who
// may use every verb of releases would else approve for his colleagues with the same grant.
bool coversVerb(std::string_view pattern, std::string_view verb) {
    return verb == kByNameOnly ? pattern == verb : matchesPattern(pattern, verb);
}

std::optional<Touch> missingOf(const std::vector<Grant>& grants, std::string_view cluster,
                               const Touch& touch, base::WallTime now) {
    const auto isCovered = [&](std::string_view machineType) {
        return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
            return holds(grant, cluster, touch.verb, now) && coversName(grant.agent, touch.agent) &&
                   coversName(grant.machineType, machineType);
        });
    };
    Touch missing{touch.verb, touch.agent, {}};
    if (touch.machineTypes.empty())
        return isCovered({}) ? std::nullopt : std::make_optional(missing);
    for (const std::string& type : touch.machineTypes) {
        if (!isCovered(type)) missing.machineTypes.push_back(type);
    }
    if (missing.machineTypes.empty()) return std::nullopt;
    return missing;
}

bool isGrantedSomewhere(const std::vector<Grant>& grants, std::string_view cluster,
                        std::string_view verb, base::WallTime now) {
    return std::any_of(grants.begin(), grants.end(),
                       [&](const Grant& grant) { return holds(grant, cluster, verb, now); });
}

std::string describe(const Touch& touch) {
    if (touch.agent.empty() && touch.machineTypes.empty())
        return fmt::format("{} of the whole cluster", touch.verb);
    return fmt::format(
        "{} of {} on {}", touch.verb, touch.agent.empty() ? "every agent" : "agent " + touch.agent,
        touch.machineTypes.empty() ? "every machine type" : joined(touch.machineTypes));
}

std::string describe(const Grant& grant) {
    const auto words = [](const std::string& pattern, std::string_view all, std::string_view one) {
        return pattern == kAll ? std::string(all) : fmt::format("{}{}", one, pattern);
    };
    return fmt::format("{} of {} on {} in {}", grant.verb == kAll ? "every verb" : grant.verb,
                       words(grant.agent, "every agent", "agent "),
                       words(grant.machineType, "every machine type", ""),
                       words(grant.cluster, "every cluster", "cluster "));
}

}  // namespace ifrit::domain
