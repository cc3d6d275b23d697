// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "master/release/model.h"

namespace ifrit::master::release {

/// All releases of a cluster by id, without their machines. What follows is pure.
using Heads = std::map<std::string, Model>;

/// Of one agent, and some machine type is both's.
bool share(const domain::ReleaseSpec& a, const domain::ReleaseSpec& b);
/// A release that was started later for some of the same machines; null: there is none, and a
/// rollback would put back what stands there now. O(n).
const Model* supersededBy(const Model& model, const Heads& heads);

/// Digests that a release may still need: targets, and what a rollback would restore. O(n^2).
std::set<std::string> digestsInUse(const Heads& heads);
/// Agents and versions that drafts and running releases name, with the release's number.
std::map<std::pair<std::string, std::string>, std::uint64_t> versionsNamed(const Heads& heads);

}  // namespace ifrit::master::release
