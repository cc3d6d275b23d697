// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "master/services/records.h"

namespace ifrit::master::services {

/// A row for what `caller` did, or was refused; before, after and error are the caller's to add.
AuditEntry auditEntry(const Caller& caller, const std::string& verb, const std::string& object,
                      const std::string& result, base::WallTime at);
/// {"state":"running"}; `state` is one of our own names.
std::string stateJson(std::string_view state);

}  // namespace ifrit::master::services
