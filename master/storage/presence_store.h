// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// What several masters tell each other about who lives with which certificate: a few rows for each
/// machine. In few statements for many machines.
class PresenceStore {
public:
    virtual ~PresenceStore() = default;

    /// Of those machines, by uuid and instance.
    virtual absl::StatusOr<std::vector<PresenceRecord>> findAll(
        const std::vector<std::string>& uuids) = 0;
    /// Adds them, or replaces those of the same uuid and instance. An unknown uuid is stored.
    virtual absl::Status put(const std::vector<PresenceRecord>& rows) = 0;
    /// Those of the same uuid and instance go.
    virtual absl::Status erase(const std::vector<PresenceRecord>& rows) = 0;
};

}  // namespace ifrit::master::storage
