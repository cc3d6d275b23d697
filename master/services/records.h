// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/storage/records.h"

namespace ifrit::master::services {

using storage::AuditEntry;
using storage::MachineReport;
using storage::PackageRecord;
using storage::PublisherKeyRecord;
using storage::RequestRecord;
using storage::StoredEvent;
using storage::StoredMachine;

/// Who calls and why: what every changing use case is given.
struct Caller {
    std::string name;
    std::string address;
    std::string via;
    std::string requestId;
    std::string reason;
};

}  // namespace ifrit::master::services
