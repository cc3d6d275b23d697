// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include "agent/platform/resource_groups.h"

namespace ifrit::tests {

/// Groups in memory; a kill empties them at once. For one thread.
class FakeResourceGroups final : public agent::platform::ResourceGroups {
public:
    struct Group {
        agent::platform::GroupLimits limits;
        std::set<std::int32_t> members;
        agent::platform::GroupUsage usage;
    };
    std::map<std::string, Group> groups;
    agent::platform::HeldLimits holdsAll;  ///< what the system holds where there is a limit
    bool keepsBooks = true;                ///< tells what was used
    absl::Status error;                    ///< of prepare() and add()
    absl::Status addError;                 ///< of add() alone

    absl::StatusOr<agent::platform::HeldLimits> prepare(
        const std::string& name, const agent::platform::GroupLimits& limits) override {
        if (!error.ok()) return error;
        groups[name].limits = limits;
        return agent::platform::HeldLimits{holdsAll.memory && limits.memoryBytes != 0,
                                           holdsAll.cpu && limits.cpuPercent != 0,
                                           holdsAll.tasks && limits.tasks != 0};
    }
    absl::Status add(const std::string& name, const agent::platform::ProcessId& process) override {
        if (!addError.ok()) return addError;
        if (!error.ok()) return error;
        groups[name].members.insert(process.pid);
        return absl::OkStatus();
    }
    bool holds(const std::string& name, const agent::platform::ProcessId& process) const override {
        const auto found = groups.find(name);
        return found != groups.end() && found->second.members.count(process.pid) > 0;
    }
    bool isEmpty(const std::string& name) const override {
        const auto found = groups.find(name);
        return found == groups.end() || found->second.members.empty();
    }
    std::optional<agent::platform::GroupUsage> usage(const std::string& name) const override {
        const auto found = groups.find(name);
        if (found == groups.end() || !keepsBooks) return std::nullopt;
        return found->second.usage;
    }
    absl::Status killAll(const std::string& name) override {
        const auto found = groups.find(name);
        if (found != groups.end()) found->second.members.clear();
        return absl::OkStatus();
    }
    void remove(const std::string& name) override {
        if (isEmpty(name)) groups.erase(name);
    }
};

}  // namespace ifrit::tests
