// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// Join tokens by hash.
class TokenStore {
public:
    virtual ~TokenStore() = default;

    /// ALREADY_EXISTS.
    virtual absl::Status add(const JoinTokenRecord& token) = 0;
    virtual absl::StatusOr<std::optional<JoinTokenRecord>> find(const std::string& tokenHash) = 0;
    /// Marks it used by the machine. True for exactly one caller ever; false when it is unknown,
    /// used, or expired at `now`.
    virtual absl::StatusOr<bool> consume(const std::string& tokenHash, const std::string& uuid,
                                         base::WallTime now) = 0;
    /// Unused and used ones that expired before `before`; how many.
    virtual absl::StatusOr<std::uint64_t> prune(base::WallTime before) = 0;
};

}  // namespace ifrit::master::storage
