// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/services/records.h"
#include "shared/domain/release.h"

namespace ifrit::master::services {

/// A row for what `caller` did, or was refused; before, after and error are the caller's to add.
AuditEntry auditEntry(const Caller& caller, const std::string& verb, const std::string& object,
                      const std::string& result, base::WallTime at);
/// {"state":"running","stage":"batch","batch":3}: a row of a promote would else not say what it
/// opened. A draft has no stage yet.
std::string standingJson(const domain::Release& release);

}  // namespace ifrit::master::services
