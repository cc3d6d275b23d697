// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::domain {

/// What lets an operator who is no super admin use a verb: verb x agent x cluster x machine type.
/// Each but the name may be "*", for all, or end in '*', for all that begin so ("release.*"). Of
/// verbs no pattern takes in "release.approve", which is granted by its name.
struct Grant {
    std::string id;  ///< empty: from a master's configuration
    std::string to;  ///< operator's name
    std::string verb;
    std::string agent = "*";
    std::string cluster = "*";
    std::string machineType = "*";
    std::optional<base::WallTime> expires;  ///< from then on it grants nothing; nullopt: never
    bool operator==(const Grant&) const = default;
};

/// What a call would change. An empty agent or no machine type stands for all of them: only a grant
/// for "*" covers that.
struct Touch {
    std::string verb;
    std::string agent;
    std::vector<std::string> machineTypes;
    bool operator==(const Touch&) const = default;
};

/// INVALID_ARGUMENT (GRANT_INVALID) with what is wrong: a name over its limit, characters that no
/// such name has, a '*' that is not at the end.
absl::Status checkGrant(const Grant& grant);

/// "*", a name, or the beginning of one and a '*'.
bool matchesPattern(std::string_view pattern, std::string_view name);

/// Whether a grant of the pattern lets somebody use the verb; of "release.approve" only its name.
bool coversVerb(std::string_view pattern, std::string_view verb);

/// The part of `touch` that no grant covers at `now`; nullopt: all of it is covered, by one grant
/// or by several that each cover some of the machine types.
std::optional<Touch> missingOf(const std::vector<Grant>& grants, std::string_view cluster,
                               const Touch& touch, base::WallTime now);

/// Whether some grant is for this verb here, whatever its agents and machine types.
bool isGrantedSomewhere(const std::vector<Grant>& grants, std::string_view cluster,
                        std::string_view verb, base::WallTime now);

/// "release.start of agent logd on LINUX, ARM64", "cluster.freeze of the whole cluster".
std::string describe(const Touch& touch);
/// "release.* of agent logd on LINUX in every cluster".
std::string describe(const Grant& grant);

}  // namespace ifrit::domain
