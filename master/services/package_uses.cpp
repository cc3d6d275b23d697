// SPDX-License-Identifier: Apache-2.0
#include "master/services/package_uses.h"

#include <fmt/format.h>

namespace ifrit::master::services {

std::optional<std::string> PackageUses::of(const PackageRecord& package) const {
    if (const auto row = desired.find(package.manifestDigest); row != desired.end())
        return fmt::format("it is the desired version of {}; release another version there first",
                           row->second);
    if (const auto found = releases.find({package.agent, package.version}); found != releases.end())
        return fmt::format("release {} names it; end or discard it first", found->second);
    if (forRollback.count(package.manifestDigest) != 0)
        return "a rollback of the agent's newest release would need it";
    return std::nullopt;
}

}  // namespace ifrit::master::services
