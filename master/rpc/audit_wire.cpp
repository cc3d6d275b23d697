// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/audit_wire.h"

namespace ifrit::master::rpc {

v1::AuditRow toWire(const storage::AuditRow& row) {
    const storage::AuditEntry& entry = row.entry;
    v1::AuditRow out;
    out.set_id(row.id);
    out.set_cluster(row.cluster);
    out.set_at_ms(base::toUnixMillis(entry.at));
    out.set_actor(entry.actor);
    out.set_via(entry.via);
    out.set_address(entry.address);
    out.set_verb(entry.verb);
    out.set_object(entry.object);
    out.set_result(entry.result);
    out.set_reason(entry.reason);
    out.set_before(entry.before);
    out.set_after(entry.after);
    out.set_request_id(entry.requestId);
    out.set_error(entry.error);
    out.set_previous_hash(row.previousHash);
    out.set_hash(row.hash);
    return out;
}

}  // namespace ifrit::master::rpc
