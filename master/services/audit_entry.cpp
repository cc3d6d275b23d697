// SPDX-License-Identifier: Apache-2.0
#include "master/services/audit_entry.h"

#include <fmt/format.h>

namespace ifrit::master::services {

AuditEntry auditEntry(const Caller& caller, const std::string& verb, const std::string& object,
                      const std::string& result, base::WallTime at) {
    AuditEntry out;
    out.at = at;
    out.actor = caller.name;
    out.via = caller.via;
    out.address = caller.address;
    out.verb = verb;
    out.object = object;
    out.result = result;
    out.reason = caller.reason;
    out.requestId = caller.requestId;
    return out;
}

std::string stateJson(std::string_view state) {
    return fmt::format(R"({{"state":"{}"}})", state);
}

}  // namespace ifrit::master::services
