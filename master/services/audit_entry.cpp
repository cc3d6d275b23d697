// SPDX-License-Identifier: Apache-2.0
#include "master/services/audit_entry.h"

#include <fmt/format.h>

#include "shared/domain/enum_names.h"

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

std::string standingJson(const domain::Release& release) {
    std::string out = fmt::format(R"({{"state":"{}")", domain::nameOf(release.state));
    if (release.started) {
        out += fmt::format(R"(,"stage":"{}")", domain::nameOf(release.stage));
        if (release.stage == domain::StageKind::Batch)
            out += fmt::format(R"(,"batch":{})", release.batch);
    }
    return out + "}";
}

}  // namespace ifrit::master::services
