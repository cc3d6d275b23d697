// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>

#include "master/compose/composer.h"
#include "master/release/model.h"

namespace ifrit::master::storage {

/// Whom a package is desired for.
struct DesiredUse {
    domain::Level level = domain::Level::Full;
    std::string machineType;
    std::string machineUuid;  ///< empty: the level is of no machine alone
    bool operator==(const DesiredUse&) const = default;
};

/// Desired state: the rows that the composer turns into cache keys, and the cluster's generation.
class DesiredStore {
public:
    virtual ~DesiredStore() = default;

    virtual absl::StatusOr<compose::DesiredRows> rows() = 0;
    /// By manifest digest: the first of the rows that name it. O(packages), where there may be a
    /// row for each machine.
    virtual absl::StatusOr<std::map<std::string, DesiredUse>> uses() = 0;
    virtual absl::StatusOr<std::uint64_t> generation() = 0;
    /// One more than was ever committed. The edits of this transaction carry it.
    virtual absl::StatusOr<std::uint64_t> nextGeneration() = 0;
    /// FAILED_PRECONDITION (PACKAGE_UNKNOWN): the row names a manifest digest that is not stored.
    virtual absl::Status edit(const release::DesiredEdit& edit) = 0;
    /// One after another, with few statements: an abort pins each machine that has moved.
    virtual absl::Status editAll(const std::vector<release::DesiredEdit>& edits) = 0;
};

}  // namespace ifrit::master::storage
