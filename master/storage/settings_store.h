// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// What the cluster is. One row.
class SettingsStore {
public:
    virtual ~SettingsStore() = default;

    /// FAILED_PRECONDITION (CLUSTER_MISSING): init never finished here.
    virtual absl::StatusOr<ClusterSettings> get() = 0;
    /// ALREADY_EXISTS: it has been written; a database serves one cluster for ever.
    virtual absl::Status create(const ClusterSettings& settings) = 0;
    /// Of the cluster that is there.
    virtual absl::Status putRing(const domain::RingSpec& ring) = 0;
};

}  // namespace ifrit::master::storage
