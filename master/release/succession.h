// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "master/release/model.h"

namespace ifrit::master::release {

/// A release without its machines, as it stood once: what changes it makes another one.
using Head = std::shared_ptr<const Model>;
/// All releases of a cluster by id; none is null. What follows is pure.
using Heads = std::map<std::string, Head>;

/// Of one agent, and some machine type is both's.
bool share(const domain::ReleaseSpec& a, const domain::ReleaseSpec& b);
/// A release that was started later for some of the same machines and was not rolled back; null:
/// there is none, and what this one made is what stands there now. O(n).
const Model* supersededBy(const Model& model, const Heads& heads);
/// Releases that were started later for some of the same machines were rolled back: the newest
/// stamp that an entry of theirs may have; nullopt: there is none of them. O(n).
std::optional<base::WallTime> rolledBackSince(const Model& model, const Heads& heads);
/// Those that followed it were rolled back to what it had left: a rollback of it comes next. O(n).
bool isFallenBackTo(const Model& model, const Heads& heads);

/// Digests that a release may still need: targets, and what a rollback would restore. Of one that
/// another one followed none, until that one is rolled back. O(n^2).
std::set<std::string> digestsInUse(const Heads& heads);
/// Agents and versions that drafts and running releases name, with the release's number.
std::map<std::pair<std::string, std::string>, std::uint64_t> versionsNamed(const Heads& heads);

}  // namespace ifrit::master::release
