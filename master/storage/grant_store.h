// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/domain/grant.h"

namespace ifrit::master::storage {

/// A grant that a super admin gave, with who and why.
struct GrantRecord {
    domain::Grant grant;
    std::string givenBy;
    base::WallTime given{};
    std::string reason;
    bool operator==(const GrantRecord&) const = default;
};

/// What super admins let others do.
class GrantStore {
public:
    virtual ~GrantStore() = default;

    /// ALREADY_EXISTS: that id is here.
    virtual absl::Status add(const GrantRecord& grant) = 0;
    virtual absl::StatusOr<std::optional<GrantRecord>> find(const std::string& id) = 0;
    /// By operator, then in the order in which they were given; expired ones too.
    virtual absl::StatusOr<std::vector<GrantRecord>> list() = 0;
    virtual absl::StatusOr<std::vector<GrantRecord>> listOf(const std::string& operatorName) = 0;
    /// NOT_FOUND.
    virtual absl::Status erase(const std::string& id) = 0;
    /// Of one operator; how many.
    virtual absl::StatusOr<std::uint64_t> eraseOf(const std::string& operatorName) = 0;
    /// Those that expired before `before`; how many.
    virtual absl::StatusOr<std::uint64_t> prune(base::WallTime before) = 0;
};

}  // namespace ifrit::master::storage
