// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "master/rpc/gatekeeper.h"

namespace ifrit::master::rpc {

/// Metadata of a passed call: a PassedCaller.
inline constexpr char kPassedCallerKey[] = "ifrit-caller-bin";
std::string passedCaller(const Principal& caller);
/// Sets who really calls. INVALID_ARGUMENT for what no master sends.
absl::Status takePassedCaller(std::string_view bytes, Principal& caller);

}  // namespace ifrit::master::rpc
