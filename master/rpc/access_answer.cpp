// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/access_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "master/rpc/method_table.h"

namespace ifrit::master::rpc {
namespace {

bool isOneOf(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// Grants that cover some part of what is asked.
std::vector<domain::Grant> helpful(const AccessQuestion& question) {
    std::vector<domain::Grant> out;
    std::vector<domain::Touch> parts;
    for (const std::string& type : question.touch.machineTypes)
        parts.push_back({question.touch.verb, question.touch.agent, {type}});
    if (parts.empty()) parts.push_back(question.touch);
    for (const domain::Grant& grant : question.grants) {
        const bool helps = std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
            return !domain::missingOf({grant}, question.cluster, part, question.now);
        });
        if (helps) out.push_back(grant);
    }
    return out;
}

std::string sourceOf(const domain::Grant& grant) {
    return grant.id.empty() ? std::string("the master's configuration")
                            : fmt::format("grant {}", grant.id);
}

}  // namespace

bool isPermission(const std::string& permission) {
    return isOneOf(grantablePermissions(), permission) ||
           isOneOf(superAdminPermissions(), permission);
}

AccessAnswer explainAccess(const AccessQuestion& question) {
    const std::string& user = question.user;
    const auto no = [](std::string why) { return AccessAnswer{false, std::move(why), {}}; };
    if (!question.person) return no(fmt::format("there is no operator '{}' in this cluster", user));
    if (question.person->disabled) return no(fmt::format("{} is disabled", user));
    if (question.person->role == storage::OperatorRole::SuperAdmin)
        return {true, fmt::format("{} is a super admin", user), {}};
    if (isOneOf(superAdminPermissions(), question.touch.verb)) {
        return no(fmt::format("{} is super admins' alone, and {} is a reader", question.touch.verb,
                              user));
    }
    AccessAnswer answer;
    answer.grants = helpful(question);
    const auto missing =
        domain::missingOf(question.grants, question.cluster, question.touch, question.now);
    if (missing) {
        answer.message = fmt::format("no grant gives {} {}", user, domain::describe(*missing));
        return answer;
    }
    answer.isAllowed = true;
    std::vector<std::string> sources;
    for (const domain::Grant& grant : answer.grants) {
        std::string source = sourceOf(grant);
        if (!isOneOf(sources, source)) sources.push_back(std::move(source));
    }
    answer.message = fmt::format("{} is granted {} by {}", user, domain::describe(question.touch),
                                 fmt::join(sources, ", "));
    return answer;
}

}  // namespace ifrit::master::rpc
