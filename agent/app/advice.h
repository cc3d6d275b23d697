// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ifrit::agent::app {

/// What a person on the machine can do about an error of this reason (docs/operations.md,
/// "Errors"); empty for one that we know no advice for.
std::string_view adviceFor(std::string_view reason);

}  // namespace ifrit::agent::app
