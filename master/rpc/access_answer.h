// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"
#include "shared/domain/grant.h"

namespace ifrit::master::rpc {

/// "May X do Y, and why."
struct AccessAnswer {
    bool isAllowed = false;
    std::string message;
    std::vector<domain::Grant> grants;  ///< that opened it, as far as it is open
};

struct AccessQuestion {
    std::string user;
    std::optional<storage::OperatorRecord> person;  ///< nullopt: there is nobody of that name
    std::vector<domain::Grant> grants;              ///< of that user
    std::string cluster;
    domain::Touch touch;
    base::WallTime now{};
};

/// By the same rule as the calls themselves (method_table.h, domain::missingOf). Pure.
AccessAnswer explainAccess(const AccessQuestion& question);

/// Whether some method asks for it; "release.act" is none.
bool isPermission(const std::string& permission);

}  // namespace ifrit::master::rpc
