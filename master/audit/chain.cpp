// SPDX-License-Identifier: Apache-2.0
#include "master/audit/chain.h"

#include <utility>

namespace ifrit::master::audit {

ifrit::audit::RowView viewOf(const storage::AuditRow& row) {
    const storage::AuditEntry& it = row.entry;
    return {row.id,           row.cluster, it.at,     it.actor,  it.via,   it.address,   it.verb,
            it.object,        it.result,   it.reason, it.before, it.after, it.requestId, it.error,
            row.previousHash, row.hash};
}

storage::AuditRow link(const storage::AuditHead& head, const std::string& cluster,
                       storage::AuditEntry entry) {
    storage::AuditRow row;
    row.id = head.id + 1;
    row.cluster = cluster;
    row.entry = std::move(entry);
    row.previousHash = head.hash;
    row.hash = ifrit::audit::hashOf(viewOf(row));
    return row;
}

}  // namespace ifrit::master::audit
