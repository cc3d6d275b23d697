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
    /// Who used a token, with which key, for which certificate.
    struct Use {
        std::string uuid;
        std::string key;  ///< SHA-256 of the public key, hex
        std::string certificatePem;
    };
    /// Marks it used. True for exactly one caller ever; false when it is unknown, used, or expired
    /// at `now`.
    virtual absl::StatusOr<bool> consume(const std::string& tokenHash, const Use& use,
                                         base::WallTime now) = 0;
    /// Unused and used ones that expired before `before`; how many.
    virtual absl::StatusOr<std::uint64_t> prune(base::WallTime before) = 0;
};

}  // namespace ifrit::master::storage
