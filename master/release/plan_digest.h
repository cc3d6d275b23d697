// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/release/state_machine.h"
#include "shared/domain/release.h"

namespace ifrit::master::release {

/// SHA-256 in hex over what a start would do. Fields are length-prefixed, so that no two plans
/// share one text.
std::string planDigest(const domain::ReleaseSpec& spec, const StartInput& start);

}  // namespace ifrit::master::release
