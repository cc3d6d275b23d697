// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// The certificates that the cluster's CA signed, until some time after their end.
class CertificateStore {
public:
    virtual ~CertificateStore() = default;

    /// ALREADY_EXISTS: the serial is taken.
    virtual absl::Status add(const CertificateRecord& certificate) = 0;
    virtual absl::StatusOr<std::optional<CertificateRecord>> find(const std::string& serialHex) = 0;
    /// Newest first. In a writing transaction they are locked until its end: neither revoked nor
    /// listed there by another one meanwhile.
    virtual absl::StatusOr<std::vector<CertificateRecord>> listOf(const std::string& role,
                                                                  const std::string& name) = 0;
    /// Of every name, by name, newest first.
    virtual absl::StatusOr<std::vector<CertificateRecord>> list(const std::string& role) = 0;
    /// One of them. NOT_FOUND; revoked already is OK, and stays as it was.
    virtual absl::Status revoke(const std::string& serialHex, base::WallTime now,
                                const std::string& reason) = 0;
    /// All of them that are not revoked yet; how many.
    virtual absl::StatusOr<std::uint64_t> revokeAllOf(const std::string& role,
                                                      const std::string& name, base::WallTime now,
                                                      const std::string& reason) = 0;
    /// Serials that are revoked and would still be valid at `now`.
    virtual absl::StatusOr<std::vector<std::string>> revokedSerials(base::WallTime now) = 0;
    /// Forgets those that ended before; how many.
    virtual absl::StatusOr<std::uint64_t> prune(base::WallTime before) = 0;
};

}  // namespace ifrit::master::storage
