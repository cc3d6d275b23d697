// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "master/audit/audit_trail.h"
#include "master/auth/signer.h"
#include "master/services/audit_log.h"
#include "master/storage/database.h"

namespace ifrit::master::app {

/// The audit as operators read it, with heads that this master signs. Thread-safe.
class DatabaseAuditLog final : public services::AuditLog {
public:
    /// All of them outlive it.
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        auth::Signer& signer;
        std::string cluster;
        const base::Clock& clock;
    };
    explicit DatabaseAuditLog(Parts parts) : m_parts(std::move(parts)) {}

    absl::StatusOr<std::vector<services::AuditRow>> list(
        const services::AuditQuery& query) override;
    absl::StatusOr<services::AuditCheck> verify(const std::set<std::uint64_t>& rows,
                                                const IsGone& isGone) override;
    absl::StatusOr<services::AuditHeadAnswer> head(const std::set<std::uint64_t>& rows) override;
    absl::StatusOr<std::vector<storage::AuditRow>> read(std::uint64_t afterId,
                                                        std::size_t limit) override;

private:
    absl::StatusOr<ifrit::audit::SignedHead> sign(const storage::AuditHead& head);

    const Parts m_parts;
    std::atomic<bool> m_isVerifying = false;
};

}  // namespace ifrit::master::app
