// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// Packages without their archives (those are files) and the publishers that may bring them.
class PackageStore {
public:
    virtual ~PackageStore() = default;

    /// By agent, then newest first; `agent` empty: all. Without manifest and signature, which are
    /// up to 1 MiB each, and in few statements however many there are.
    virtual absl::StatusOr<std::vector<PackageRecord>> list(const std::string& agent) = 0;
    /// nullopt: no such manifest digest.
    virtual absl::StatusOr<std::optional<PackageRecord>> find(const std::string& digest) = 0;
    /// nullopt: this agent has no such version for this machine type.
    virtual absl::StatusOr<std::optional<PackageRecord>> find(const std::string& agent,
                                                              const std::string& version,
                                                              const std::string& machineType) = 0;
    /// How many packages this archive is of.
    virtual absl::StatusOr<std::uint64_t> countWithArchive(const std::string& archiveDigest) = 0;
    /// The same package again changes nothing, and is told to other masters. ALREADY_EXISTS
    /// (PACKAGE_EXISTS): this agent, version and machine type with other content.
    virtual absl::Status put(const PackageRecord& package) = 0;
    /// FAILED_PRECONDITION (PACKAGE_IN_USE) while desired state or a release that goes on names it,
    /// also as what a rollback would restore; the sentence says which. NOT_FOUND.
    virtual absl::Status erase(const std::string& digest) = 0;

    virtual absl::StatusOr<std::vector<PublisherKeyRecord>> listPublisherKeys() = 0;
    /// ALREADY_EXISTS: the key id or the name is taken.
    virtual absl::Status putPublisherKey(const PublisherKeyRecord& key) = 0;
    /// NOT_FOUND.
    virtual absl::Status erasePublisherKey(const std::string& keyId) = 0;
};

}  // namespace ifrit::master::storage
