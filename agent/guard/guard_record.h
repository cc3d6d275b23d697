// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// What a running ifrit-guard leaves about itself in <root>/ifrit/guard-process, for the
/// ifrit-agent that would start it again and for the next guard.
struct GuardRecord {
    platform::ProcessId process;
    std::vector<std::string> command;  ///< starts it again
    bool standIn = false;              ///< started by ifrit-agent; gives way to init's
    bool operator==(const GuardRecord&) const = default;
};

/// Durable and atomic.
absl::Status writeGuardRecord(const std::string& root, const GuardRecord& record);
/// NOT_FOUND when no guard ever ran here.
absl::StatusOr<GuardRecord> readGuardRecord(const std::string& root);

/// The ifrit-agent that guard started last, in <root>/ifrit/guard-state.
absl::Status writeStartedAgent(const std::string& root, const platform::ProcessId& agent);
absl::StatusOr<platform::ProcessId> readStartedAgent(const std::string& root);

}  // namespace ifrit::agent::guard
