// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/grant_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "master/rpc/method_table.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {
namespace {

constexpr char kAll[] = "*";

std::vector<std::string> takenIn(const std::string& verb) {
    std::vector<std::string> out;
    for (std::string& permission : grantablePermissions()) {
        if (domain::coversVerb(verb, permission)) out.push_back(std::move(permission));
    }
    return out;
}

/// Every call that asks for it asks for the whole cluster.
bool isOfCluster(const std::string& permission) {
    const auto& table = methodTable();
    return std::none_of(table.begin(), table.end(), [&permission](const MethodRule& rule) {
        if (rule.access != Access::Granted || rule.scope == Scope::Cluster) return false;
        const auto asked = permissionsOf(rule);
        return std::find(asked.begin(), asked.end(), permission) != asked.end();
    });
}

}  // namespace

bool takesInSome(const std::string& verb) {
    return !takenIn(verb).empty();
}

absl::Status checkCanApply(const domain::Grant& grant) {
    if (grant.agent == kAll && grant.machineType == kAll) return absl::OkStatus();
    const std::vector<std::string> permissions = takenIn(grant.verb);
    if (!std::all_of(permissions.begin(), permissions.end(), isOfCluster)) return absl::OkStatus();
    const bool byAgent = grant.agent != kAll;
    return base::invalidArgument(
        "GRANT_INVALID", grant.verb,
        "{} is asked of the whole cluster, so a grant of it for {} {} alone would open nothing: "
        "give it for every agent and machine type",
        fmt::join(permissions, " and "), byAgent ? "agent" : "machine type",
        byAgent ? grant.agent : grant.machineType);
}

}  // namespace ifrit::master::rpc
