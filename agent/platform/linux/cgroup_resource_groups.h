// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>

#include "agent/platform/linux/cgroup_files.h"
#include "agent/platform/resource_groups.h"

namespace ifrit::agent::platform {

/// Control groups, version 2: one, `<base>/agent-<name>`, for each managed agent, with its limits.
/// Which limits are held follows from the controllers that the base was given. It keeps nothing but
/// that: an ifrit-agent that comes back finds the groups as they are.
class CgroupResourceGroups final : public ResourceGroups {
public:
    /// Takes possession of `base`, which may have no processes of its own: hands the controllers
    /// down, and removes groups of former agents that are empty.
    static absl::StatusOr<std::unique_ptr<CgroupResourceGroups>> open(
        std::unique_ptr<CgroupFiles> files, std::string base);

    /// The base that our service has: the group of the unit beside ours that is there for it
    /// (installer/systemd/ifrit-agents.service). `own` is our own group, `unit` the name that the
    /// service's environment gives. FAILED_PRECONDITION NO_CGROUP says why there is none.
    static absl::StatusOr<std::string> baseBeside(const std::string& own, const std::string& unit);

    absl::StatusOr<HeldLimits> prepare(const std::string& name, const GroupLimits& limits) override;
    absl::Status add(const std::string& name, const ProcessId& process) override;
    bool holds(const std::string& name, const ProcessId& process) const override;
    bool isEmpty(const std::string& name) const override;
    std::optional<GroupUsage> usage(const std::string& name) const override;
    absl::Status killAll(const std::string& name) override;
    void remove(const std::string& name) override;

    const std::string& base() const { return m_base; }
    const std::set<std::string>& controllers() const { return m_controllers; }

private:
    CgroupResourceGroups(std::unique_ptr<CgroupFiles> files, std::string base)
        : m_files(std::move(files)), m_base(std::move(base)) {}

    absl::Status handDownControllers();
    std::string groupOf(const std::string& name) const;
    /// OK, and true, when the controller is there and took the value.
    absl::StatusOr<bool> set(const std::string& group, const std::string& controller,
                             const std::string& file, const std::string& value);
    absl::Status killOneByOne(const std::string& group);

    const std::unique_ptr<CgroupFiles> m_files;
    const std::string m_base;
    std::set<std::string> m_controllers;  ///< that the groups below the base have
};

}  // namespace ifrit::agent::platform
