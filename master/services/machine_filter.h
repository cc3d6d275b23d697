// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <vector>

#include "master/services/fleet.h"

namespace ifrit::master::services {

/// The filter of machine lists, the same for desktop, CLI and master:
///   state:failed type:ARM64 pin:acme agent:logd version<4.2 batch:3 seen>5m label:zone=b
///   -uuid:/^test/ word
/// Terms are united by "and"; '-' before one negates it; /.../ is a regular expression (ECMAScript,
/// searched); a word alone is part of uuid, host name or address. `version` and `state` are about
/// the agent of an `agent:` term where there is one. Immutable, thread-safe.
class MachineFilter {
public:
    /// INVALID_ARGUMENT names the term and what is allowed. Empty text: every machine.
    static absl::StatusOr<MachineFilter> parse(const std::string& text);

    bool matches(const MachineView& machine, base::WallTime now) const;

private:
    using Term = std::function<bool(const MachineView&, base::WallTime)>;
    std::vector<Term> m_terms;
};

/// Dotted numbers by value, other parts by text: "4.10" is after "4.9", "1.0~rc1" before "1.0".
int compareVersions(const std::string& a, const std::string& b);

}  // namespace ifrit::master::services
