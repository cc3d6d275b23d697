// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <optional>
#include <string>
#include <vector>

#include "master/release/cluster_rules.h"
#include "master/release/model.h"

namespace ifrit::master::release {

/// Why the verb is refused now, a sentence; nullopt: it is allowed. Pure; the state machine, the
/// API's allowed_verbs and the tests use this one function.
std::optional<std::string> verbRefusal(const Model& model, domain::ReleaseVerb verb,
                                       base::WallTime now, const Conditions& conditions = {});

/// "verify is refused for release 7: WHY; it takes pause, abort": with what can be done in its
/// place.
std::string refusalSentence(const Model& model, domain::ReleaseVerb verb, const std::string& why,
                            base::WallTime now, const Conditions& conditions);

/// A freeze refuses every verb that would let further machines change.
bool isFrozenFor(domain::ReleaseVerb verb, const Conditions& conditions);

/// FAILED_PRECONDITION (MACHINES_PRUNED) for what needs to know what each machine of the release
/// did and finds it removed.
absl::Status checkHistory(const domain::Release& release);
/// Whether the verb does.
bool needsHistory(domain::ReleaseVerb verb);

/// All verbs in the order of the contract.
const std::vector<domain::ReleaseVerb>& allVerbs();

/// The stage that is open last; null in a draft.
const domain::StageCounts* currentStage(const Model& model);

/// What the current stage waits for, a sentence; empty when nothing.
std::string waitsFor(const Model& model, base::WallTime now, const Conditions& conditions = {});
/// Whether what waitsFor() says of a running release is a person, who has to verify or to promote.
bool waitsForPerson(const Model& model, base::WallTime now, const Conditions& conditions = {});

}  // namespace ifrit::master::release
