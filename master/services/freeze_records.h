// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/services/records.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::services {

/// The freezes of the cluster in the database, each change with its row in the audit. It has no
/// state of its own; each call waits for the database, and returns its error where that does not
/// answer. Thread-safe.
class FreezeRecords {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        const base::Clock& clock;
    };
    explicit FreezeRecords(const Parts& parts) : m_parts(parts) {}

    /// The oldest that stands, and whether `known` is there and was lifted.
    struct Seen {
        std::optional<domain::FreezeMark> standing;
        bool lifted = false;
        bool recorded = false;
    };
    /// An empty id: of none that is known.
    absl::StatusOr<Seen> look(const std::string& knownId) const;
    /// Ok, too, where another master that held it was first.
    absl::Status store(const domain::FreezeMark& mark) const;
    /// Lifts all that stand, `waiting` ones included, which are recorded first.
    /// FAILED_PRECONDITION (NOT_FROZEN).
    absl::Status lift(const Caller& caller, const std::vector<domain::FreezeMark>& waiting) const;

private:
    absl::Status recordIn(storage::Transaction& in, const domain::FreezeMark& mark) const;

    const Parts m_parts;
};

}  // namespace ifrit::master::services
