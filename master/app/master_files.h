// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <string>

#include "shared/crypto/certificates.h"

namespace ifrit::master::app {

/// Where a master keeps what, all below one directory that only its user can enter.
class MasterFiles {
public:
    explicit MasterFiles(std::filesystem::path directory) : m_directory(std::move(directory)) {}

    const std::filesystem::path& directory() const { return m_directory; }
    std::filesystem::path config() const { return m_directory / "master.toml"; }
    std::filesystem::path database() const { return m_directory / "cluster.db"; }
    std::filesystem::path packages() const { return m_directory / "packages"; }
    std::filesystem::path caCertificate() const { return m_directory / "ca.pem"; }
    std::filesystem::path caKey() const { return m_directory / "ca.key.pem"; }
    std::filesystem::path serverCertificate() const { return m_directory / "server.pem"; }
    std::filesystem::path serverKey() const { return m_directory / "server.key.pem"; }
    std::filesystem::path adminBundle() const { return m_directory / "admin.bundle"; }
    /// "host:port" of the serving process; written when it is ready.
    std::filesystem::path endpoint() const { return m_directory / "run" / "endpoint"; }

    /// The same of https for monitoring, where the configuration asks for it.
    std::filesystem::path metricsEndpoint() const { return m_directory / "run" / "metrics"; }
    /// Is there while an operator's freeze stands.
    std::filesystem::path freeze() const { return m_directory / "frozen.toml"; }

    /// Held by the serving process.
    std::filesystem::path lock() const { return m_directory / "run" / "lock"; }

    absl::StatusOr<crypto::Credentials> readCa() const;
    absl::StatusOr<crypto::Credentials> readServer() const;

private:
    std::filesystem::path m_directory;
};

}  // namespace ifrit::master::app
