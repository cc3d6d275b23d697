// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <vector>

#include "agent/platform/linux/cgroup_resource_groups.h"
#include "agent/platform/no_resource_groups.h"
#include "agent/platform/posix/small_file.h"

namespace ifrit::agent::platform {
namespace {

absl::StatusOr<std::unique_ptr<CgroupResourceGroups>> openCgroups(const std::string& setting) {
    const std::string mountPoint =
        cgroupMountPoint(readSmallFile("/proc/self/mountinfo").value_or(""));
    if (mountPoint.empty())
        return base::failedPrecondition("NO_CGROUP", "", "this machine has no cgroup2 file system");
    auto files = kernelCgroupFiles(mountPoint);
    std::string base = setting;
    if (setting == "auto") {
        const std::string own = cgroupOf(readSmallFile("/proc/self/cgroup").value_or(""));
        const char* unit = std::getenv("IFRIT_AGENTS_UNIT");
        IFRIT_ASSIGN_OR_RETURN(base,
                               CgroupResourceGroups::baseBeside(own, unit == nullptr ? "" : unit));
    }
    return CgroupResourceGroups::open(std::move(files), std::move(base));
}

std::string heldBy(const CgroupResourceGroups& groups) {
    std::vector<std::string> held;
    for (const char* controller : {"cpu", "memory", "pids"})
        if (groups.controllers().count(controller) > 0) held.emplace_back(controller);
    if (held.empty())
        return fmt::format("limits are watched; {} has no controllers, and ends agents as a whole",
                           groups.base());
    return fmt::format("the kernel holds limits of {} below {}", fmt::join(held, ", "),
                       groups.base());
}

}  // namespace

OpenedGroups openResourceGroups(const std::string& setting) {
    if (setting == "off")
        return {std::make_unique<NoResourceGroups>(), "limits are watched: limits.cgroup is off"};
    auto groups = openCgroups(setting);
    if (!groups.ok()) {
        return {std::make_unique<NoResourceGroups>(),
                "limits are watched: " + base::messageOf(groups.status())};
    }
    std::string how = heldBy(**groups);
    return {*std::move(groups), std::move(how)};
}

}  // namespace ifrit::agent::platform
