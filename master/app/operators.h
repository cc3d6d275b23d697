// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <vector>

#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

// What an administrator does on the master's own machine, over the database, beside a running
// server. Each leaves an audit row by "root@localhost", in the same transaction.

/// INVALID_ARGUMENT (TTL_INVALID) but for more than 0 and at most 7 days.
absl::Status checkTokenLife(std::chrono::milliseconds life);
/// `count` one-time tokens that end after `ttl` (at most 7 days). With `uuid`, of which there can
/// be one only, the token is for that machine, also when it had enrolled before.
absl::StatusOr<std::vector<std::string>> makeJoinTokens(storage::Database& database,
                                                        const base::Clock& clock, int count,
                                                        std::chrono::milliseconds ttl,
                                                        const std::string& uuid);

/// A new operator with a generated password, which is returned and kept nowhere.
absl::StatusOr<std::string> addOperator(storage::Database& database, const base::Clock& clock,
                                        const std::string& name, storage::OperatorRole role);
/// A new generated password; ends the operator's sessions.
absl::StatusOr<std::string> resetPassword(storage::Database& database, const base::Clock& clock,
                                          const std::string& name);
/// A disabled operator is out at once, sessions included; the last super admin cannot be.
absl::Status disableOperator(storage::Database& database, const base::Clock& clock,
                             const std::string& name);
absl::Status enableOperator(storage::Database& database, const base::Clock& clock,
                            const std::string& name);
absl::StatusOr<std::vector<storage::OperatorRecord>> listOperators(storage::Database& database);

/// How many certificates were taken from the machine.
absl::StatusOr<std::uint64_t> revokeMachine(storage::Database& database, const base::Clock& clock,
                                            const std::string& uuid, const std::string& reason);

/// `pemFile` holds an Ed25519 public key; returns its key id.
absl::StatusOr<std::string> addPublisherKey(storage::Database& database, const base::Clock& clock,
                                            const std::string& name, const std::string& pemFile);
absl::Status removePublisherKey(storage::Database& database, const base::Clock& clock,
                                const std::string& keyId);
absl::StatusOr<std::vector<storage::PublisherKeyRecord>> listPublisherKeys(
    storage::Database& database);

}  // namespace ifrit::master::app
