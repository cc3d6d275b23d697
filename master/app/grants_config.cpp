// SPDX-License-Identifier: Apache-2.0
#include "master/app/grants_config.h"

#include "master/auth/operators.h"
#include "master/rpc/grant_rule.h"
#include "master/rpc/method_table.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

using config::Presence;
using config::TomlSection;

constexpr std::size_t kMostGrants = 10'000;

struct Lists {
    std::vector<std::string> to;
    std::vector<std::string> verbs;
    std::vector<std::string> agents = {"*"};
    std::vector<std::string> machineTypes = {"*"};
    std::vector<std::string> clusters = {"*"};

    std::size_t combinations() const {
        std::size_t out = 1;
        for (const auto* list : {&to, &verbs, &agents, &machineTypes, &clusters}) {
            // Beyond the limit anyway; without this the product could wrap around.
            if (list->size() > kMostGrants || out > kMostGrants) return kMostGrants + 1;
            out *= list->size();
        }
        return out;
    }
};

/// A verb that nothing asks for is a mistake of the one who wrote it.
absl::Status checkAsked(const std::string& verb) {
    if (rpc::takesInSome(verb)) return absl::OkStatus();
    const std::string nearest = config::nearestWord(verb, rpc::grantablePermissions());
    return base::invalidArgument(
        "GRANT_INVALID", verb,
        "'{}' is no permission that can be granted{}; 'ifritctl grant list --permissions' lists "
        "them",
        verb, nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest));
}

domain::Grant anyGrant() {
    return {{}, "somebody", "*", "*", "*", "*", std::nullopt};
}

/// Each list by itself, so that what is wrong is said of its own key.
void checkEach(TomlSection& section, const char* key, const std::vector<std::string>& values,
               std::string domain::Grant::*field) {
    if (values.empty()) section.reject(key, "an empty list grants nothing to anybody");
    for (const std::string& value : values) {
        domain::Grant grant = anyGrant();
        grant.*field = value;
        absl::Status status = auth::checkOperatorName(grant.to);
        if (status.ok()) status = domain::checkGrant(grant);
        if (status.ok()) status = checkAsked(grant.verb);
        if (!status.ok()) section.reject(key, base::messageOf(status));
    }
}

/// What opens nothing with any of the others is said of the verb.
void checkTogether(TomlSection& section, const Lists& lists) {
    for (const std::string& verb : lists.verbs) {
        absl::Status last;
        bool opens = false;
        for (const std::string& agent : lists.agents) {
            for (const std::string& type : lists.machineTypes) {
                domain::Grant grant = anyGrant();
                grant.verb = verb;
                grant.agent = agent;
                grant.machineType = type;
                const absl::Status status = rpc::checkCanApply(grant);
                opens = opens || status.ok();
                last.Update(status);
            }
        }
        if (!opens && !last.ok())
            section.reject("verbs", base::messageOf(last) + ", in a [[grants]] of its own");
    }
}

void check(TomlSection& section, const Lists& lists) {
    checkEach(section, "to", lists.to, &domain::Grant::to);
    checkEach(section, "verbs", lists.verbs, &domain::Grant::verb);
    checkEach(section, "agents", lists.agents, &domain::Grant::agent);
    checkEach(section, "machine_types", lists.machineTypes, &domain::Grant::machineType);
    checkEach(section, "clusters", lists.clusters, &domain::Grant::cluster);
    checkTogether(section, lists);
}

void combine(const Lists& lists, std::vector<domain::Grant>& out) {
    for (const std::string& to : lists.to) {
        for (const std::string& verb : lists.verbs) {
            for (const std::string& agent : lists.agents) {
                for (const std::string& cluster : lists.clusters) {
                    for (const std::string& type : lists.machineTypes)
                        out.push_back({{}, to, verb, agent, cluster, type, std::nullopt});
                }
            }
        }
    }
}

void readGrant(TomlSection& section, std::vector<domain::Grant>& grants) {
    Lists lists;
    section.read("to", lists.to, Presence::Required);
    section.read("verbs", lists.verbs, Presence::Required);
    section.read("agents", lists.agents);
    section.read("machine_types", lists.machineTypes);
    section.read("clusters", lists.clusters);
    if (grants.size() + lists.combinations() > kMostGrants) {
        section.reject("to", fmt::format("there are more than {} grants", kMostGrants));
        return;
    }
    check(section, lists);
    combine(lists, grants);
}

}  // namespace

void readGrants(TomlSection& top, std::vector<domain::Grant>& grants) {
    const toml::array* tables = top.sections("grants");
    if (tables == nullptr) return;
    for (const toml::node& node : *tables) {
        TomlSection section(*node.as_table(), top, "grants");
        readGrant(section, grants);
        top.note(section.finish());
    }
}

std::string printGrants(const std::vector<domain::Grant>& grants) {
    std::string out;
    for (const domain::Grant& grant : grants) {
        out += fmt::format(
            "\n[[grants]]\nto = [\"{}\"]\nverbs = [\"{}\"]\nagents = [\"{}\"]\n"
            "machine_types = [\"{}\"]\nclusters = [\"{}\"]\n",
            grant.to, grant.verb, grant.agent, grant.machineType, grant.cluster);
    }
    return out;
}

}  // namespace ifrit::master::app
