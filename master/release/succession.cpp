// SPDX-License-Identifier: Apache-2.0
#include "master/release/succession.h"

#include <algorithm>

namespace ifrit::master::release {

bool share(const domain::ReleaseSpec& a, const domain::ReleaseSpec& b) {
    return a.agent == b.agent &&
           std::any_of(a.machineTypes.begin(), a.machineTypes.end(), [&b](const auto& type) {
               return std::find(b.machineTypes.begin(), b.machineTypes.end(), type) !=
                      b.machineTypes.end();
           });
}

const Model* supersededBy(const Model& model, const Heads& heads) {
    for (const auto& [id, other] : heads) {
        // By the stamp: a draft may be started long after one that has a higher number.
        if (other.release.started && other.stamp > model.stamp &&
            share(other.release.spec, model.release.spec))
            return &other;
    }
    return nullptr;
}

std::set<std::string> digestsInUse(const Heads& heads) {
    std::set<std::string> out;
    for (const auto& [id, head] : heads) {
        // What was rolled back is over: its machines run, and desire, what they ran before.
        const bool isRolledBack = head.release.state == domain::ReleaseState::RolledBack;
        if (!isActive(head.release.state) && (isRolledBack || supersededBy(head, heads) != nullptr))
            continue;
        for (const auto& [type, target] : head.targets)
            out.insert(target.digest);
        for (const auto& [type, previous] : head.previous) {
            if (previous) out.insert(previous->digest);
        }
        out.insert(head.pinnedDigests.begin(), head.pinnedDigests.end());
    }
    out.erase("");
    return out;
}

std::map<std::pair<std::string, std::string>, std::uint64_t> versionsNamed(const Heads& heads) {
    std::map<std::pair<std::string, std::string>, std::uint64_t> out;
    for (const auto& [id, head] : heads) {
        const auto& release = head.release;
        if (isActive(release.state))
            out.emplace(std::pair(release.spec.agent, release.spec.version), release.number);
    }
    return out;
}

}  // namespace ifrit::master::release
