// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "ifrit/v1/access.pb.h"
#include "master/storage/database.h"

namespace ifrit::master::rpc {

v1::Grant toWire(const domain::Grant& grant);
/// Where and when it is looked at.
struct GrantPlace {
    std::string cluster;
    base::WallTime now;
};
v1::Grant toWire(const storage::GrantRecord& record, const GrantPlace& here);
v1::Certificate toWire(const storage::CertificateRecord& record);
v1::Token toWire(const storage::SessionRecord& record);
v1::User toWire(const storage::OperatorRecord& record);
absl::StatusOr<storage::OperatorRole> fromWire(v1::UserRole role);
/// Texts within their limits, "*" for what is empty; `id` is not taken.
absl::StatusOr<domain::Grant> fromWire(const v1::Grant& grant);

}  // namespace ifrit::master::rpc
