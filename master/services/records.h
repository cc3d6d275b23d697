// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "master/release/stages.h"
#include "master/storage/records.h"

namespace ifrit::master::services {

using storage::AuditEntry;
using storage::MachineReport;
using storage::PackageRecord;
using storage::PublisherKeyRecord;
using storage::RequestRecord;
using storage::StoredEvent;
using storage::StoredMachine;

/// What the caller of a change believes that it changes; what is not given is not checked.
struct Expectation {
    std::optional<std::uint64_t> machines;
    std::uint64_t generation = 0;  ///< at which it saw them; 0: not given
    /// Of a release: that was current where it looked.
    std::optional<release::StageKey> stage = std::nullopt;
    /// Of a release: how it stood where the caller looked.
    struct Standing {
        domain::ReleaseState state = domain::ReleaseState::Draft;
        std::uint64_t changeRevision = 0;
    };
    std::optional<Standing> standing = std::nullopt;
};

/// Who calls and why: what every changing use case is given.
struct Caller {
    std::string name;
    std::string address;
    std::string via;
    std::string requestId;
    std::string reason;
    Expectation expected = {};
};

}  // namespace ifrit::master::services
