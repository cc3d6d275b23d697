// SPDX-License-Identifier: Apache-2.0
#include "master/release/going_back.h"

#include <algorithm>

namespace ifrit::master::release {
namespace {

using domain::ReleaseState;

/// It runs what the release moved it to, whether it was one of its machines or joined later.
bool runsWhatItMovedTo(const Asker& asker, const Model& taken) {
    const auto target = taken.targets.find(asker.machineType);
    if (target == taken.targets.end() || target->second.digest != asker.runningDigest) return false;
    // Of a release that uninstalled, one that joined since looks the same but for this.
    return !target->second.digest.empty() || asker.firstSeen <= taken.release.started;
}

/// What it was moved to does not run there. A report names the version only while that runs, so one
/// that is down is taken for a machine of the release: to let a broken one wait would be worse.
bool isBrokenByIt(const Asker& asker, const Model& taken) {
    const auto target = taken.targets.find(asker.machineType);
    if (target == taken.targets.end() || target->second.action != domain::DesiredAction::Install ||
        !asker.runningDigest.empty())
        return false;
    return asker.isDown || std::find(asker.knownBad.begin(), asker.knownBad.end(),
                                     target->second.digest) != asker.knownBad.end();
}

/// Known only while it rolls back: what an ended release opened is in the database alone.
bool wasOpenedBy(const Asker& asker, const Model& taken) {
    const auto machine = taken.machines.find(asker.uuid);
    return machine != taken.machines.end() && machine->second.opened;
}

}  // namespace

bool isTakenBack(ReleaseState state) {
    return state == ReleaseState::RollingBack || state == ReleaseState::RolledBack ||
           state == ReleaseState::Aborted;
}

std::vector<const Model*> takenBackSince(const Model& of, const std::string& machineType,
                                         const Heads& heads) {
    std::vector<const Model*> out;
    for (const auto& [id, head] : heads) {
        const domain::ReleaseSpec& spec = head->release.spec;
        // By the stamp: a draft may be started long after one that has a higher number.
        if (!head->release.started || !isTakenBack(head->release.state) || head->stamp < of.stamp ||
            spec.agent != of.release.spec.agent ||
            std::find(spec.machineTypes.begin(), spec.machineTypes.end(), machineType) ==
                spec.machineTypes.end())
            continue;
        out.push_back(head.get());
    }
    return out;
}

bool goesBack(const Asker& asker, const Model& of, const std::vector<const Model*>& taken) {
    // Such entries are only for machines that it had.
    if (isTakenBack(of.release.state) && (asker.isNamed || asker.uninstalls)) return true;
    return std::any_of(taken.begin(), taken.end(), [&asker](const Model* one) {
        return wasOpenedBy(asker, *one) || runsWhatItMovedTo(asker, *one) ||
               isBrokenByIt(asker, *one);
    });
}

}  // namespace ifrit::master::release
