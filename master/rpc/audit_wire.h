// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ifrit/v1/audit.pb.h"
#include "master/storage/records.h"

namespace ifrit::master::rpc {

v1::AuditRow toWire(const storage::AuditRow& row);

}  // namespace ifrit::master::rpc
