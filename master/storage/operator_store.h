// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// Operators and their signed-in sessions.
class OperatorStore {
public:
    virtual ~OperatorStore() = default;

    /// nullopt: nobody of that name.
    virtual absl::StatusOr<std::optional<OperatorRecord>> find(const std::string& name) = 0;
    /// By name.
    virtual absl::StatusOr<std::vector<OperatorRecord>> list() = 0;
    /// ALREADY_EXISTS.
    virtual absl::Status add(const OperatorRecord& person) = 0;
    /// NOT_FOUND.
    virtual absl::Status update(const OperatorRecord& person) = 0;
    /// NOT_FOUND. The operator's sessions end with it.
    virtual absl::Status erase(const std::string& name) = 0;

    virtual absl::Status putSession(const SessionRecord& session) = 0;
    /// nullopt: unknown. Expiry is the caller's to judge.
    virtual absl::StatusOr<std::optional<SessionRecord>> findSession(
        const std::string& tokenHash) = 0;
    /// By operator, then by start; expired ones too.
    virtual absl::StatusOr<std::vector<SessionRecord>> listSessions() = 0;
    /// No error when there is none.
    virtual absl::Status eraseSession(const std::string& tokenHash) = 0;
    virtual absl::Status eraseSessionsOf(const std::string& operatorName) = 0;
    virtual absl::Status eraseSessionsExpiredBy(base::WallTime now) = 0;
};

}  // namespace ifrit::master::storage
