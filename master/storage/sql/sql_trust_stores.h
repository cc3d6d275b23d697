// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/certificate_store.h"
#include "master/storage/operator_store.h"
#include "master/storage/settings_store.h"
#include "master/storage/sql/connection.h"
#include "master/storage/token_store.h"

namespace ifrit::master::storage::sql {

/// Tables operators and sessions.
class SqlOperatorStore final : public OperatorStore {
public:
    explicit SqlOperatorStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::optional<OperatorRecord>> find(const std::string& name) override;
    absl::StatusOr<std::vector<OperatorRecord>> list() override;
    absl::Status add(const OperatorRecord& person) override;
    absl::Status update(const OperatorRecord& person) override;
    absl::Status erase(const std::string& name) override;
    absl::Status putSession(const SessionRecord& session) override;
    absl::StatusOr<std::optional<SessionRecord>> findSession(const std::string& tokenHash) override;
    absl::StatusOr<std::vector<SessionRecord>> listSessions() override;
    absl::Status eraseSession(const std::string& tokenHash) override;
    absl::Status eraseSessionsOf(const std::string& operatorName) override;
    absl::Status eraseSessionsExpiredBy(base::WallTime now) override;

private:
    absl::StatusOr<std::vector<OperatorRecord>> select(const std::string& rest,
                                                       const Values& values);
    absl::StatusOr<std::vector<SessionRecord>> selectSessions(const std::string& rest,
                                                              const Values& values);

    Connection& m_connection;
};

/// Table join_tokens.
class SqlTokenStore final : public TokenStore {
public:
    explicit SqlTokenStore(Connection& connection) : m_connection(connection) {}

    absl::Status add(const JoinTokenRecord& token) override;
    absl::StatusOr<std::optional<JoinTokenRecord>> find(const std::string& tokenHash) override;
    absl::StatusOr<bool> consume(const std::string& tokenHash, const Use& use,
                                 base::WallTime now) override;
    absl::StatusOr<std::uint64_t> prune(base::WallTime before) override;

private:
    Connection& m_connection;
};

/// Table certificates.
class SqlCertificateStore final : public CertificateStore {
public:
    explicit SqlCertificateStore(Connection& connection) : m_connection(connection) {}

    absl::Status add(const CertificateRecord& certificate) override;
    absl::StatusOr<std::optional<CertificateRecord>> find(const std::string& serialHex) override;
    absl::StatusOr<std::vector<CertificateRecord>> listOf(const std::string& role,
                                                          const std::string& name) override;
    absl::StatusOr<std::vector<CertificateRecord>> list(const std::string& role) override;
    absl::Status revoke(const std::string& serialHex, base::WallTime now,
                        const std::string& reason) override;
    absl::StatusOr<std::uint64_t> revokeAllOf(const std::string& role, const std::string& name,
                                              base::WallTime now,
                                              const std::string& reason) override;
    absl::StatusOr<std::vector<std::string>> revokedSerials(base::WallTime now) override;
    absl::StatusOr<std::uint64_t> prune(base::WallTime before) override;

private:
    absl::StatusOr<std::vector<CertificateRecord>> select(const std::string& rest,
                                                          const Values& values);

    Connection& m_connection;
};

/// Table cluster.
class SqlSettingsStore final : public SettingsStore {
public:
    explicit SqlSettingsStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<ClusterSettings> get() override;
    absl::Status create(const ClusterSettings& settings) override;
    absl::Status putRing(const domain::RingSpec& ring) override;

private:
    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
