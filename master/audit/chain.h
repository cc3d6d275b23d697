// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/storage/records.h"
#include "shared/audit/chain.h"

namespace ifrit::master::audit {

/// The stored row as it is hashed and checked (shared/audit); `row` outlives it.
ifrit::audit::RowView viewOf(const storage::AuditRow& row);

/// The row that follows `head`.
storage::AuditRow link(const storage::AuditHead& head, const std::string& cluster,
                       storage::AuditEntry entry);

}  // namespace ifrit::master::audit
