// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/package_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables packages, package_types and publisher_keys.
class SqlPackageStore final : public PackageStore {
public:
    explicit SqlPackageStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::vector<PackageRecord>> list(const std::string& agent) override;
    absl::StatusOr<std::optional<PackageRecord>> find(const std::string& digest) override;
    absl::StatusOr<std::optional<PackageRecord>> find(const std::string& agent,
                                                      const std::string& version,
                                                      const std::string& machineType) override;
    absl::StatusOr<std::uint64_t> countWithArchive(const std::string& archiveDigest) override;
    absl::Status put(const PackageRecord& package) override;
    absl::Status erase(const std::string& digest) override;
    absl::StatusOr<std::vector<PublisherKeyRecord>> listPublisherKeys() override;
    absl::Status putPublisherKey(const PublisherKeyRecord& key) override;
    absl::Status erasePublisherKey(const std::string& keyId) override;

private:
    enum class Manifest { Read, LeftOut };
    /// `where` holds for packages and for package_types.
    absl::StatusOr<std::vector<PackageRecord>> select(const std::string& where,
                                                      const Values& values, Manifest manifest);
    absl::Status addTypes(const PackageRecord& package);
    absl::Status checkUnused(const PackageRecord& package);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
