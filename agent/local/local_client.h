// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "agent/local/local_message.h"

namespace ifrit::agent::local {

/// One question to the ifrit-agent that listens at `path`. UNAVAILABLE LOCAL_AWAY when none does,
/// DEADLINE_EXCEEDED LOCAL_TIMEOUT when it stands still; else its answer, errors as it gave them.
absl::StatusOr<std::string> askLocally(
    const std::string& path, const LocalRequest& request,
    std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace ifrit::agent::local
