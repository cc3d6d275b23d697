// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/release/succession.h"

namespace ifrit::master::release {

/// Who asks for a permit, as the master knows it.
struct Asker {
    std::string uuid;
    std::string machineType;
    std::string runningDigest;          ///< by its newest report; empty: it has no agent that runs
    base::WallTime firstSeen{};         ///< when it joined the cluster
    bool isNamed = false;               ///< what it is told is an entry for it alone
    bool uninstalls = false;            ///< it asks to remove the agent
    bool isDown = false;                ///< it has the agent, which does not run at the moment
    std::vector<std::string> knownBad;  ///< digests that failed on it
};

/// RollingBack, RolledBack or Aborted: what the release had desired was taken away.
bool isTakenBack(domain::ReleaseState state);

/// Those of the agent and this machine type that were taken back and had started no earlier than
/// `of`, which may be one of them: they made machines leave what they ran for an entry of `of`.
/// O(n).
std::vector<const Model*> takenBackSince(const Model& of, const std::string& machineType,
                                         const Heads& heads);

/// Whether an entry of `of`, which is over or rolls back, takes the machine back; `taken` as
/// takenBackSince() says, with the machines of those that still roll back. Everybody else gets the
/// entry because he joined, or came late. Pure.
bool goesBack(const Asker& asker, const Model& of, const std::vector<const Model*>& taken);

}  // namespace ifrit::master::release
