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

namespace {

using domain::ReleaseState;

/// Started after it for some of the same machines. By the stamp: a draft may be started long after
/// one that has a higher number.
bool follows(const Model& other, const Model& model) {
    return other.release.started && other.stamp > model.stamp &&
           share(other.release.spec, model.release.spec);
}

}  // namespace

const Model* supersededBy(const Model& model, const Heads& heads) {
    for (const auto& [id, other] : heads) {
        if (other->release.state != ReleaseState::RolledBack && follows(*other, model))
            return other.get();
    }
    return nullptr;
}

std::optional<base::WallTime> rolledBackSince(const Model& model, const Heads& heads) {
    std::optional<base::WallTime> out;
    for (const auto& [id, other] : heads) {
        if (other->release.state != ReleaseState::RolledBack || !follows(*other, model)) continue;
        out = std::max({out.value_or(other->stamp), other->stamp, other->standingStamp});
    }
    return out;
}

bool isFallenBackTo(const Model& model, const Heads& heads) {
    const bool standsThere = model.release.started && !isRunning(model.release.state) &&
                             model.release.state != ReleaseState::RolledBack;
    return standsThere && rolledBackSince(model, heads) && supersededBy(model, heads) == nullptr;
}

std::set<std::string> digestsInUse(const Heads& heads) {
    std::set<std::string> out;
    for (const auto& [id, head] : heads) {
        // What was rolled back is over: its machines run, and desire, what they ran before.
        const bool isRolledBack = head->release.state == ReleaseState::RolledBack;
        if (!isActive(head->release.state) &&
            (isRolledBack || supersededBy(*head, heads) != nullptr))
            continue;
        for (const auto& [type, target] : head->targets)
            out.insert(target.digest);
        for (const auto& [type, previous] : head->previous) {
            if (previous) out.insert(previous->digest);
        }
        out.insert(head->pinnedDigests.begin(), head->pinnedDigests.end());
    }
    out.erase("");
    return out;
}

std::map<std::pair<std::string, std::string>, std::uint64_t> versionsNamed(const Heads& heads) {
    std::map<std::pair<std::string, std::string>, std::uint64_t> out;
    for (const auto& [id, head] : heads) {
        const auto& release = head->release;
        if (isActive(release.state))
            out.emplace(std::pair(release.spec.agent, release.spec.version), release.number);
    }
    return out;
}

}  // namespace ifrit::master::release
